"""Villages that merge and change their names: the past keeps its village, its name and its figures (R1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from patrols import duties
from patrols.coverage import build
from patrols.metrics import METRICS
from patrols.models import HouseholdCall, Visit
from patrols.visit_checks import resolve_households
from tests.factories import (
    make_assignment,
    make_household,
    make_officer,
    make_station_world,
    make_village,
)
from tests.patrols.factories import make_visit
from villages.choices import OfficerKind, OfficerState, PostKind
from villages.households import search_households
from villages.mergers import merge_villages
from villages.models import Assignment, FormerName, Household, Officer, PartyPost, Village, VillageContact
from villages.names import name_on, rename_village
from xinjin.audit.models import Event
from xinjin.periods import Month, Span

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)
EVE = DAY - timedelta(days=1)


def merge(*sources, into, day=DAY):
    return merge_villages(by=None, sources=sources, target=into, day=day)


@pytest.fixture
def pair():
    """A village with its people and a visit, and the one that it is merged into."""
    source, target = make_village(name="东村"), make_village(name="大村")
    held = make_assignment(source, make_officer())
    make_assignment(source, make_officer(kind=OfficerKind.AUXILIARY))
    PartyPost.objects.create(
        officer=held.officer, kind=PostKind.DEPUTY_SECRETARY, village=source, start_on=held.start_on
    )
    VillageContact.objects.create(village=source, kind="committee", name="甲", start_on=held.start_on)
    return source, target, held


def test_merged_village_ends_with_all_its_people(pair):
    source, target, _held = pair
    merge(source, into=target)
    source.refresh_from_db()
    assert (source.valid_to, source.merged_into) == (EVE, target)
    for rows in (source.assignments, source.party_posts, source.contacts):
        assert set(rows.values_list("end_on", flat=True)) == {EVE}
    assert Event.objects.filter(action="merge", subject_id=str(target.pk)).exists()


def test_households_move_with_their_calls_and_stay_apart(pair):
    source, target, held = pair
    home = make_household(source, address="3组12号", head_name="李华")
    twin = make_household(target, address="3组12号", head_name="李华")
    visit = make_visit(held.officer, source, visited_on=date(2026, 2, 3))
    calls = set(visit.calls.values_list("pk", "household"))
    merge(source, into=target)
    home.refresh_from_db()
    assert (home.village, home.address) == (target, "东村3组12号")
    assert target.households.filter(pk=twin.pk, address="3组12号").exists()
    visit.refresh_from_db()
    assert visit.village == source
    assert set(visit.calls.values_list("pk", "household")) == calls


def test_log_of_the_old_village_handed_in_late_still_finds_its_household(pair):
    source, target, _held = pair
    home = make_household(source, address="3组12号", head_name="李华")
    middle = make_village(name="中村")
    merge(source, into=middle)
    merge(Village.objects.get(pk=middle.pk), into=target, day=DAY + timedelta(days=30))
    source = Village.objects.get(pk=source.pk)
    calls = [HouseholdCall(entered=text) for text in ("3组12号 李华", "9组1号 钱一")]
    assert resolve_households(by=None, visit=Visit(village=source), calls=calls) == {}
    assert calls[0].household == home
    new = calls[1].household
    assert (new.village, new.address) == (target, "中村东村9组1号")
    assert set(search_households(source, "", by_name=False)) == {home, new}


def figures(span: Span) -> list:
    weeks = [(item.assignment_id, sorted(item.weeks)) for item in duties.owed(span)]
    wall = build(Village.objects.all(), span, today=date(2026, 3, 31))
    cells = {(row.village.pk, cell.week.key): (cell.state, cell.done) for row in wall.rows for cell in row.cells}
    counts = {name: dict(metric.counts(span)) for name, metric in METRICS.items()}
    return [weeks, cells, counts]


def test_figures_of_the_past_stay_as_they_were(pair):
    source, target, held = pair
    for day in (date(2026, 2, 3), date(2026, 2, 10), date(2026, 2, 26)):
        make_visit(held.officer, source, visited_on=day)
    february = Month(2026, 2).counted
    before = figures(february)
    merge(source, into=target)
    rename_village(by=None, village=target, day=DAY, name="新村", official_name="", code="510118999999")
    assert figures(february) == before


def test_several_become_a_new_one():
    sources = [make_village(name=f"{name}村") for name in "甲乙丙"]
    first = sources[0]
    new = Village(name="合村", code="510118888888", kind=first.kind, township=first.township, station=first.station)
    merged = merge(*sources, into=new)
    assert merged.valid_from == DAY
    assert set(merged.merged.all()) == set(sources)


@pytest.mark.parametrize(
    ("own", "added", "together"),
    [((100, 240), (50, 110), (150, 350)), ((100, None), (50, 110), (150, None)), ((100, 240), (None, 0), (None, 240))],
)
def test_households_and_people_of_all_are_counted_together(pair, own, added, together):
    source, target, _held = pair
    for village, said in ((target, own), (source, added)):
        Village.objects.filter(pk=village.pk).update(household_total=said[0], population=said[1])
    new = Village(name="新村", code="510118888888", kind=target.kind, township=target.township, station=target.station)
    merge(source, into=target)
    source.refresh_from_db()
    target.refresh_from_db()
    assert (target.household_total, target.population) == together
    assert (source.household_total, source.population) == added
    merge(target, into=new, day=DAY + timedelta(days=1))
    new.refresh_from_db()
    assert (new.household_total, new.population) == together


@pytest.mark.parametrize("mistake", ["future", "log", "coming", "ended", "itself", "long"])
def test_merger_that_cannot_be_changes_nothing(pair, mistake, monkeypatch):
    source, target, held = pair
    other = make_village(name="西村")
    day, sources = DAY, [other, source]
    if mistake == "future":
        day = date(2099, 1, 1)
    elif mistake == "log":
        make_visit(held.officer, source, visited_on=DAY)
    elif mistake == "coming":
        make_assignment(other, make_officer(), start_on=date(2026, 6, 1))
    elif mistake == "ended":
        Village.objects.filter(pk=other.pk).update(valid_to=date(2025, 1, 1))
    elif mistake == "itself":
        sources = [target]
    else:
        make_household(source, address="长" * 99)
    with pytest.raises(ValidationError) as refused:
        merge(*sources, into=target, day=day)
    assert refused.value.messages
    assert not Village.objects.exclude(merged_into=None).exists()
    assert not Household.objects.filter(village=target).exists()
    held.refresh_from_db()
    assert held.end_on is None


# --- names
def test_name_of_the_day_and_search_by_the_former_one(client):
    world = make_station_world()
    village, code = world.own.village, world.own.village.code
    name = village.name
    rename_village(by=None, village=village, day=DAY, name="新津新村", official_name="", code="510118777777")
    village.refresh_from_db()
    assert [name_on(village, day) for day in (EVE, DAY)] == [name, "新津新村"]
    visit = make_visit(world.own.officers[0], village, visited_on=EVE)
    client.force_login(world.own.chief.user)
    assert f"{name} {EVE}" in client.get(visit.get_absolute_url()).content.decode()
    for text in (name, code):
        page = client.get("/villages/", {"q": text})
        assert [shown.row for shown in page.context["list"]["rows"]] == [village]
        assert f"{name} {code}" in page.content.decode()
        rows = client.get(reverse("admin:villages_village_changelist"), {"q": text}).context["cl"].result_list
        assert list(rows) == [village]
    assert client.get(f"/villages/{code}/").headers["Location"] == f"/villages/{village.code}/"
    client.force_login(world.foreign.chief.user)
    assert client.get(f"/villages/{code}/").status_code == 404


def test_names_follow_each_other_without_overlap():
    village = make_village(name="甲村")
    for number, day in enumerate((date(2026, 1, 1), date(2026, 2, 1)), 1):
        rename_village(
            by=None, village=village, day=day, name=f"{number}村", official_name="", code=f"51011877777{number}"
        )
    found = [name_on(village, date(2026, month, day)) for month, day in ((1, 1), (1, 31), (2, 1))]
    assert (name_on(village, date(2025, 12, 31)), *found[:2]) == ("甲村", "1村", "1村")
    for day, name in ((date(2026, 2, 1), "3村"), (date(2099, 1, 1), "3村"), (date(2026, 3, 1), "2村")):
        with pytest.raises(ValidationError):
            rename_village(by=None, village=village, day=day, name=name, official_name="", code="510118777772")
    assert FormerName.objects.count() == 2
    with pytest.raises(IntegrityError, match="villages_formername_once"), transaction.atomic():
        FormerName.objects.bulk_create(
            FormerName(village=village, name=name, code="1" * 12, start_on=DAY, end_on=DAY) for name in "xy"
        )


# --- what the database holds whoever writes
def test_assignment_outlives_neither_village_nor_service_in_the_database(pair):
    source, target, held = pair
    refused = [
        lambda: Village.objects.filter(pk=source.pk).update(valid_to=EVE),
        lambda: Village.objects.filter(pk=source.pk).update(valid_from=DAY),
        lambda: Officer.objects.filter(pk=held.officer_id).update(state=OfficerState.RETIRED),
        lambda: Assignment.objects.filter(pk=held.pk).update(start_on=date(2020, 5, 31)),
        lambda: Assignment.objects.bulk_create(
            [Assignment(village=target, officer=make_officer(state="retired"), slot="officer", start_on=DAY)]
        ),
    ]
    for write in refused:
        with pytest.raises(IntegrityError, match="does not outlive"), transaction.atomic():
            write()


# --- the admin's pages
def merge_form(village, target, **data):
    return {"action": "merge", "_selected_action": [village.pk], "target": target.pk, "day": DAY.isoformat(), **data}


def test_admin_merges_after_a_preview_and_for_the_brigade_alone(client):
    world = make_station_world()
    source, target = world.own.villages
    make_household(source)
    url = reverse("admin:villages_village_changelist")
    for user in (world.own.chief.user, world.own.clerk.user):
        client.force_login(user)
        client.post(url, merge_form(source, target, confirmed="yes"))
    client.force_login(world.brigade)
    assert client.post(url, merge_form(source, target)).context["endings"] is None
    shown = client.post(url, merge_form(source, target, confirmed=""))
    assert [(e.households, len(e.assignments)) for e in shown.context["endings"]] == [(1, 2)]
    assert not Village.objects.exclude(merged_into=None).exists()
    wrong = client.post(url, merge_form(source, target, confirmed="", day="2099-01-01"))
    assert list(wrong.context["form"].errors) == ["day"]
    both = client.post(url, merge_form(source, target, confirmed="", name="x", code="x"))
    assert {"name", "code"} <= set(both.context["form"].errors)
    assert client.post(url, merge_form(source, source, confirmed="yes")).context["form"].errors
    assert client.post(url, merge_form(source, target, confirmed="yes")).status_code == 302
    source.refresh_from_db()
    assert (source.merged_into, source.valid_to) == (target, EVE)


def test_admin_renames_after_a_preview_and_for_the_brigade_alone(client):
    world = make_station_world()
    village = world.own.village
    url = reverse("admin:villages_village_rename", args=[village.pk])
    data = {"day": DAY.isoformat(), "name": "新名", "official_name": "", "code": village.code}
    for user, answer in (
        (world.own.chief.user, 403),
        (world.foreign.chief.user, 404),
        (world.secadmin, 404),
        (world.own.officers[0].user, 302),
    ):
        client.force_login(user)
        assert client.get(url).status_code == answer
        assert client.post(url, {**data, "confirmed": "yes"}).status_code == answer
    client.force_login(world.brigade)
    assert client.get(url).status_code == 200
    assert client.post(url, {**data, "name": ""}).context["form"].errors
    assert client.post(url, {**data, "confirmed": ""}).context["shown"]
    assert not FormerName.objects.exists()
    assert client.post(url, {**data, "confirmed": "yes"}).status_code == 302
    assert FormerName.objects.get().name == village.name
    for key in ("0", "x", "9" * 30):
        assert client.get(f"/admin/villages/village/{key}/rename/").status_code == 404


def test_days_at_the_ends_of_the_calendar_are_messages(client):
    world = make_station_world()
    source, target = world.own.villages
    client.force_login(world.brigade)
    names = {"name": "新名", "official_name": "", "code": source.code, "confirmed": ""}
    person = make_officer(unit=world.own.station)
    for day in ("0001-01-01", "9999-12-31"):
        rename = reverse("admin:villages_village_rename", args=[source.pk])
        assert client.post(rename, {**names, "day": day}).context["form"].errors
        listed = reverse("admin:villages_village_changelist")
        assert client.post(listed, merge_form(source, target, confirmed="", day=day)).context["form"].errors
        place = {"village": source.pk, "officer": person.pk, "start_on": day, "hands_over": "on"}
        assert client.post(reverse("admin:villages_assignment_add"), place).status_code in (200, 302)
        away = {"officer": world.own.officers[1].pk, "kind": "leave", "start_on": day, "end_on": day}
        assert client.post(reverse("admin:villages_absence_add"), away).status_code in (200, 302)
        assert client.get("/villages/", {"on": day}).status_code == 200
    Assignment.objects.filter(village=target).update(end_on=date.max)
    assert client.get("/gaps/").status_code == 200
