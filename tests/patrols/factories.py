"""Rows of visits for tests. What is not asked for is not made; nothing goes through a verb."""

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from patrols.choices import CouncilState, VisitState
from patrols.entries import ActivityEntry, CallEntry, DeedEntry, VisitEntry
from patrols.models import Attendee, CouncilAttendee, CouncilMeasure, CouncilMeeting, HouseholdCall, Visit
from tests.factories import make_household
from villages.models import Assignment, Officer, Village
from xinjin.periods import Month


def yesterday() -> date:
    """The day before today."""
    return timezone.localdate() - timedelta(days=1)


def make_visit(officer: Officer, village: Village, *, households: int = 0, deeds: int = 0, **fields: Any) -> Visit:
    """A visit yesterday, 9 to 12; submitted and below standard with reasons unless told otherwise.

    `households` and `deeds` make that many parts and stamp their counts.
    """
    values = {
        "visited_on": yesterday(),
        "started_at": time(9),
        "ended_at": time(12),
        "summary": "走访农户，宣传反诈",
        "photo_waiver": "相机没电",
        "shortfall_reason": "下午抽调安保",
        "state": VisitState.SUBMITTED,
        "min_households": 5,
        "min_deeds": 1,
        "household_count": households,
        "deed_count": deeds,
        **fields,
    }
    if values["state"] != VisitState.DRAFT:
        values.setdefault("submitted_at", timezone.now())
    visit = Visit.objects.create(officer=officer, village=village, **values)
    held = Assignment.objects.on(visit.visited_on).filter(village=village, officer=officer).first()
    Attendee.objects.create(
        visit=visit,
        officer=officer,
        assignment=held,
        visited_on=visit.visited_on,
        is_counting=visit.state == VisitState.SUBMITTED,
    )
    for position in range(households):
        household = make_household(village)
        HouseholdCall.objects.create(
            visit=visit, household=household, called_on=visit.visited_on, position=position, raised=f"反映{position}"
        )
    for position in range(deeds):
        visit.deeds.create(
            visited_on=visit.visited_on, beneficiary="五保户", matter="修灯", result="修好", position=position
        )
    visit.refresh_from_db()
    return visit


def make_council(
    village: Village, held_on: date, *officers: Officer, situation: str = "平稳", **fields: Any
) -> CouncilMeeting:
    """A council that was held, written by the first of the `officers` who sat in it."""
    meeting = CouncilMeeting.objects.create(
        **{
            "village": village,
            "officer": officers[0],
            "held_on": held_on,
            "started_at": time(9),
            "ended_at": time(10),
            "place": "村委会",
            "chair": "村支书",
            "expected_count": 30,
            "present_count": 25,
            "agenda": "通报治安",
            "situation": situation,
            "situation_month": Month.counting(held_on).key,
            "state": CouncilState.HELD,
            "handed_in_at": timezone.now(),
            "figures": {"tally": {}, "as_of": held_on.isoformat(), "measures": []},
            **fields,
        }
    )
    for officer in officers:
        held = Assignment.objects.on(held_on).filter(village=village, officer=officer).first()
        CouncilAttendee.objects.create(
            meeting=meeting, officer=officer, assignment=held, held_on=held_on, is_counting=True,
            has_analysis=situation != "",
        )  # fmt: skip
    meeting.refresh_from_db()
    return meeting


def make_measure(meeting: CouncilMeeting, officer: Officer, **fields: Any) -> CouncilMeasure:
    """A measure of the meeting that `officer` has, due two weeks later."""
    due_on = meeting.held_on + timedelta(days=14)
    values = {"what": "夜间巡逻", "due_on": due_on, "village": meeting.village, "officer": officer, **fields}
    return CouncilMeasure.objects.create(meeting=meeting, **values)


def full_entry(village: Village, **changes: Any) -> VisitEntry:
    """An entry that may be handed in as it stands: five households, a deed, a screening, no photo with a reason."""
    values: dict[str, Any] = {
        "village": village,
        "visited_on": yesterday(),
        "started_at": time(9),
        "ended_at": time(11, 30),
        "calls": tuple(CallEntry(f"3组{number}号 王建国", "本人", ("safety",), "路灯不亮") for number in range(1, 6)),
        "deeds": (DeedEntry("张大爷", "代办社保卡", "done", "已送到家"),),
        "activities": (ActivityEntry("screening", nothing_found=True), ActivityEntry("briefing", 20, note="通报")),
        "summary": "入户五户，宣传反诈，排查矛盾纠纷。",
        "photo_waiver": "相机没电",
        **changes,
    }
    return VisitEntry(**values)
