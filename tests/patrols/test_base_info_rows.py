"""Base-info changes written in the log: one record for each row, however often the log comes back (R9)."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from patrols.base_info import check_change
from patrols.choices import BaseInfoState
from patrols.entries import BaseInfoEntry, entry_of
from patrols.models import BaseInfoChange, Case, Visit
from patrols.versions import history
from patrols.visits import open_visit, return_visit, save_draft, submit_visit
from tests.factories import make_station_world
from tests.patrols.factories import full_entry, yesterday
from tests.patrols.test_visit_pages import page, signed_in

pytestmark = pytest.mark.django_db

TENANT = BaseInfoEntry("person", "new", "3组12号", "新租户一家三口")
SHOP = BaseInfoEntry("work_unit", "gone", "2组8号", "小卖部已关门")
HOUSE = BaseInfoEntry("dwelling", "changed", "5组1号", "自住改为出租")
NUMBER = "510132199001011234"


@pytest.fixture
def world():
    return make_station_world()


@pytest.fixture
def author(world):
    return world.own.officers[0]


@pytest.fixture
def draft(author, world):
    return open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())


def save(visit: Visit, *rows: BaseInfoEntry, **changes) -> Visit:
    entry = full_entry(visit.village, base_info=rows, **changes)
    return save_draft(by=visit.officer.user, visit=visit, revision=visit.revision, entry=entry)


def hand_in(visit: Visit, *rows: BaseInfoEntry, **changes) -> Visit:
    saved = save(visit, *rows, **changes)
    return submit_visit(by=visit.officer.user, visit=saved, revision=saved.revision)


def come_back(visit: Visit, world) -> tuple[BaseInfoEntry, ...]:
    visit = return_visit(by=world.own.chief.user, visit=visit, reason="核对一标三实")
    return entry_of(visit).base_info


def found() -> list[tuple[str, str, str]]:
    return sorted(BaseInfoChange.objects.values_list("address", "what", "state"))


def test_each_row_makes_one_record_however_often_the_log_comes_back(draft, world):
    visit = hand_in(draft, TENANT, SHOP)
    change = BaseInfoChange.objects.get(address="3组12号")
    assert (change.found_by, change.source_visit, change.found_on) == (visit.officer, visit, visit.visited_on)
    assert submit_visit(by=visit.officer.user, visit=visit, revision=visit.revision) == visit
    for rows in (come_back(visit, world), (TENANT, SHOP), (SHOP, TENANT)):  # named, unnamed, moved
        visit.refresh_from_db()
        if not visit.is_open:
            come_back(visit, world)
            visit.refresh_from_db()
        visit = hand_in(visit, *rows)
        assert BaseInfoChange.objects.count() == 2
        assert all(row.change for row in entry_of(visit).base_info)
    assert {state for _address, _what, state in found()} == {"found"}


def test_unverified_record_follows_its_row_and_a_verified_one_stands(draft, world):
    visit = hand_in(draft, TENANT, SHOP)
    shop = BaseInfoChange.objects.get(address="2组8号")
    check_change(by=world.own.chief.user, change=shop, is_so=True)
    tenant_row, shop_row = come_back(visit, world)
    visit.refresh_from_db()
    corrected = (replace(tenant_row, what="新租户一家四口"), replace(shop_row, what="小卖部改为茶馆"), HOUSE)
    hand_in(visit, *corrected)
    assert found() == [
        ("2组8号", "小卖部已关门", "verified"),
        ("3组12号", "新租户一家四口", "found"),
        ("5组1号", "自住改为出租", "found"),
    ]


def test_removed_row_dismisses_what_nobody_has_verified_and_nothing_entered_by_hand(draft, world):
    visit = hand_in(draft, TENANT, SHOP)
    BaseInfoChange.objects.filter(address="2组8号").update(is_of_log=False)  # as if reported from the log page
    visit.base_info.filter(address="2组8号").delete()
    come_back(visit, world)
    visit.refresh_from_db()
    visit = hand_in(visit)
    assert {address: state for address, _what, state in found()} == {"2组8号": "found", "3组12号": "unfounded"}
    assert BaseInfoChange.objects.get(state=BaseInfoState.UNFOUNDED).remark
    come_back(visit, world)
    visit.refresh_from_db()
    hand_in(visit, TENANT)  # found once more: a new finding
    assert BaseInfoChange.objects.filter(address="3组12号").count() == 2


def test_record_of_another_log_is_never_taken(draft, world, author):
    other = open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())
    visit = hand_in(draft, TENANT)
    theirs = str(BaseInfoChange.objects.get().pk)
    saved = save(other, replace(SHOP, change=theirs), replace(HOUSE, change=str(uuid4())))
    assert [row.change for row in entry_of(saved).base_info] == ["", ""]
    assert entry_of(visit).base_info[0].change == theirs


def test_draft_makes_nothing_and_handing_in_asks_for_whole_rows(draft):
    saved = save(draft, BaseInfoEntry(what="换了门牌"))
    assert not BaseInfoChange.objects.exists()
    with pytest.raises(ValidationError) as caught:
        submit_visit(by=draft.officer.user, visit=saved, revision=saved.revision)
    assert {"base_info-0-subject", "base_info-0-action", "base_info-0-address"} <= set(caught.value.message_dict)


@pytest.mark.parametrize(
    "text", [NUMBER, f"张三{NUMBER[:-1]}X", "５１０１３２１９９００１０１１２３４", "510132 19900101 1234"]
)
def test_identity_number_is_refused_beside_its_field(draft, text):
    with pytest.raises(ValidationError) as caught:
        save(draft, replace(TENANT, what=text))
    assert set(caught.value.message_dict) == {"base_info-0-what"}
    save(draft, replace(TENANT, what="电话13800001234，2026年11月搬来"))


def rows_of_page(*rows: BaseInfoEntry) -> dict:
    fields = {f"base_info-{n}-{name}": value for n, row in enumerate(rows) for name, value in vars(row).items()}
    return {**fields, "base_info-TOTAL_FORMS": len(rows)}


def test_page_begins_without_a_row_and_keeps_what_autosave_stored(author, draft):
    client = signed_in(author.user)
    assert len(client.get(f"/visits/{draft.pk}/edit/").context["forms"].base_info.forms) == 0
    saving = f"/visits/{draft.pk}/autosave/"
    assert client.post(saving, page(draft, **rows_of_page(TENANT))).json()["complaints"] == {}
    draft.refresh_from_db()
    told = client.post(saving, page(draft, **rows_of_page(replace(TENANT, what=NUMBER), SHOP))).json()
    assert set(told["complaints"]) == {"base_info-0-what"}
    draft.refresh_from_db()
    assert entry_of(draft).base_info == (TENANT, SHOP)
    shown = client.get(f"/visits/{draft.pk}/edit/").content.decode()
    assert TENANT.what in shown
    data = page(draft, action="submit", **rows_of_page(TENANT, SHOP))
    assert client.post(f"/visits/{draft.pk}/edit/", data).status_code == 302
    assert BaseInfoChange.objects.count() == 2
    assert SHOP.what in client.get(f"/visits/{draft.pk}/").content.decode()
    assert SHOP.what in client.get(f"/visits/print/?pick={draft.pk}").content.decode()


def test_versions_show_what_changed(draft, world):
    visit = hand_in(draft, TENANT)
    (row,) = come_back(visit, world)
    visit.refresh_from_db()
    hand_in(visit, replace(row, what="新租户一家四口"))
    (change,) = history(visit, in_full=True)[0].changes
    assert ("一家三口" in change.before, "一家四口" in change.after) == (True, True)


def test_api_takes_and_gives_the_same_rows_and_ticks(author, world):
    client = signed_in(author.user)
    sent = {
        "village": world.own.village.code, "visited_on": yesterday().isoformat(), "started_at": "09:00",
        "ended_at": "11:30", "summary": "走访", "photo_waiver": "相机没电", "shortfall_reason": "下午抽调",
        "calls": [{"household": "3组1号 王建国", "raised": "路灯不亮", "case_kind": "concern"}],
        "activities": [{"kind": "screening", "note": "邻里争水", "opens_case": True}],
        "base_info": [{name: value for name, value in vars(TENANT).items() if value}], "submit": True,
    }  # fmt: skip
    headers = {"Idempotency-Key": str(uuid4())}
    answer = client.post("/api/v1/visits/", sent, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.json()
    got = answer.json()
    change = BaseInfoChange.objects.get()
    assert got["base_info"] == [{**vars(TENANT), "change": str(change.pk)}]
    assert (got["calls"][0]["case_kind"], got["activities"][0]["opens_case"]) == ("concern", True)
    assert sorted(Case.objects.values_list("source", flat=True)) == ["call", "screening"]
    visit = Visit.objects.get()
    come_back(visit, world)
    visit.refresh_from_db()
    rows = [{**got["base_info"][0], "what": "新租户一家四口"}]
    path = f"/api/v1/visits/{visit.pk}/"
    seen = {"If-Match": f'"{visit.revision}"'}
    answer = client.patch(path, {"base_info": rows}, content_type="application/json", headers=seen)
    assert answer.status_code == 200, answer.json()
    body = {"revision": answer.json()["revision"]}
    answer = client.post(f"{path}submit/", body, content_type="application/json")
    assert answer.status_code == 200, answer.json()
    change.refresh_from_db()
    assert (change.what, BaseInfoChange.objects.count()) == ("新租户一家四口", 1)
    wrong = {**sent, "activities": [{"kind": "briefing", "opens_case": True}], "base_info": [{"subject": "x"}]}
    headers = {"Idempotency-Key": str(uuid4())}
    refused = client.post("/api/v1/visits/", wrong, content_type="application/json", headers=headers)
    assert set(refused.json()["errors"]) == {"activities.0.opens_case", "base_info.0.subject"}
