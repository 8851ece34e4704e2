"""What the panel beside the form says: what is up to standard, what is missing, in words, from the saved state."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from patrols import standards
from patrols.duties import entry_due_on
from patrols.models import Visit
from patrols.same_doors import days_of_same_doors
from patrols.visit_checks import day_mistake


@dataclass(frozen=True)
class PanelLine:
    """One thing a visit should have. `pattern` holds {count} for the script that keeps the line up to date."""

    key: str
    is_met: bool
    text: str
    minimum: int = 1
    pattern: str = ""
    is_standard: bool = False


def panel(visit: Visit) -> list[PanelLine]:
    """The requirements of the standard first, then what handing in demands."""
    counts = standards.counts_of(visit)
    lines = []
    for requirement in standards.REQUIREMENTS:
        count, minimum = counts[requirement.count], counts[requirement.minimum]
        sentence = str(requirement.lacking)
        lines.append(
            PanelLine(
                key=requirement.count,
                is_met=count >= minimum,
                text=sentence % {"count": count, "minimum": minimum},
                minimum=minimum,
                pattern=sentence % {"count": "{count}", "minimum": minimum},
                is_standard=True,
            )
        )
    photo = visit.photo_count >= visit.min_photos or bool(visit.photo_waiver)
    return [
        *lines,
        PanelLine("times", bool(visit.started_at and visit.ended_at), _("time of arrival and of leaving")),
        PanelLine("summary", bool(visit.summary), _("a few sentences on what was done")),
        PanelLine("photo", photo, _photo_words(visit.min_photos), visit.min_photos),
    ]


def _photo_words(minimum: int) -> str:
    if minimum < 2:
        return _("a photo, or a word on why there is none")
    return _("%(minimum)s photos, or a word on why there are fewer") % {"minimum": minimum}


def doors_hint(visit: Visit) -> str:
    """A hint, when as many doors as the norm asks were called on at the last visits too; never a refusal."""
    days = days_of_same_doors(visit, [call.label for call in visit.calls.select_related("household")])
    if not days:
        return ""
    words = {"days": "、".join(f"{day:%Y-%m-%d}" for day in days)}
    return _("The same doors as on %(days)s. Perhaps others have waited longer.") % words


def late_hint(visit: Visit) -> str:
    """That the log will be marked as entered late; handing in is not hindered by it."""
    if visit.submitted_at is not None or day_mistake(visit):
        return ""
    due_on = entry_due_on(visit.visited_on)
    if timezone.localdate() <= due_on:
        return ""
    return _("Logs of this day were due by %(due_on)s. This one will be marked as entered late.") % {"due_on": due_on}
