"""Who owes which week, against a plain day-by-day reading of the rule; and how much of it was done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols import duties
from patrols.choices import ReportKind
from patrols.duties import DUTIES, Owed, owed
from patrols.metrics import METRICS
from patrols.tallies import Tally, monthly_tally, weekly_tally
from tests.factories import make_assignment, make_officer, make_station_side, make_village
from villages.choices import AbsenceKind, OfficerKind, Slot
from villages.effects import foretell
from villages.models import Absence
from villages.roster import save_absence
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


def reference(start: date, end: date | None, absences: list[tuple[date, date, bool, bool]]) -> set[int]:
    """The rule as it is told, one half day after the other."""
    found = set()
    for monday in (FIRST + timedelta(days=7 * number) for number in range(6)):
        worked = there = 0.0
        for offset in range(7):
            day = monday + timedelta(days=offset)
            if not is_workday(day):
                continue
            worked += 1
            held = start <= day and (end is None or day <= end)
            for is_morning in (True, False):
                away = any(
                    first <= day <= last
                    and not (day == first and from_noon and is_morning)
                    and not (day == last and until_noon and not is_morning)
                    for first, last, from_noon, until_noon in absences
                )
                there += 0.5 if held and not away else 0
        if worked and there >= worked / 2:
            year, number, _day = monday.isocalendar()
            found.add(year * 100 + number)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    runs=holdings(),
    away=st.lists(st.tuples(DAYS, st.booleans()), max_size=6, unique=True),
    override=st.tuples(DAYS, st.booleans()),
)
def test_owed_weeks_agree_with_a_reading_of_half_days(runs, away, override):
    WorkdayOverride.objects.all().delete()
    WorkdayOverride.objects.create(day=override[0], is_workday=override[1])
    village, expected, away_of = make_village(), {}, {}
    cuts = sorted(away)
    for number, (start, end) in enumerate(runs):
        officer = make_officer(kind=OfficerKind.COMMUNITY, unit=village.station)
        absences = []
        for (first, from_noon), (last, ends_late) in (
            zip(cuts[::2], cuts[1::2], strict=False) if number % 2 == 0 else ()
        ):
            absences.append((first, last, from_noon, not ends_late))
            Absence.objects.create(
                officer=officer,
                kind="leave",
                start_on=first,
                from_noon=from_noon,
                end_on=last,
                until_noon=not ends_late,
            )
        pk = make_assignment(village, officer, start, end).pk
        expected[pk], away_of[pk] = reference(start, end, absences), absences
    found = {item.assignment_id: set(item.weeks) for item in owed(WIDE, village_ids=[village.pk])}
    assert {pk: weeks for pk, weeks in found.items() if weeks} == {pk: weeks for pk, weeks in expected.items() if weeks}


def test_morning_of_one_kind_and_afternoon_of_another_are_two_absences():
    officer = make_officer()
    monday = date(2026, 3, 2)
    make_assignment(make_village(), officer)
    morning = Absence(officer=officer, kind=AbsenceKind.LEAVE, start_on=monday, end_on=monday, until_noon=True)
    save_absence(morning, by=None)
    noon = {"officer": officer, "start_on": monday, "from_noon": True, "end_on": date(2026, 3, 4)}
    # Away two and a half days of five: the week is still owed; one half day more, and it is not.
    training = save_absence(Absence(kind=AbsenceKind.TRAINING, until_noon=True, **noon), by=None)
    assert [item.weeks for item in owed(Week(2026, 10))] == [{202610}]
    training.until_noon = False
    save_absence(training, by=None)
    assert [item.weeks for item in owed(Week(2026, 10))] == [frozenset()]
    for wrong in ({"end_on": monday, "until_noon": True}, {"from_noon": False}, {"end_on": None, "until_noon": True}):
        with pytest.raises(ValidationError):
            save_absence(Absence(kind=AbsenceKind.LEAVE, **{**noon, **wrong}), by=None)
    half = {"officer_id": officer.pk, "kind": "leave", "start_on": monday, "end_on": monday}
    for name, fields in (("once", {"until_noon": True}), ("halves", {"until_noon": True, "from_noon": True})):
        with pytest.raises(IntegrityError, match=f"villages_absence_{name}|lower bound"), transaction.atomic():
            Absence.objects.bulk_create([Absence(**half, **fields)])


def test_stand_in_is_there_and_serves():
    away, gone, officer = make_officer(), make_officer(state="retired"), make_officer()
    days = {"kind": "leave", "start_on": date(2026, 3, 2), "end_on": date(2026, 3, 6)}
    save_absence(Absence(officer=away, **days), by=None)
    for stand_in in (away, gone):
        with pytest.raises(ValidationError) as refused:
            save_absence(Absence(officer=officer, stand_in=stand_in, **days), by=None)
        assert list(refused.value.error_dict) == ["stand_in"]
    later = {**days, "end_on": date(2026, 3, 9)}
    assert save_absence(Absence(officer=officer, stand_in=away, **later), by=None).pk


def test_effects_of_an_absence_are_those_that_saving_it_has():
    village, officer = make_village(), make_officer()
    make_assignment(village, officer)
    absence = Absence(officer=officer, kind="leave", start_on=date(2026, 3, 25), end_on=date(2026, 4, 10))
    told = foretell(absence)
    assert [(e.month, e.village, e.leaving, len(e.before), len(e.after)) for e in told] == [
        ("2026-03", village, ["2026-W13"], 4, 3),
        ("2026-04", village, ["2026-W14", "2026-W15"], 5, 3),
    ]
    save_absence(absence, by=None)
    for effect in told:
        weeks = owed(Month(2026, int(effect.month[-2:])))[0].weeks
        assert len(weeks) == len(effect.after)
    absence.end_on = date(2026, 3, 27)
    assert [e.returning for e in foretell(absence)] == [["2026-W14", "2026-W15"]]
    assert foretell(absence.__class__.objects.get(pk=absence.pk)) == []


def test_admin_shows_the_effects_before_it_saves(client):
    side = make_station_side()
    client.force_login(side.clerk.user)
    url = reverse("admin:villages_absence_add")
    data = {"officer": side.officers[0].pk, "kind": "leave", "start_on": "2026-03-02", "end_on": "2026-03-06"}
    shown = client.post(url, data)
    form = shown.context["adminform"].form
    assert (form.is_preview, form.errors, Absence.objects.count()) == (True, {}, 0)
    assert side.village.name in shown.content.decode()
    seen = form.data["previewed"]
    changed = client.post(url, {**data, "previewed": seen, "end_on": "2026-03-13"})
    assert changed.context["adminform"].form.is_preview
    assert client.post(url, {**data, "previewed": seen}).status_code == 302
    assert client.post(url, {**data, "start_on": "2026-05-04", "end_on": "2026-05-04"}).status_code == 302
    assert Absence.objects.count() == 2


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
