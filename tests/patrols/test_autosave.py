"""Saving as one types: what can be read is saved, nothing is overwritten silently, nothing typed is lost."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from patrols.choices import VisitState
from patrols.entries import ActivityEntry, CallEntry, entry_of
from patrols.forms.half_typed import fall_back
from patrols.models import Visit
from patrols.visits import OpenPage, open_visit, return_visit, save_draft, submit_visit
from tests.factories import make_household, make_station_world
from tests.patrols.factories import full_entry, make_visit, yesterday
from tests.patrols.test_visit_pages import page, signed_in
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_station_world()


@pytest.fixture
def author(world):
    return world.own.officers[0]


@pytest.fixture
def draft(author, world):
    return open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())


@pytest.fixture
def client(author) -> Client:
    return signed_in(author.user)


def autosave(client: Client, visit: Visit, **changes):
    return client.post(f"/visits/{visit.pk}/autosave/", page(visit, **changes))


def test_answer_says_what_is_stored(client, draft):
    answer = autosave(client, draft)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["revision"], told["complaints"], told["is_open"]) == (1, {}, True)
    assert entry_of(Visit.objects.get()).summary == "入户五户"
    assert client.get(f"/visits/{draft.pk}/autosave/").json()["revision"] == 1


HALF_TYPED = {
    "started_at": "9:7",
    "visited_on": "",
    "activity-publicity-people_count": "二十",
    "calls-1-spoke_with": "长" * 51,
    "deeds-0-matter": "长" * 501,
}


@pytest.mark.parametrize("name", HALF_TYPED)
def test_half_typed_field_is_complained_of_and_everything_else_is_saved(client, draft, name):
    autosave(client, draft)
    before = entry_of(Visit.objects.get())
    draft.refresh_from_db()
    changes = {"summary": "又写了一段", "calls-4-raised": "井盖坏了", name: HALF_TYPED[name]}
    told = autosave(client, draft, **changes).json()
    assert set(told["complaints"]) == {name}
    after = entry_of(Visit.objects.get())
    assert (after.summary, after.calls[4].raised) == ("又写了一段", "井盖坏了")
    # The field itself keeps what was stored.
    for field in ("started_at", "visited_on", "activities", "deeds"):
        assert getattr(after, field) == getattr(before, field)
    assert after.calls[1] == before.calls[1]


def test_leaving_before_arriving_holds_back_only_the_hours(client, draft):
    autosave(client, draft)
    draft.refresh_from_db()
    told = autosave(client, draft, started_at="14:00", ended_at="13:00", summary="又写了一段").json()
    assert set(told["complaints"]) == {"ended_at"}
    visit = Visit.objects.get()
    assert (visit.started_at, visit.ended_at, visit.summary) == (time(9), time(11, 30), "又写了一段")


@pytest.mark.parametrize(("typed", "stored"), [("0905", time(9, 5)), ("9", time(9)), ("９：０５", time(9, 5)),
                                               ("23.59", time(23, 59)), ("", None)])  # fmt: skip
def test_times_are_read_as_they_are_typed(client, draft, typed, stored):
    autosave(client, draft, started_at=typed, ended_at="")
    assert Visit.objects.get().started_at == stored


@pytest.mark.parametrize("changes", [{"calls-TOTAL_FORMS": "x"}, {"revision": ""}, {"revision": "-1"}])
def test_page_that_cannot_be_counted_changes_nothing(client, draft, changes):
    autosave(client, draft)
    before = entry_of(Visit.objects.get())
    draft.refresh_from_db()
    answer = autosave(client, draft, summary="又写了一段", **changes)
    assert answer.status_code == 400
    assert entry_of(Visit.objects.get()) == before


def test_too_many_rows_keep_the_stored_ones(client, draft):
    autosave(client, draft)
    draft.refresh_from_db()
    told = autosave(client, draft, households=61, summary="又写了一段").json()
    assert told["complaints"][""]
    visit = Visit.objects.get()
    assert (visit.calls.count(), visit.summary) == (5, "又写了一段")


def test_two_pages_never_overwrite_each_other(client, draft):
    first, second = str(uuid4()), str(uuid4())
    assert autosave(client, draft, page=first, step=1, summary="第一页").status_code == 200
    answer = autosave(client, draft, page=second, step=1, summary="第二页")
    assert answer.status_code == 409
    told = answer.json()
    assert [row[1:] for row in told["rows"]] == [["第二页", "第一页"]]
    assert Visit.objects.get().summary == "第一页"
    draft.revision = told["revision"]  # the person has seen both and keeps the second
    assert autosave(client, draft, page=second, step=2, summary="第二页").status_code == 200
    draft.revision = 1
    assert autosave(client, draft, page=first, step=2, summary="第一页续").status_code == 409


def test_page_whose_answer_was_lost_goes_on_with_its_old_revision(client, draft):
    mine = str(uuid4())
    for step, text in enumerate(("一", "一二", "一二三"), 1):
        assert autosave(client, draft, page=mine, step=step, summary=text).status_code == 200
    assert Visit.objects.get().summary == "一二三"
    late = autosave(client, draft, page=mine, step=2, summary="一二")  # overtaken on the way
    assert late.status_code == 409
    assert Visit.objects.get().summary == "一二三"


def test_handing_in_overtakes_a_save_under_way(client, author, draft):
    mine = str(uuid4())
    autosave(client, draft, page=mine, step=1, summary="写到一半")
    handed_in = client.post(f"/visits/{draft.pk}/edit/", page(draft, action="submit", page=mine, step=2))
    assert handed_in.status_code == 302
    answer = autosave(client, draft, page=mine, step=3, summary="太晚了")
    assert answer.status_code == 409
    assert not answer.json()["is_open"]
    assert Visit.objects.get().summary == "入户五户"


def test_discarded_draft_is_not_found(client, draft):
    Visit.objects.all().delete()
    assert autosave(client, draft).status_code == 404


def test_trail_gets_one_save_for_a_spell_of_writing(author, draft):
    by, start = author.user, timezone.now()
    for minutes, text in ((0, "一"), (2, "二"), (9, "三"), (11, "四"), (12, "五"), (30, "六")):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            save_draft(by=by, visit=draft, revision=draft.revision, entry=full_entry(draft.village, summary=text))
        draft.refresh_from_db()
    saves = Event.objects.about(Visit, draft.pk).filter(action="save").order_by("id")
    assert [round((event.at - start).total_seconds() / 60) for event in saves] == [0, 11, 30]
    assert draft.revision == 6


def test_fallen_back_entry_is_otherwise_untouched(world):
    village = world.own.village
    stored = full_entry(village)
    typed = full_entry(village, summary="x", calls=(CallEntry("a b", raised="y"), *stored.calls), activities=())
    assert fall_back(typed, stored, ["calls-0-raised"]).calls[0] == CallEntry("a b", raised="路灯不亮")
    assert fall_back(typed, stored, ["calls-5-raised"]).calls[5].raised == ""
    assert fall_back(typed, stored, ["summary"]).summary == stored.summary
    assert fall_back(typed, stored, ["__all__", "nonsense"]) == typed
    both = full_entry(village, activities=(ActivityEntry("screening"), ActivityEntry("publicity", 3)))
    kinds = [row.kind for row in fall_back(both, full_entry(village, activities=()), ["activities-1-note"]).activities]
    assert kinds == ["publicity"]


# --- households to choose from


def offered(client: Client, visit: Visit, **query) -> list:
    return client.get(f"/visits/{visit.pk}/households/", query).json()


def test_households_not_called_on_for_longest_come_first(world, author, client, draft):
    village = world.own.village
    rows = [
        make_household(village, address=f"{n}组1号", head_name=name) for n, name in enumerate(("钱多", "孙少", "𠮷田"))
    ]
    for days, household in ((3, rows[0]), (40, rows[1])):
        visit = make_visit(author, village, visited_on=yesterday() - timedelta(days=days))
        visit.calls.create(household=household, called_on=visit.visited_on)
    unfinished = make_visit(author, village, state=VisitState.DRAFT)
    unfinished.calls.create(household=rows[2], called_on=unfinished.visited_on)
    assert [row["label"] for row in offered(client, draft)] == ["2组1号 𠮷田", "1组1号 孙少", "0组1号 钱多"]
    assert "not called on yet" in offered(client, draft)[0]["hint"]
    assert [row["label"] for row in offered(client, draft, q="ss")] == ["1组1号 孙少"]
    assert [row["label"] for row in offered(client, draft, q="0组")] == ["0组1号 钱多"]


def test_households_of_a_village_that_is_not_ones_own_are_not_offered(world, client, draft):
    make_household(world.foreign.village, head_name="外人")
    assert offered(client, draft, village=world.foreign.village.code) == []
    for code in ("nonsense", "\x00", "9" * 99):
        assert client.get(f"/visits/{draft.pk}/households/", {"village": code}).status_code in (200, 404)


def test_same_five_doors_are_hinted_at_and_never_refused(world, author, client, draft):
    village = world.own.village
    before = make_visit(author, village, visited_on=yesterday() - timedelta(days=7), households=5, deeds=1)
    labels = [str(call.household) for call in before.calls.select_related("household")]
    same = {f"calls-{number}-household": text for number, text in enumerate(labels)}
    hint = autosave(client, draft, **same).json()["same_doors"]
    assert f"{before.visited_on:%Y-%m-%d}" in hint
    draft.refresh_from_db()
    assert autosave(client, draft, **{**same, "calls-0-household": "9组9号 新人"}).json()["same_doors"] == ""
    draft.refresh_from_db()
    answer = client.post(f"/visits/{draft.pk}/edit/", page(draft, action="submit", **same))
    assert answer.status_code == 302


def test_companions_of_last_time_are_offered_and_nothing_else(world, author, client, draft):
    other = world.own.auxiliaries[0]
    last = make_visit(author, world.own.village, visited_on=date(2026, 1, 5), households=2)
    last.attendees.create(officer=other, visited_on=last.visited_on, is_counting=True)
    html = client.get(f"/visits/{draft.pk}/edit/").content.decode()
    assert f'data-last-time="{other.pk} "' in html
    assert str(last.calls.select_related("household").first().household) not in html


def test_late_log_says_so_while_it_is_written(author, world, client):
    old = open_visit(
        by=author.user, officer=author, village=world.own.village, visited_on=timezone.localdate() - timedelta(days=30)
    )
    assert "will be marked as entered late" in client.get(f"/visits/{old.pk}/edit/").content.decode()


def test_returned_log_saves_too_and_its_version_stays(author, world, draft, client):
    saved = save_draft(by=author.user, visit=draft, revision=0, entry=full_entry(draft.village))
    visit = submit_visit(by=author.user, visit=saved, revision=saved.revision)
    visit = return_visit(by=world.own.chief.user, visit=visit, reason="请补充")
    assert autosave(client, visit, summary="补充中").status_code == 200
    assert [version.entry["summary"] for version in visit.versions.all()] == [full_entry(draft.village).summary]
    with pytest.raises(Conflict):
        save_draft(by=author.user, visit=visit, revision=0, entry=full_entry(draft.village), page=OpenPage(uuid4(), 9))
