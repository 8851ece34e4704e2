"""Measures of councils: they come back in the agenda of the next council until they are done or dropped (R12).

What follows a measure is recorded also when the month of its council is locked; nothing rests on it but the measure.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import MEASURE_MOVES, MeasureState, NoticeKind
from patrols.models import CouncilMeasure, CouncilMeeting, InboxItem
from villages.models import Officer, Village
from xinjin.audit.trail import record, record_many
from xinjin.errors import Conflict


def carried(meeting: CouncilMeeting) -> list[CouncilMeasure]:
    """The measures of earlier councils of which this one is told: those still open, those that ended since the last."""
    earlier = CouncilMeeting.objects.held().filter(village=meeting.village, held_on__lte=meeting.held_on)
    before = earlier.exclude(pk=meeting.pk).order_by("-held_on", "-handed_in_at").first()
    rows = CouncilMeasure.objects.agreed().filter(village=meeting.village, meeting__held_on__lte=meeting.held_on)
    rows = rows.exclude(meeting=meeting.pk)
    if before is not None:
        recent = Q(meeting=before) | Q(ended_on__gt=before.held_on)
        rows = rows.filter(Q(state=MeasureState.OPEN) | recent)
    return list(rows.select_related("officer", "contact", "meeting").order_by("due_on", "id"))


def snapshot(measure: CouncilMeasure) -> dict[str, Any]:
    """A measure as the council heard of it."""
    return {
        "what": measure.what,
        "owner": measure.owner_name,
        "due_on": measure.due_on.isoformat(),
        "state": measure.state,
        "result": measure.result,
    }


@transaction.atomic
def end_measure(
    *, by: Any, measure: CouncilMeasure, state: str, result: str, ended_on: date | None = None
) -> CouncilMeasure:
    """The measure is done, or dropped, with what came of it. Of two at once one wins, the other sees both texts."""
    day = ended_on or timezone.localdate()
    held = _locked(measure)
    if MeasureState(state) not in MEASURE_MOVES[MeasureState(held.state)]:
        mine = {str(MeasureState(state).label): result}
        theirs = {str(held.get_state_display()): f"{held.ended_on} {held.result}"}
        told = _("The measure is %(state)s by now.") % {"state": held.get_state_display()}
        raise Conflict(told, mine=mine, theirs=theirs)
    mistakes = {}
    if not result.strip():
        mistakes["result"] = _("Say what came of it.")
    if day > timezone.localdate():
        mistakes["ended_on"] = _("The date lies in the future.")
    elif day < held.meeting.held_on:
        mistakes["ended_on"] = _("The day lies before the meeting.")
    if mistakes:
        raise ValidationError(mistakes)
    held.state, held.result, held.ended_on = MeasureState(state), result.strip(), day
    held.ended_by, held.ended_at = by, timezone.now()
    held.full_clean(exclude=["meeting", "village", "officer", "contact", "ended_by"])
    held.save()
    InboxItem.objects.filter(
        reminder__kind=NoticeKind.MEASURE_DUE, reminder__period=reminder_key(held), done_at=None
    ).update(done_at=timezone.now())
    record(by, state, held, {"result": held.result})
    return held


def reminder_key(measure: CouncilMeasure) -> str:
    """Under which the reminders of a measure are unique."""
    return f"measure {measure.pk}"


def _locked(measure: CouncilMeasure) -> CouncilMeasure:
    rows = CouncilMeasure.objects.select_for_update(of=("self",)).select_related("meeting", "village")
    found = rows.filter(pk=measure.pk).first()
    if found is None:
        raise Conflict(_("The measure is no longer there."))
    return found


@transaction.atomic
def pass_measures(*, by: Any, village: Village, from_officer: Officer | None, to_officer: Officer) -> int:
    """A new holder of a place takes over the open measures of his predecessor in the village; returns how many."""
    if from_officer == to_officer:
        return 0
    rows = CouncilMeasure.objects.select_for_update(of=("self",)).filter(
        village=village, officer=from_officer, state=MeasureState.OPEN
    )
    measures = list(rows.order_by("pk")) if from_officer else []
    CouncilMeasure.objects.filter(pk__in=[measure.pk for measure in measures]).update(officer=to_officer)
    record_many(by, "pass_on", [(measure, {"officer": to_officer.pk}) for measure in measures])
    return len(measures)


@transaction.atomic
def move_measures(*, by: Any, source: Village, target: Village, day: date) -> int:
    """The open measures of a merged village come back in the councils of `target`; returns how many.

    A council is of a day on which its village existed.
    """
    late = CouncilMeeting.objects.held().filter(village=source, held_on__gte=day).order_by("-held_on").first()
    if late is not None:
        raise ValidationError(
            {
                "day": _("%(village)s held a council on %(day)s: merge it from a later day on.")
                % {"village": source.name, "day": f"{late.held_on:%Y-%m-%d}"}
            }
        )
    rows = CouncilMeasure.objects.select_for_update(of=("self",)).agreed()
    measures = list(rows.filter(village=source, state=MeasureState.OPEN).order_by("pk"))
    CouncilMeasure.objects.filter(pk__in=[measure.pk for measure in measures]).update(village=target)
    record_many(by, "move", [(row, {"changes": {"village": [source.pk, target.pk]}}) for row in measures])
    return len(measures)
