"""The weekly briefing (每周通报治安情况, R8): written, given, taken back when that was a mistake.

There is one briefing for each village and week; whoever of the village's police opens its page writes the same one. In
a month that is locked nothing of it changes any more. What giving it counts for stands in patrols/metrics.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.briefings.figures import existed_in, figures_for
from patrols.briefings.names import residents_named
from patrols.choices import BriefingState
from patrols.models import Briefing, BriefingGiver
from patrols.months import require_open
from villages.models import Assignment, Officer, Village
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.periods import Week
from xinjin.races import one_winner


@dataclass(frozen=True)
class Giving:
    """How the village heard it."""

    given_on: date
    ways: tuple[str, ...]
    givers: Collection[Officer]
    audience: str = ""
    people_count: int | None = None


def save_briefing(*, by: Any, village: Village, week: Week, revision: int, text: str) -> Briefing:
    """Stores the text as a draft. A writer who has not seen the latest text loses with both texts (Conflict)."""
    with one_winner():
        require_open(week.start)
        briefing = _held(village, week)
        if briefing.pk is not None and briefing.text == text and not briefing.is_given:
            return briefing
        _write(briefing, revision, text)
        _require_nobody_named(village, text=text)
        return _store(by, briefing, "save")


def give_briefing(*, by: Any, village: Village, week: Week, revision: int, text: str, giving: Giving) -> Briefing:
    """The village has heard it: text and figures stand as they are, and the week's duty is done for who gave it.

    Saying the same a second time is the same briefing.
    """
    with one_winner():
        require_open(week.start)
        briefing = _held(village, week)
        if briefing.is_given and briefing.text == text and _says(briefing, giving):
            return briefing
        _write(briefing, revision, text)
        _require_nobody_named(village, text=text, audience=giving.audience)
        held = _check(briefing, week, giving)
        briefing.state, briefing.given_on = BriefingState.GIVEN, giving.given_on
        briefing.ways, briefing.people_count = list(giving.ways), giving.people_count
        briefing.audience = giving.audience.strip()
        briefing.figures = figures_for([village], week)[village.pk].as_json()
        _store(by, briefing, "give", {"givers": sorted(row.officer.number for row in held)})
        BriefingGiver.objects.bulk_create(
            BriefingGiver(briefing=briefing, officer=row.officer, assignment=row, given_on=giving.given_on)
            for row in held
        )
    return briefing


def take_back(*, by: Any, briefing: Briefing, reason: str) -> Briefing:
    """It was not given after all, or not so: a draft again, and nothing counts until it is given."""
    if not reason.strip():
        raise ValidationError({"reason": _("A reason is needed.")})
    with transaction.atomic():
        require_open(briefing.starts_on)
        held = _held(briefing.village, briefing.week)
        if not held.is_given:
            raise Conflict(_("The briefing is a draft by now."))
        held.givers.all().delete()
        held.state, held.given_on, held.figures = BriefingState.DRAFT, None, {}
        held.revision += 1
        return _store(by, held, "take back", {"reason": reason.strip()[:200]})


def _held(village: Village, week: Week) -> Briefing:
    """The briefing as it stands now, held until the commit; a new one when there is none."""
    rows = Briefing.objects.select_for_update(of=("self",)).select_related("village")
    found = rows.filter(village=village, starts_on=week.start).first()
    if found is None:  # two who begin at once write one after the other
        Village.objects.select_for_update(no_key=True).get(pk=village.pk)
        found = rows.filter(village=village, starts_on=week.start).first()
    return found or Briefing(village=village, starts_on=week.start)


def _write(briefing: Briefing, revision: int, text: str) -> None:
    """Takes the text over; a text that is stored already is no conflict, however stale the page."""
    theirs = {str(_("Text of the briefing")): briefing.text}
    mine = {str(_("Text of the briefing")): text}
    if briefing.is_given:
        raise Conflict(_("The briefing has been given already."), mine=mine, theirs=theirs)
    if briefing.text == text:
        return
    if revision != briefing.revision:
        raise Conflict(_("The briefing was changed elsewhere in the meantime."), mine=mine, theirs=theirs)
    briefing.text = text
    briefing.revision += 1


def _require_nobody_named(village: Village, **texts: str) -> None:
    """What hangs on a notice board names nobody. Raises ValidationError by field."""
    message = _("A briefing names no person. Leave out: %(names)s.")
    found = {field: residents_named(village, text) for field, text in texts.items() if text}
    wrong = {field: message % {"names": _(", ").join(names)} for field, names in found.items() if names}
    if wrong:
        raise ValidationError(wrong)


def _store(by: Any, briefing: Briefing, act: str, detail: dict[str, Any] | None = None) -> Briefing:
    if not existed_in(briefing.village, briefing.week):
        raise ValidationError(_("The village did not exist in this week."))
    if briefing.starts_on > timezone.localdate():
        raise ValidationError(_("This week has not begun yet."))
    briefing.saved_at = timezone.now()
    briefing.full_clean(validate_unique=False)
    briefing.save()
    record(by, act, briefing, {"revision": briefing.revision, **(detail or {})})
    return briefing


def _says(briefing: Briefing, giving: Giving) -> bool:
    givers = set(briefing.givers.values_list("officer", flat=True))
    return (briefing.given_on, tuple(briefing.ways), briefing.audience, briefing.people_count, givers) == (
        giving.given_on,
        tuple(giving.ways),
        giving.audience.strip(),
        giving.people_count,
        {officer.pk for officer in giving.givers},
    )


def _check(briefing: Briefing, week: Week, giving: Giving) -> list[Assignment]:
    """The places that it counts for, or everything that is wrong with how it was given."""
    wrong: dict[str, str] = {}
    if giving.given_on not in week:
        wrong["given_on"] = _("A briefing is given in its week.")
    elif giving.given_on > timezone.localdate():
        wrong["given_on"] = _("The date lies in the future.")
    if not giving.ways:
        wrong["ways"] = _("Say how it was given.")
    there = Assignment.objects.on(giving.given_on).filter(village=briefing.village, officer__in=giving.givers)
    held = list(there.select_related("officer").order_by("slot", "pk"))
    if not giving.givers:
        wrong["givers"] = _("Say who gave it.")
    elif {row.officer_id for row in held} != {officer.pk for officer in giving.givers}:
        wrong["givers"] = _("It is given by those who hold the village on that day.")
    if wrong:
        raise ValidationError(wrong)
    return held
