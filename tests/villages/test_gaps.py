"""Gaps in the network: one definition for overview, admin, page and reminder (R1, R4, R22)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.models import InboxItem, Reminder
from patrols.reminders import sweep
from tests.factories import make_assignment, make_officer, make_station_world, make_village
from tests.patrols.factories import make_visit
from villages import gaps
from villages.assignments import assign, end_assignment
from villages.choices import OfficerKind, Slot
from villages.gaps import GapKind, find
from villages.models import Absence, Assignment, GapNorm, Village
from villages.roster import save_absence, save_gap_norm

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
DAYS = timedelta(days=1)


@pytest.fixture
def world():
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=False):
        yield make_station_world()


def contact(world) -> None:
    """A visit of each business unit's officer, so that nobody has lost contact."""
    for side in (world.own, world.foreign):
        make_visit(side.officers[1], side.villages[1], visited_on=TODAY - 20 * DAYS)


def kinds(*wanted) -> list[str]:
    return [str(gap.kind) for gap in find(TODAY, *wanted)]


def test_nothing_is_missing_when_all_is_well(world):
    contact(world)
    assert find(TODAY) == []


def test_each_kind_is_found(world):
    own = world.own
    end_assignment(by=None, assignment=own.village.assignments.get(slot=Slot.AUXILIARY), end_on=TODAY - DAYS)
    end_assignment(by=None, assignment=own.villages[1].assignments.get(slot=Slot.AUXILIARY), end_on=TODAY + 13 * DAYS)
    leave = Absence(officer=own.officers[0], kind="leave", start_on=TODAY + 14 * DAYS, end_on=TODAY + 15 * DAYS)
    save_absence(leave, by=None)
    make_visit(own.officers[1], own.villages[1], visited_on=TODAY - 20 * DAYS)
    found = {gap.kind: gap for gap in find(TODAY)}
    assert list(found) == list(GapKind)
    assert (found[GapKind.PLACE].village, found[GapKind.PLACE].since) == (own.village, TODAY)
    assert (found[GapKind.PLACE_SOON].officer, found[GapKind.PLACE_SOON].since) == (
        own.auxiliaries[1],
        TODAY + 14 * DAYS,
    )
    assert (found[GapKind.STAND_IN].absence, found[GapKind.STAND_IN].villages) == (leave, (own.village,))
    assert found[GapKind.FREE].officer == own.auxiliaries[0]
    assert found[GapKind.CONTACT].unit == world.foreign.business_unit


def test_what_is_no_gap(world):
    contact(world)
    own = world.own
    # Half a day needs no stand-in, nor does a leave with one, nor of somebody without village, nor one far ahead.
    for number, fields in enumerate(
        ({"until_noon": True}, {"stand_in": own.officers[1]}, {"start_on": TODAY + 15 * DAYS})
    ):
        person = [own.officers[0], own.auxiliaries[0], own.auxiliaries[1]][number]
        days = {"start_on": TODAY, "end_on": fields.get("start_on", TODAY)}
        save_absence(Absence(**{"officer": person, "kind": "leave", **days, **fields}), by=None)
    save_absence(Absence(officer=own.clerk, kind="leave", start_on=TODAY), by=None)
    end_assignment(by=None, assignment=own.village.assignments.get(slot=Slot.OFFICER), end_on=TODAY)
    assign(by=None, village=own.village, officer=make_officer(unit=own.station), start_on=TODAY + DAYS)
    Village.objects.create(
        code="510900999999", name="旧村", kind="village", township=own.township, station=own.station,
        valid_from=date(2020, 6, 1), valid_to=date(2025, 1, 1),
    )  # fmt: skip
    assert kinds(GapKind.PLACE, GapKind.PLACE_SOON, GapKind.STAND_IN) == []


def test_figures_are_the_brigades(world):
    contact(world)
    end_assignment(by=None, assignment=world.own.village.assignments.get(slot=Slot.OFFICER), end_on=TODAY + 20 * DAYS)
    save_absence(Absence(officer=world.own.officers[1], kind="leave", start_on=TODAY, end_on=TODAY + 2 * DAYS), by=None)
    assert kinds() == [GapKind.STAND_IN]
    norm = GapNorm(start_on=TODAY, ahead_days=30, leave_days=4, contact_weeks=2)
    save_gap_norm(norm, by=world.brigade)
    assert kinds() == [GapKind.PLACE_SOON, GapKind.CONTACT, GapKind.CONTACT]
    assert [str(gap.kind) for gap in find(TODAY - DAYS)] == [GapKind.STAND_IN]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(st.integers(-30, 40), max_size=6, unique=True),
    held=st.lists(st.booleans(), min_size=7, max_size=7),
    last=st.none() | st.integers(-5, 40),
)
def test_empty_places_agree_with_a_reading_day_by_day(cuts, held, last):
    Assignment.objects.all().delete()
    Village.objects.all().delete()
    village = make_village(valid_from=date(2026, 10, 1), valid_to=TODAY + last * DAYS if last is not None else None)
    bounds, runs = sorted(cuts), []
    for number, start in enumerate(bounds):
        end = bounds[number + 1] - 1 if number + 1 < len(bounds) else None
        if last is not None:
            end = last if end is None else min(end, last)
        if held[number] and (end is None or end >= start):
            runs.append((start, end))
            make_assignment(
                village, make_officer(), TODAY + start * DAYS, TODAY + end * DAYS if end is not None else None
            )
    window = [day for day in range(15) if last is None or day <= last]
    empty = [day for day in window if not any(a <= day and (b is None or day <= b) for a, b in runs)]
    expected = None if not empty else "now" if empty[0] == 0 else empty[0]
    found = [gap for gap in find(TODAY, GapKind.PLACE, GapKind.PLACE_SOON) if gap.slot == Slot.OFFICER]
    got = None
    if found:
        got = "now" if found[0].kind == GapKind.PLACE else (found[0].since - TODAY).days
    assert got == expected


