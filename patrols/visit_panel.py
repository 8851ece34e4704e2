"""What the panel beside the form says: what is up to standard, what is missing, in words, from the saved state."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from patrols import standards
from patrols.models import Visit


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
