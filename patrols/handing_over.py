"""What of the visits passes when a place or a village changes hands, and who is told of the note (R1).

A log is what its author testifies of a day on which he was there. So what he has begun to write stays his, drafts and
returned logs alike: he held the place on their day and hands them in as before. Only a draft opened for a day on which
the place is already his successor's, and in which nothing is written yet, is no testimony but a plan; it passes on, for
its opener could never hand it in.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from patrols.cases.people import move_cases, pass_cases
from patrols.choices import OPEN_STATES, NoticeKind, VisitState
from patrols.councils import move_measures, pass_measures
from patrols.inbox import leave_notice, settle
from patrols.models import Attendee, Visit
from villages import changing_hands
from villages.changing_hands import Matter, Moment
from villages.models import Assignment, HandOverNote, Village
from xinjin.audit.trail import record


def pass_visits(by: Any, ended: Assignment, begun: Assignment) -> list[Matter]:
    """Empty drafts of the successor's days become his; the note names the logs that the predecessor still owes."""
    mine = Visit.objects.filter(officer=ended.officer, village=ended.village_id, state__in=OPEN_STATES)
    plans = mine.filter(state=VisitState.DRAFT, revision=0, visited_on__gte=begun.start_on, summary="")
    for visit in plans.filter(photos=None, calls=None, deeds=None, activities=None, base_info=None).select_for_update(
        of=("self",)
    ):
        visit.attendees.all().delete()
        visit.officer = begun.officer
        visit.save(update_fields=["officer", "saved_at"])
        Attendee.objects.create(visit=visit, officer=begun.officer, visited_on=visit.visited_on)
        record(by, "pass_on", visit, {"changes": {"officer": [ended.officer_id, begun.officer_id]}})
    owed = mine.filter(visited_on__lt=begun.start_on).count()
    if not owed:
        return []
    words = _("Logs that the predecessor has not handed in yet: %(count)s") % {"count": owed}
    return [Matter(words, f"{reverse('visit_list')}?village={ended.village.code}")]


def pass_ledger(by: Any, ended: Assignment, begun: Assignment) -> list[Matter]:
    """The predecessor's open cases in the village become the successor's (R6)."""
    passed = pass_cases(by=by, village=ended.village, from_officer=ended.officer, to_officer=begun.officer)
    if not passed:
        return []
    words = _("Cases taken over: %(count)s") % {"count": passed}
    return [Matter(words, f"{reverse('ledger')}?village={ended.village.code}")]


def pass_council(by: Any, ended: Assignment, begun: Assignment) -> list[Matter]:
    """The predecessor's open measures of the village's councils become the successor's (R12)."""
    passed = pass_measures(by=by, village=ended.village, from_officer=ended.officer, to_officer=begun.officer)
    if not passed:
        return []
    words = _("Measures of councils taken over: %(count)s") % {"count": passed}
    return [Matter(words, f"{reverse('measure_list')}?village={ended.village.code}&state=open")]


def keep_visits(by: Any, source: Village, target: Village, day: date) -> None:
    """Logs keep the village of their day, so there must be none of a day on which it is another village already."""
    late = Visit.objects.filter(village=source, visited_on__gte=day).order_by("-visited_on").first()
    if late is not None:
        raise ValidationError(
            {
                "day": _("%(village)s has a log of %(day)s: merge it from a later day on.")
                % {"village": source.name, "day": f"{late.visited_on:%Y-%m-%d}"}
            }
        )


def move_ledger(by: Any, source: Village, target: Village, day: date) -> None:
    """Open cases go on in the merged village; those that are closed keep the village of their day."""
    move_cases(by=by, source=source, target=target)


def move_council(by: Any, source: Village, target: Village, day: date) -> None:
    """Open measures come back in the councils of the merged village; councils keep the village of their day."""
    move_measures(by=by, source=source, target=target, day=day)


def tell(note: HandOverNote, moment: Moment) -> None:
    """The successor is asked to confirm, the predecessor for his note while it is empty."""
    url, name = note.get_absolute_url(), note.village.name
    if moment == Moment.CONFIRMED:
        settle(note.taker, NoticeKind.HAND_OVER, url=url)
        settle(note.giver, NoticeKind.HAND_OVER_NOTE, url=url)
    elif moment == Moment.WRITTEN:
        settle(note.giver, NoticeKind.HAND_OVER_NOTE, url=url)
    else:
        leave_notice(note.taker, NoticeKind.HAND_OVER, name=name, url=url)
        if not note.text:
            leave_notice(note.giver, NoticeKind.HAND_OVER_NOTE, name=name, url=url)


changing_hands.register(pass_visits)
changing_hands.register(pass_ledger)
changing_hands.register(pass_council)
changing_hands.register_mover(keep_visits)
changing_hands.register_mover(move_ledger)
changing_hands.register_mover(move_council)
changing_hands.register_teller(tell)
