"""Who owes which week, against a plain day-by-day reading of the rule; and how much of it was done."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols import duties
from patrols.choices import ReportKind
from patrols.duties import DUTIES, Owed, Tally, monthly_tally, owed, weekly_tally
from patrols.metrics import METRICS
from tests.factories import make_assignment, make_officer, make_village
from villages.choices import AbsenceKind, OfficerKind, Slot
from villages.models import Absence
from xinjin.periods import Month, Span, Week
from xinjin.workdays.calendar import is_workday
from xinjin.workdays.models import WorkdayOverride

pytestmark = pytest.mark.django_db

# Spring festival (15th to 23rd off, 14th and 28th worked) and the weeks around it.
FIRST, LAST = date(2026, 2, 2), date(2026, 3, 15)
DAYS = st.dates(FIRST - timedelta(days=10), LAST + timedelta(days=10))
WIDE = Span(FIRST, LAST)


@st.composite
def holdings(draw):
    """Runs of days that do not overlap, from cuts in order; some runs stay unheld, the last may be open."""
    cuts = sorted(draw(st.lists(DAYS, min_size=2, max_size=6, unique=True)))
    runs = [(start, end - timedelta(days=1)) for start, end in zip(cuts, cuts[1:], strict=False)]
    runs.append((cuts[-1], None))
    return [run for run in runs if draw(st.booleans())]


def reference(start: date, end: date | None, absences: list[tuple[date, date]]) -> set[int]:
    """The rule as it is told, one day after the other."""
    found = set()
    for monday in (FIRST + timedelta(days=7 * number) for number in range(6)):
        worked = there = 0
        for offset in range(7):
            day = monday + timedelta(days=offset)
            if not is_workday(day):
                continue
            worked += 1
            held = start <= day and (end is None or day <= end)
            away = any(first <= day <= last for first, last in absences)
            there += held and not away
        if worked and there >= worked / 2:
            year, number, _day = monday.isocalendar()
            found.add(year * 100 + number)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=holdings(), away=st.lists(DAYS, max_size=4, unique=True), override=st.tuples(DAYS, st.booleans()))
def test_owed_weeks_agree_with_a_reading_day_by_day(runs, away, override):
    WorkdayOverride.objects.all().delete()
    WorkdayOverride.objects.create(day=override[0], is_workday=override[1])
    village, expected, away_of = make_village(), {}, {}
    cuts = sorted(away)
    for number, (start, end) in enumerate(runs):
        officer = make_officer(kind=OfficerKind.COMMUNITY, unit=village.station)
        absences = list(zip(cuts[::2], cuts[1::2], strict=False)) if number % 2 == 0 else []
        for first, last in absences:
            Absence.objects.create(officer=officer, kind=AbsenceKind.LEAVE, start_on=first, end_on=last)
        pk = make_assignment(village, officer, start, end).pk
        expected[pk], away_of[pk] = reference(start, end, absences), absences
    found = {item.assignment_id: set(item.weeks) for item in owed(WIDE, village_ids=[village.pk])}
    assert {pk: weeks for pk, weeks in found.items() if weeks} == {pk: weeks for pk, weeks in expected.items() if weeks}


def test_a_week_of_holidays_is_owed_by_nobody():
    make_assignment(make_village(), make_officer())
    weeks = owed(Span(date(2026, 2, 9), date(2026, 3, 1)))[0].weeks
    # Week 7 has a make-up Saturday, week 8 lies in the festival, week 9 begins in it.
    assert weeks == {202607, 202609}
    assert not [item for item in owed(Week(2026, 8)) if item.weeks]


def test_hand_over_in_mid_week_gives_the_week_to_who_is_there_longer():
    village = make_village()
    first = make_assignment(village, make_officer(), date(2026, 1, 1), date(2026, 3, 11))  # until Wednesday
    second = make_assignment(village, make_officer(), date(2026, 3, 12))
    found = {item.assignment_id: item.weeks for item in owed(Week(2026, 11))}
    assert found == {first.pk: {202611}, second.pk: frozenset()}


def test_report_due_days_skip_holidays():
    assert duties.report_due_on(ReportKind.WEEKLY, Week(2026, 47)) == date(2026, 11, 23)
    assert duties.report_due_on(ReportKind.WEEKLY, Week(2026, 7)) == date(2026, 2, 24)
    assert duties.report_due_on(ReportKind.MONTHLY, Month(2026, 9)) == date(2026, 10, 9)


def test_officers_owing_knows_only_those_with_an_owed_week():
    there, gone = make_officer(), make_officer()
    make_assignment(make_village(), there)
    make_assignment(make_village(), gone, date(2026, 1, 1), date(2026, 10, 31))
    assert duties.officers_owing(Week(2026, 47)) == {there.pk}


def owing(*weeks: int) -> Owed:
    return Owed(1, 1, 1, Slot.OFFICER, frozenset(weeks))


def test_more_in_one_week_does_not_make_up_for_another():
    assert weekly_tally(owing(202610, 202611), {(1, 202610): 3}) == Tally(1, 2)
    assert weekly_tally(owing(202610, 202611), {(1, 202610): 3, (1, 202612): 1}, target=5) == Tally(3, 10)


def test_running_week_counts_as_far_as_it_is_done():
    counts = {(1, 202610): 1}
    assert weekly_tally(owing(202610, 202611, 202612), counts, running=202611) == Tally(1, 1)
    assert weekly_tally(owing(202610, 202611), {**counts, (1, 202611): 1}, running=202611) == Tally(2, 2)


def test_monthly_duty_is_owed_once_and_never_more_than_the_weeks_owed():
    weeks = (202610, 202611, 202612)
    assert monthly_tally(owing(*weeks), {(1, 202612): 2}, minimum=2) == Tally(2, 2)
    assert monthly_tally(owing(*weeks), {(1, 202612): 1}, minimum=2) == Tally(1, 2)
    assert monthly_tally(owing(*weeks), {(1, 202612): 1}, minimum=2, running=202612) == Tally(1, 1)
    assert monthly_tally(owing(202610), {}, minimum=2) == Tally(0, 1)
    assert monthly_tally(owing(), {}, minimum=2) == Tally(0, 0)


def test_every_duty_is_fulfilled_by_a_known_fact():
    assert {duty.metric for duty in DUTIES} <= METRICS.keys()
