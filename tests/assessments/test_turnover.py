"""Who holds what changes inside a month, villages merge: each is scored by his own weeks, the past stays (R1, R18)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import monthly
from assessments.card_store import differing
from assessments.cards import facts_of
from assessments.models import Assessment
from patrols.coverage import build
from patrols.wall import CellState
from tests.assessments.factories import make_locked_month, make_rubric, openable, work_week
from tests.factories import make_officer, make_station_side
from villages.assignments import hand_over
from villages.mergers import merge_villages
from villages.models import Village

pytestmark = pytest.mark.django_db


def visits_of(month, officer) -> list[int]:
    """[weeks with a visit, weeks owed] on his card."""
    fact = facts_of(Assessment.objects.get(month=month.key, officer=officer))["A1"]
    return [fact.done, fact.owed]


def states(village, month) -> set[CellState]:
    wall = build(Village.objects.filter(pk=village.pk), month.counted, today=timezone.localdate())
    return {cell.state for cell in wall.rows[0].cells}


def test_hand_over_in_mid_month_gives_each_his_own_weeks():
    make_rubric()
    side, month = make_station_side(), openable()
    weeks, successor = month.weeks(), make_officer()
    hand_over(by=None, village=side.village, officer=successor, start_on=weeks[2].start)
    for number, week in enumerate(weeks):
        work_week(side.officers[0] if number < 2 else successor, side.village, week)
    monthly.open_month(by=None, month=month)
    assert visits_of(month, side.officers[0]) == [2, 2]
    assert visits_of(month, successor) == [len(weeks) - 2] * 2
    assert states(side.village, month) == {CellState.MET}


def test_merger_in_mid_month_ends_what_is_owed_for_the_old_village():
    make_rubric()
    side, month = make_station_side(), openable()
    source, target = side.villages
    weeks = month.weeks()
    for number, week in enumerate(weeks):
        if number < 2:
            work_week(side.officers[0], source, week)
        work_week(side.officers[1], target, week)
    merge_villages(by=None, sources=[source], target=target, day=weeks[2].start)
    monthly.open_month(by=None, month=month)
    assert visits_of(month, side.officers[0]) == [2, 2]
    assert visits_of(month, side.officers[1]) == [len(weeks)] * 2
    assert states(target, month) == {CellState.MET}
    assert states(Village.objects.get(pk=source.pk), month) == {CellState.MET, CellState.ABSENT}


def test_locked_month_is_not_touched_by_a_later_merger():
    opened = make_locked_month()
    source, target = opened.own.villages
    before = list(Assessment.objects.order_by("pk").values())
    merge_villages(by=None, sources=[source], target=target, day=opened.month.counted.end + timedelta(days=1))
    assert list(Assessment.objects.order_by("pk").values()) == before
    assert differing(opened.row.assessments.all(), monthly.current_cards(opened.row)) == []
