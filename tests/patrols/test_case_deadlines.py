"""The days of a case, as a table that the brigade can read; 2026 and the turn to 2027."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.cases.clock import working_calendar
from patrols.choices import CaseLevel
from patrols.ledger.deadlines import (
    Calendar,
    Days,
    LineKind,
    due_on,
    explain,
    is_higher,
    proposed_level,
    raised,
)
from xinjin.workdays.calendar import read_once
from xinjin.workdays.models import WorkdayOverride

W, D = "workdays", "days"


def day(text: str) -> date:
    return date.fromisoformat(text)


# (from, limit, counted in, last day, what the explanation names besides start, limit and end)
TABLE_2026 = [
    # an ordinary week: Monday, seven working days
    ("2026-03-02", 7, W, "2026-03-11", []),
    # New Year 1–3 January, Sunday 4 January worked
    ("2025-12-31", 1, W, "2026-01-04", ["holiday 2026-01-01 2026-01-03", "make_up 2026-01-04 2026-01-04"]),
    # Spring Festival 15–23 February, Saturdays 14 and 28 February worked
    ("2026-02-13", 1, W, "2026-02-14", ["make_up 2026-02-14 2026-02-14"]),
    ("2026-02-13", 2, W, "2026-02-24", ["make_up 2026-02-14 2026-02-14", "holiday 2026-02-15 2026-02-23"]),
    ("2026-02-24", 4, W, "2026-02-28", ["make_up 2026-02-28 2026-02-28"]),
    # Qingming 4–6 April
    ("2026-04-03", 1, W, "2026-04-07", ["holiday 2026-04-04 2026-04-06"]),
    # Labour Day 1–5 May, Saturday 9 May worked
    ("2026-04-30", 7, W, "2026-05-13", ["holiday 2026-05-01 2026-05-05", "make_up 2026-05-09 2026-05-09"]),
    # Dragon Boat 19–21 June
    ("2026-06-18", 1, W, "2026-06-22", ["holiday 2026-06-19 2026-06-21"]),
    # Sunday 20 September worked, Mid-Autumn 25–27 September
    ("2026-09-18", 1, W, "2026-09-20", ["make_up 2026-09-20 2026-09-20"]),
    ("2026-09-24", 1, W, "2026-09-28", ["holiday 2026-09-25 2026-09-27"]),
    # National Day 1–7 October, Saturday 10 October worked
    ("2026-09-30", 3, W, "2026-10-10", ["holiday 2026-10-01 2026-10-07", "make_up 2026-10-10 2026-10-10"]),
    # days that end on a day off go on to the next working day
    ("2026-03-02", 15, D, "2026-03-17", []),
    ("2026-04-19", 15, D, "2026-05-06", ["moved 2026-05-04 2026-05-06"]),
    ("2026-04-24", 15, D, "2026-05-09", []),
    ("2026-09-05", 30, D, "2026-10-08", ["moved 2026-10-05 2026-10-08"]),
    ("2026-05-02", 7, D, "2026-05-09", []),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "count", "unit", "last", "told"), TABLE_2026)
def test_day_of_2026_and_its_reasons(start, count, unit, last, told):
    with read_once():
        calendar = working_calendar()
        found = explain(day(start), count, unit, calendar)
        assert found.due_on == due_on(day(start), count, unit, calendar) == day(last)
    middle = [line for line in found.lines if line.kind not in (LineKind.START, LineKind.LIMIT, LineKind.END)]
    assert [f"{line.kind} {line.days.start} {line.days.end}" for line in middle] == told


@pytest.mark.django_db
@pytest.mark.parametrize(
    "made_up", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_each_make_up_day_of_2026_counts(made_up):
    calendar = working_calendar()
    worked = day(made_up)
    assert worked.weekday() >= 5
    assert due_on(worked - timedelta(days=1), 1, W, calendar) == worked


@pytest.mark.django_db
def test_unknown_year_counts_monday_to_friday_and_says_so():
    calendar = working_calendar()
    found = explain(day("2026-12-30"), 3, W, calendar)
    assert found.due_on == day("2027-01-04")  # 31 December, 1 January (a Friday), 4 January
    assert [line.count for line in found.lines if line.kind == LineKind.UNKNOWN_YEAR] == [2027]
    WorkdayOverride.objects.create(day=day("2027-01-01"), is_workday=False)
    found = explain(day("2026-12-30"), 3, W, working_calendar())
    assert found.due_on == day("2027-01-05")
    assert [line.kind for line in found.lines if line.kind == LineKind.UNKNOWN_YEAR] == []


WEEKDAYS = Calendar(lambda each: each.weekday() < 5)
DAY = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    start=DAY,
    count=st.integers(1, 40),
    off=st.sets(DAY, max_size=30),
    pauses=st.lists(st.tuples(DAY, st.integers(0, 20)), max_size=3),
)
def test_working_days_between_are_exactly_the_limit(start, count, off, pauses):
    calendar = Calendar(lambda each: each.weekday() < 5 and each not in off)
    spans = [Days(first, first + timedelta(days=length)) for first, length in pauses]
    last = due_on(start, count, W, calendar, spans)
    between = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    counted = [each for each in between if calendar.is_workday(each) and not any(each in span for span in spans)]
    assert len(counted) == count
    assert counted[-1] == last


@given(start=DAY, count=st.integers(1, 40), unit=st.sampled_from([W, D]), first=DAY, length=st.integers(0, 20))
def test_a_pause_never_shortens_and_one_outside_changes_nothing(start, count, unit, first, length):
    pause = Days(first, first + timedelta(days=length))
    without = due_on(start, count, unit, WEEKDAYS)
    paused = due_on(start, count, unit, WEEKDAYS, [pause])
    assert paused >= without
    if pause.end <= start or pause.start > without:
        assert paused == without
    assert explain(start, count, unit, WEEKDAYS, [pause]).due_on == paused


def test_levels():
    assert [raised(level) for level in CaseLevel] == ["yellow", "orange", "red", "red"]
    assert [proposed_level("yellow", earlier) for earlier in (0, 1, 5)] == ["yellow", "orange", "orange"]
    assert is_higher("red", "orange")
    assert not is_higher("blue", "blue")
