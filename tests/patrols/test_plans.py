"""The plan of the week: two clicks, free to change, beside the visits that were made (R5)."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from patrols.choices import PlanOutcome, VisitState
from patrols.metrics import iso_week
from patrols.models import Visit, VisitPlan
from patrols.plan_tallies import plan_tallies, tallied
from patrols.plans import drop_plan, plan_visit
from patrols.same_doors import counted, same_doors
from patrols.week_plan import week_plan
from tests.factories import make_assignment, make_household, make_station_world
from tests.patrols.factories import make_visit
from xinjin.audit.models import Event
from xinjin.periods import Span, Week
from xinjin.workdays.calendar import special_days

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def world():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=False):
        yield make_station_world()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_two_clicks_plan_one_visit_and_a_third_drops_it(world):
    officer, client = world.own.officers[0], signed_in(world.own.officers[0].user)
    pick = {"pick": f"{world.own.village.code}:{day(3)}"}
    for _click in range(2):
        assert client.post("/today/plans/", pick).status_code == 302
    plan = VisitPlan.objects.get()
    assert (plan.officer, plan.planned_on) == (officer, day(3))
    part = client.post("/today/plans/", pick, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    client.post(f"/today/plans/{plan.pk}/", {"note": "走访独居老人"})
    plan.refresh_from_db()
    assert plan.note == "走访独居老人"
    client.post(f"/today/plans/{plan.pk}/", {"drop": "1"})
    assert not VisitPlan.objects.exists()
    assert [event.action for event in Event.objects.filter(subject_type="patrols.visitplan").order_by("id")] == [
        "plan", "change", "drop",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("planned_on", "field"), [(day(1), "planned_on"), (day(2 + 7 * 6), "planned_on"), (day(10), "village")]
)
def test_plan_is_for_days_ahead_in_villages_that_one_holds_then(world, planned_on, field):
    officer = world.own.officers[0]
    officer.assignments.update(end_on=day(6))
    with pytest.raises(ValidationError) as refused:
        plan_visit(by=officer.user, officer=officer, village=world.own.village, planned_on=planned_on)
    assert list(refused.value.error_dict) == [field]


def test_plans_of_a_week_that_is_over_stay(world):
    officer = world.own.officers[0]
    plan = plan_visit(by=officer.user, officer=officer, village=world.own.village, planned_on=day(2))
    with time_machine.travel("2026-11-30T10:00:00+08:00"), pytest.raises(ValidationError):
        drop_plan(by=officer.user, plan=plan)
    drop_plan(by=officer.user, plan=plan)
    drop_plan(by=officer.user, plan=plan)


def test_garbage_is_not_found(world):
    client = signed_in(world.own.officers[0].user)
    code = world.own.village.code
    for pick in ("", code, f"{code}:", f"{code}:2026-13-40", f"{world.foreign.village.code}:{day(3)}", "\x00:x"):
        assert client.post("/today/plans/", {"pick": pick}).status_code == 404, pick
    assert client.post(f"/today/plans/{uuid4()}/", {"drop": "1"}).status_code == 404


def test_planned_visit_opens_as_the_same_draft_however_often(world):
    officer, client = world.own.officers[0], signed_in(world.own.officers[0].user)
    plan = plan_visit(by=officer.user, officer=officer, village=world.own.village, planned_on=day(2))
    for _click in range(2):
        client.post("/visits/new/", {"id": plan.pk, "village": plan.village.code, "visited_on": str(plan.planned_on)})
    draft = Visit.objects.get()
    assert (draft.pk, draft.visited_on, draft.village) == (plan.pk, day(2), plan.village)
    (line,) = week_plan(officer, day(2)).lines
    assert line.visit == draft
    assert f"/visits/{draft.pk}/edit/" in client.get("/today/").content.decode()


OUTCOMES = [
    # planned on, visits made on, what became of it (today is day 2)
    (day(0), [day(0)], PlanOutcome.KEPT),
    (day(0), [day(1)], PlanOutcome.MOVED),
    (day(0), [], PlanOutcome.OPEN),
    (day(0), [day(-1)], PlanOutcome.OPEN),
    (day(4), [day(1)], PlanOutcome.AHEAD),
]


@pytest.mark.parametrize(("planned_on", "made", "expected"), OUTCOMES)
def test_outcome_of_a_plan(world, planned_on, made, expected):
    officer, village = world.own.officers[0], world.own.village
    VisitPlan.objects.create(officer=officer, village=village, planned_on=planned_on)
    for visited_on in made:
        make_visit(officer, village, visited_on=visited_on)
    make_visit(officer, village, visited_on=planned_on, state=VisitState.DRAFT)
    make_visit(world.foreign.officers[0], world.foreign.village, visited_on=planned_on)
    assert VisitPlan.objects.with_visits().get().outcome == expected
    chief = signed_in(world.own.chief.user)
    assert [row.pk for row in chief.get("/plans/?period=2026-W48").context["page_obj"]] == [VisitPlan.objects.get().pk]
    assert not signed_in(world.foreign.chief.user).get("/plans/").context["page_obj"].object_list


PLACES = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(202601, 202602))


@given(planned=st.lists(PLACES, max_size=12), made=st.lists(PLACES, max_size=12))
def test_tally_against_counting_on_ones_fingers(planned, made):
    """Takes each plan in turn and crosses out one visit of the same officer, village and week."""
    left, expected = list(made), Counter()
    for place in planned:
        expected[place[1:], "planned"] += 1
        if place in left:
            left.remove(place)
            expected[place[1:], "kept"] += 1
    found = tallied(dict(Counter(planned)), dict(Counter(made)))
    assert {key: (tally.planned, tally.kept) for key, tally in found.items()} == {
        key: (expected[key, "planned"], expected[key, "kept"]) for key in {place[1:] for place in planned}
    }


def test_wall_shows_plan_against_visit(world):
    officer, village = world.own.officers[0], world.own.village
    for number in (0, 1, 9):
        VisitPlan.objects.create(officer=officer, village=village, planned_on=day(number))
    make_visit(officer, village, visited_on=day(1))
    span = Span(MONDAY, day(13))
    found = plan_tallies([village.pk], span)
    this, following = iso_week(Week.of(MONDAY)), iso_week(Week.of(day(7)))
    assert found[village.pk, this].word == "1/2"
    assert found[village.pk, following].word == "0/1"
    html = signed_in(world.own.chief.user).get("/coverage/?show=plan&period=2026-Q4").content.decode()
    assert ">1/2<" in html
    assert ">0/1<" in html
    assert "wall__cell--missed" not in html, "a plan that was not kept is no fault"
    file = signed_in(world.own.chief.user).get("/coverage/?show=plan&period=2026-Q4&format=csv")
    rows = [line.split(",") for line in file.content.decode("utf-8-sig").splitlines()]
    (line,) = [row for row in rows if village.name in row]
    assert line[-2:] == ["1", "3"]
    assert line.count("1/2") == line.count("0/1") == 1
    cell = signed_in(world.own.chief.user).get(f"/coverage/{village.code}/2026-W48/").content.decode()
    assert str(PlanOutcome.KEPT.label) in cell


def test_week_shows_days_held_and_visits_made(world):
    officer, village = world.own.officers[0], world.own.village
    officer.assignments.update(end_on=day(4))
    other = world.foreign.village
    other.assignments.filter(slot="officer").delete()
    make_assignment(other, officer, start_on=day(5))
    visit = make_visit(officer, village, visited_on=day(1))
    shown = {row.village: row.cells for row in week_plan(officer, day(2)).rows}
    assert [cell.may_plan for cell in shown[village]] == [2 <= number <= 4 for number in range(14)]
    assert [cell.may_plan for cell in shown[other]] == [number >= 5 for number in range(14)]
    assert shown[village][1].visit == visit
    assert shown[village][1].is_made


def test_same_doors_is_said_with_its_number(world):
    village, officer = world.own.village, world.own.officers[0]
    doors = [make_household(village) for _number in range(5)]
    make_household(village)
    for number in range(4):
        visit = make_visit(officer, village, visited_on=day(-7 * number))
        for household in doors:
            visit.calls.create(household=household, called_on=visit.visited_on)
    found = same_doors([village.pk], day(2))[village.pk]
    assert (found.calls, found.repeated, found.doors, found.never) == (20, 20, 5, 1)
    text = signed_in(officer.user).get("/today/").content.decode()
    assert "20" in text
    assert "notice--info" in text
    make_visit(officer, village, visited_on=day(0))
    assert not counted([1] * 40, never=9).is_striking
    assert not counted([4] * 5, never=0).is_striking
    assert not counted([2] * 5, never=9).is_striking, "too few calls to say anything"


def test_holidays_and_make_up_days_have_their_names():
    found = special_days(Span(date(2026, 9, 14), date(2026, 10, 11)))
    assert found[date(2026, 9, 20)].is_workday
    assert {found[date(2026, 10, number)].name for number in (1, 2, 3, 5, 6, 7)} == {"国庆节"}
    assert date(2026, 9, 19) not in found