def test_one_definition_feeds_page_overview_and_admin(client, world):
    own = world.own
    end_assignment(by=None, assignment=own.village.assignments.get(slot=Slot.AUXILIARY), end_on=TODAY - DAYS)
    end_assignment(by=None, assignment=own.villages[1].assignments.get(slot=Slot.OFFICER), end_on=TODAY + 3 * DAYS)
    save_absence(Absence(officer=own.officers[0], kind="leave", start_on=TODAY, end_on=TODAY + DAYS), by=None)
    for user in (world.brigade, own.chief.user, own.unit_leader.user, world.foreign.clerk.user):
        client.force_login(user)
        tiles = client.get("/overview/").context["gap_tiles"]
        for tile in tiles:
            page = client.get(tile.url)
            assert tile.value == str(page.context["page_obj"].paginator.count) == str(len(page.context["rows"]))
        assert client.get("/gaps/").context["total"] == sum(int(tile.value) for tile in tiles)
    client.force_login(own.chief.user)
    for model, query, expected in (
        ("village", {"gap": "yes"}, [own.village]),
        ("village", {"gap": "soon"}, [own.villages[1]]),
        ("officer", {"place": "missing"}, [own.auxiliaries[0]]),
        ("absence", {"gap": "yes"}, [own.officers[0].absences.get()]),
    ):
        rows = client.get(reverse(f"admin:villages_{model}_changelist"), query).context["cl"].result_list
        assert list(rows) == expected, model
    client.force_login(world.brigade)
    rows = client.get(reverse("admin:villages_unit_changelist"), {"gap": "yes"}).context["cl"].result_list
    assert {unit.pk for unit in rows} == {gap.unit.pk for gap in find(TODAY, GapKind.CONTACT)}
    page = client.get("/villages/", {"gaps": "only"})
    assert [shown.row for shown in page.context["list"]["rows"]] == [own.village]


def test_page_leads_to_the_form_prefilled(client, world):
    end_assignment(by=None, assignment=world.own.village.assignments.get(slot=Slot.AUXILIARY), end_on=TODAY + 3 * DAYS)
    client.force_login(world.own.clerk.user)
    row = client.get("/gaps/?kind=place_gap_soon").context["rows"][0]
    form = client.get(row["remedy"][1]).context["adminform"].form
    assert (form["village"].value(), form["start_on"].value()) == (str(world.own.village.pk), "2026-11-27")
    assert form["hands_over"].value()
    client.force_login(world.bureau)
    assert client.get("/gaps/?kind=place_gap_soon").context["rows"][0]["remedy"] is None


def told(kind: str) -> dict:
    rows = InboxItem.objects.filter(kind=kind).select_related("recipient")
    return {row.recipient: row.done_at is not None for row in rows}


def test_who_has_to_close_a_gap_is_told_once_and_settled_when_it_closes(world):
    own = world.own
    contact(world)
    held = own.villages[1].assignments.get(slot=Slot.OFFICER)
    end_assignment(by=None, assignment=held, end_on=TODAY + 3 * DAYS)
    sweep(day=TODAY)
    keepers = {own.clerk, own.chief, own.unit_leader}
    assert told("place_gap_soon") == dict.fromkeys(keepers, False)
    count = Reminder.objects.count()
    sweep(day=TODAY + DAYS)
    assert Reminder.objects.count() == count
    sweep(day=TODAY + 4 * DAYS)
    assert set(told("place_gap_soon").values()) == {True}
    # He who went now has no village: that is for his own unit; the empty place is the station's.
    assert told("place_gap") == dict.fromkeys({own.clerk, own.chief}, False)
    assert told("no_village") == {own.unit_leader: False}
    successor = make_officer(kind=OfficerKind.LIAISON, unit=own.business_unit)
    begun = assign(by=None, village=own.villages[1], officer=successor, start_on=TODAY + 4 * DAYS)
    sweep(day=TODAY + 5 * DAYS)
    assert set(told("place_gap").values()) == {True}
    begun.delete()
    sweep(day=TODAY + 5 * DAYS)
    assert set(told("place_gap").values()) == {False}
    assert InboxItem.objects.filter(kind="place_gap").count() == 2


def test_gaps_cost_the_same_for_many(world):
    def more(count: int) -> None:
        for _number in range(count):
            village = make_village(station=world.own.station)
            officer = make_officer(kind=OfficerKind.LIAISON, unit=world.own.business_unit)
            make_assignment(village, officer)
            make_officer(unit=world.own.station)
            save_absence(Absence(officer=officer, kind="leave", start_on=TODAY), by=None)

    more(1)
    with CaptureQueriesContext(connection) as few:
        find(TODAY)
    more(20)
    with CaptureQueriesContext(connection) as many:
        assert len(find(TODAY)) > 40
    assert len(many) == len(few)


def test_a_finder_registered_twice_counts_once():
    before = list(gaps._finders)
    gaps.register(before[0])
    assert gaps._finders == before
