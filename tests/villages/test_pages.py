"""The villages' pages: who sees which, gaps, search, masking."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_assignment,
    make_household,
    make_officer,
    make_station_side,
    make_unit,
    make_village,
)
from villages import panels
from villages.choices import ContactKind, OfficerKind, PostKind
from villages.models import PartyPost, VillageContact
from xinjin.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = "/villages/"
SEEN = {
    Role.OFFICER: "own first",
    Role.STATION_CLERK: "own both",
    Role.STATION_CHIEF: "own both",
    Role.UNIT_LEADER: "own second",
    Role.BRIGADE: "all",
    Role.INSPECTORATE: "all",
    Role.COMMAND_CENTRE: "all",
    Role.BUREAU_LEADER: "all",
}


def names(response) -> list[str]:
    return [village.name for village in response.context["page_obj"]]


def gaps(response) -> list[str]:
    """The last cell of each row."""
    return [shown.cells[-1].text for shown in response.context["list"]["rows"]]


@pytest.mark.parametrize("role", Role.values)
def test_village_list_and_page_by_role(client, world, role):
    client.force_login(world.users()[role])
    response = client.get(LIST)
    if role not in SEEN:
        assert response.status_code == 403
        assert client.get(reverse("village_detail", args=[world.own.village.code])).status_code in (403, 404)
        return
    own, foreign = [v.name for v in world.own.villages], [v.name for v in world.foreign.villages]
    expected = {"own first": own[:1], "own second": own[1:], "own both": own, "all": own + foreign}[SEEN[role]]
    assert sorted(names(response)) == sorted(expected)
    for village in (*world.own.villages, *world.foreign.villages):
        status = client.get(reverse("village_detail", args=[village.code])).status_code
        assert status == (200 if village.name in expected else 404), village
        status = client.get(reverse("household_search", args=[village.code])).status_code
        assert status == (200 if village.name in expected else 404), village


def test_gap_is_flagged_at_once_and_filtered(client, world):
    client.force_login(world.own.chief.user)
    assert set(gaps(client.get(LIST))) == {"—"}
    assert names(client.get(LIST, {"gaps": "only"})) == []
    held = world.own.villages[1].assignments.get(slot="auxiliary")
    held.end_on = timezone.localdate() - timedelta(days=1)
    held.save()
    response = client.get(LIST, {"gaps": "only"})
    assert names(response) == [world.own.villages[1].name]
    assert "、" not in gaps(response)[0] != "—"
    page = client.get(reverse("village_detail", args=[world.own.villages[1].code]))
    assert "notice--bad" in page.content.decode()


def test_ended_village_leaves_the_list_and_keeps_its_page(client, world):
    village, heir = world.foreign.villages
    village.assignments.update(end_on=date(2025, 12, 31))
    village.valid_to, village.merged_into = date(2025, 12, 31), heir
    village.save()
    client.force_login(world.brigade)
    assert village.name not in names(client.get(LIST))
    assert names(client.get(LIST, {"state": "ended"})) == [village.name]
    assert village.name in names(client.get(LIST, {"state": "all"}))
    assert village.name not in names(client.get(LIST, {"gaps": "only"}))
    page = client.get(reverse("village_detail", args=[village.code])).content.decode()
    assert "2025-12-31" in page
    assert heir.name in page


@pytest.mark.parametrize(
    "text",
    [
        "东华",
        "donghua",
        "DHC",
        "dhc",
        "510118004202",
        "民警甲",
        "minjingjia",
        "mjj",
        "Z77",
        "邓网格",
        "dengwang",
        "dwg",
    ],
)
def test_village_list_search(client, text):
    village = make_village(name="东华村", code="510118004202")
    make_assignment(village, make_officer(name="民警甲", number="Z77"))
    VillageContact.objects.create(village=village, kind="grid_member", name="邓网格", start_on=date(2024, 1, 1))
    former = {"start_on": date(2023, 1, 1), "end_on": date(2023, 2, 1)}
    VillageContact.objects.create(village=make_village(name="西村"), kind="grid_member", name="邓网格", **former)
    side = make_station_side()
    client.force_login(make_officer(kind=OfficerKind.STAFF, unit=make_unit(kind="brigade"), roles=(Role.BRIGADE,)).user)
    assert names(client.get(LIST, {"q": text})) == ["东华村"]
    assert len(names(client.get(LIST, {"station": side.station.pk}))) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "x" * 5000},
        {"station": "nonsense"},
        {"station": "99999999999999999999"},
        {"kind": "\x00"},
        {"gaps": "maybe"},
        {"page": "1"},
        {"state": "'"},
    ],
)
def test_garbage_in_the_query_is_no_failure(client, world, query):
    client.force_login(world.brigade)
    village = world.own.village
    for address in (LIST, reverse("village_detail", args=[village.code]), f"/villages/{village.code}/households/"):
        assert client.get(address, query).status_code == 200, address
    assert client.get("/villages/%00/").status_code == 404
    assert client.get("/villages/nonsense/").status_code == 404


def test_village_page_shows_the_network(client, world):
    village, officer = world.own.village, world.own.officers[0]
    officer.phone = "13900000001"
    officer.save()
    PartyPost.objects.create(
        officer=officer, kind=PostKind.DEPUTY_SECRETARY, village=village, start_on=date(2024, 1, 1)
    )
    for kind, name in ((ContactKind.COMMITTEE, "刘主任"), (ContactKind.GRID_MEMBER, "邓网格")):
        VillageContact.objects.create(
            village=village, kind=kind, name=name, phone="13800000000", start_on=date(2024, 1, 1)
        )
    VillageContact.objects.create(
        village=village, kind=ContactKind.VOLUNTEER, name="老志愿", start_on=date(2023, 1, 1), end_on=date(2023, 2, 1)
    )
    client.force_login(world.own.auxiliaries[0].user)
    text = client.get(reverse("village_detail", args=[village.code])).content.decode()
    for word in (
        officer.name,
        "13900000001",
        world.own.auxiliaries[0].name,
        world.own.station.name,
        "刘主任",
        "邓网格",
    ):
        assert word in text
    assert "老志愿" not in text
    assert str(PostKind.DEPUTY_SECRETARY.label) in text


def test_residents_are_masked_but_for_the_villages_own_people(client, world):
    village = world.own.village
    make_household(village, address="3组12号", head_name="曾志强", phone="13912342046", tags=["living_alone"])
    address = reverse("village_detail", args=[village.code])
    for user in (world.own.officers[0].user, world.own.auxiliaries[0].user, world.own.clerk.user, world.own.chief.user):
        client.force_login(user)
        text = client.get(address).content.decode()
        assert "曾志强" in text
        assert "13912342046" in text
    for user in (world.brigade, world.inspector, world.command, world.bureau):
        client.force_login(user)
        text = client.get(address).content.decode()
        assert "曾**" in text
        assert "139****2046" in text
        assert "曾志强" not in text
        assert "13912342046" not in text


def test_household_search_by_address_and_for_own_people_by_name(client, world):
    village = world.own.village
    make_household(village, address="3组12号", head_name="曾志强")
    make_household(village, address="5组1号", head_name="李娜")
    make_household(world.own.villages[1], address="3组12号", head_name="外人")
    address = reverse("household_search", args=[village.code])
    client.force_login(world.own.officers[0].user)
    for text in ("3组", "志强", "zengzhi", "ZZQ"):
        assert [row["label"] for row in client.get(address, {"q": text}).json()] == ["3组12号 曾志强"], text
    assert len(client.get(address).json()) == 2
    client.force_login(world.brigade)
    assert [row["label"] for row in client.get(address, {"q": "3组"}).json()] == ["3组12号 曾**"]
    for text in ("志强", "zengzhi", "zzq"):
        assert client.get(address, {"q": text}).json() == []


def test_household_search_gives_at_most_twenty(client, world):
    for _ in range(25):
        make_household(world.own.village)
    client.force_login(world.own.officers[0].user)
    assert len(client.get(reverse("household_search", args=[world.own.village.code])).json()) == 20


def test_officer_keeps_the_households_of_his_village(client, world):
    village = world.own.village
    client.force_login(world.own.officers[0].user)
    new = reverse("household_add", args=[village.code])
    assert client.get(new).status_code == 200
    answer = client.post(new, {"address": "9组9号", "head_name": "覃超", "phone": "", "tags": ["rented"]})
    assert answer.status_code == 302
    household = village.households.get()
    assert (household.initials, household.tags) == ("qc", ["rented"])
    edit = reverse("household_edit", args=[village.code, household.pk])
    answer = client.post(edit, {"address": "", "head_name": "覃超二"})
    assert answer.status_code == 200
    assert "覃超二" in answer.content.decode()
    assert client.post(new, {"address": "9组9号", "head_name": "覃超"}).status_code == 200
    assert village.households.count() == 1
    assert client.get(reverse("household_add", args=[world.own.villages[1].code])).status_code == 404
    client.force_login(world.brigade)
    assert client.get(edit).status_code == 403
    other = make_household(world.foreign.village)
    client.force_login(world.own.officers[0].user)
    assert client.get(reverse("household_edit", args=[village.code, other.pk])).status_code == 404


def _queries(client, addresses: list[str]) -> list[int]:
    counts = []
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    return counts


def _grow(world, rows: int) -> None:
    village = world.own.village
    for number in range(rows):
        first = date(2021, 1, 1) + timedelta(days=number * 2)
        extra = make_village(station=world.own.station, township=world.own.township)
        make_assignment(extra, make_officer(unit=world.own.station))
        make_household(village)
        make_assignment(village, make_officer(), start_on=first, end_on=first + timedelta(days=1))
        VillageContact.objects.create(village=village, kind="committee", name="甲", start_on=first)


def test_pages_need_the_same_queries_for_few_rows_and_for_thirty(client, world):
    client.force_login(world.brigade)
    code = world.own.village.code
    addresses = [LIST, f"/villages/{code}/", f"/villages/{code}/households/", "/api/v1/villages/", "/api/v1/officers/"]
    _grow(world, 1)
    few = _queries(client, addresses)
    VillageContact.objects.all().delete()
    world.own.village.assignments.filter(end_on__isnull=False).delete()
    _grow(world, 30)
    assert _queries(client, addresses) == few
    assert max(few) <= 36


def test_registered_panel_stands_on_the_page(client, world, monkeypatch):
    monkeypatch.setattr(panels, "_makers", {})

    def recent(request, village):
        return {"title": f"最近走访 {village.name}", "template": "_components/empty.html", "context": {}}

    panels.register(recent)
    panels.register(recent)
    panels.register(lambda request, village: None)
    client.force_login(world.brigade)
    text = client.get(reverse("village_detail", args=[world.own.village.code])).content.decode()
    assert text.count(f"最近走访 {world.own.village.name}") == 1
