"""What a log said each time, who sees it how, and what may be added after the lock."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from patrols.corrections import add_note
from patrols.entries import CallEntry, DeedEntry
from patrols.models import CorrectionNote, Visit
from patrols.months import seal_month
from patrols.versions import changes, document, history
from patrols.visits import open_visit, return_visit, save_draft, submit_visit
from tests.factories import make_station_world
from tests.patrols.factories import full_entry, make_visit, yesterday
from tests.patrols.test_visit_pages import signed_in
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month, Week

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_station_world()


def hand_in(visit: Visit, entry) -> Visit:
    by = visit.officer.user
    saved = save_draft(by=by, visit=visit, revision=visit.revision, entry=entry)
    return submit_visit(by=by, visit=saved, revision=saved.revision)


@pytest.fixture
def corrected(world) -> Visit:
    """A log that was handed in, returned with a remark, and handed in again with three changes."""
    author, side = world.own.officers[0], world.own
    visit = open_visit(by=author.user, officer=author, village=side.village, visited_on=yesterday())
    first = full_entry(side.village)
    visit = hand_in(visit, first)
    visit = return_visit(by=side.chief.user, visit=visit, reason="实事结果写清楚")
    calls = (replace(first.calls[0], raised="路灯已报修"), *first.calls[1:], CallEntry("9组9号 欧阳青"))
    second = replace(first, calls=calls, deeds=(replace(first.deeds[0], result="社保卡已送到张大爷家"),))
    return hand_in(visit, second)


def test_versions_hold_each_text_and_what_changed(corrected):
    newest, first = history(corrected, in_full=True)
    assert (newest.version.number, first.version.number) == (2, 1)
    assert newest.returned.reason == "实事结果写清楚"
    assert [(change.label, bool(change.before), bool(change.after)) for change in newest.changes] == [
        ("Households called on, row 1", True, True),
        ("Households called on, row 6", False, True),
        ("Deeds, row 1", True, True),
    ]
    assert "已送到家" in newest.changes[2].before
    assert first.changes == []


def test_row_that_only_moved_is_no_change(world):
    entry = full_entry(world.own.village)
    moved = replace(entry, calls=(CallEntry("0组0号 新人"), *entry.calls))
    found = changes(document(entry, []), document(moved, []), in_full=True)
    assert [(change.before, change.after) for change in found] == [("", "0组0号 新人")]


def test_every_field_is_compared(world):
    entry = full_entry(world.own.village)
    other = full_entry(
        world.foreign.village,
        visited_on=yesterday().replace(day=1),
        started_at=None,
        ended_at=None,
        companions=frozenset({world.own.auxiliaries[0]}),
        calls=(),
        deeds=(DeedEntry("x", "y", "passed_on", "z"),),
        activities=(),
        summary="",
        photo_waiver="",
        shortfall_reason="下雨",
    )
    found = changes(document(entry, ["a"]), document(other, []), in_full=True)
    labels = {change.label.partition(",")[0] for change in found}
    assert len(labels) == 12, labels


@pytest.mark.parametrize(("who", "in_full"), [("author", True), ("chief", True), ("brigade", False)])
def test_residents_are_masked_in_versions_as_in_the_log(world, corrected, who, in_full):
    users = {"author": world.own.officers[0].user, "chief": world.own.chief.user, "brigade": world.brigade}
    client = signed_in(users[who])
    for address in (f"/visits/{corrected.pk}/versions/", f"/visits/{corrected.pk}/"):
        html = client.get(address).content.decode()
        assert ("欧阳青" in html) is in_full
        assert ("欧阳**" in html or "欧**" in html) is not in_full
        assert "路灯已报修" in html


def test_station_sees_what_changed_since_it_returned_the_log(world, corrected):
    html = signed_in(world.own.chief.user).get(f"/visits/{corrected.pk}/").content.decode()
    assert "Changed since it was returned" in html
    assert "社保卡已送到张大爷家" in html
    assert (
        "Changed since"
        not in signed_in(world.own.chief.user)
        .get(f"/visits/{make_visit(world.own.officers[0], world.own.village).pk}/")
        .content.decode()
    )


def test_log_from_before_versions_keeps_its_first_text_when_it_is_returned(world):
    visit = make_visit(world.own.officers[0], world.own.village, households=5, deeds=1, summary="旧日志")
    visit = return_visit(by=world.own.chief.user, visit=visit, reason="补充")
    (version,) = visit.versions.all()
    assert (version.entry["summary"], version.handed_in_at, version.by) == (
        "旧日志", visit.submitted_at, visit.officer.user,
    )  # fmt: skip


def lock(visit: Visit) -> None:
    seal_month(by=None, key=Month.counting(visit.visited_on).key)


def test_note_waits_for_the_lock_and_changes_no_figure(world, corrected):
    by = world.own.chief.user
    with pytest.raises(Conflict):
        add_note(by=by, visit=corrected, text="应为三组")
    lock(corrected)
    before = Visit.objects.values().get()
    known = uuid4()
    notes = [add_note(by=by, visit=corrected, text=" 应为三组 ", id=known) for _ in range(3)]
    assert {(note.pk, note.text) for note in notes} == {(known, "应为三组")}
    assert CorrectionNote.objects.count() == Event.objects.filter(action="annotate").count() == 1
    assert "应为三组" not in str(Event.objects.get(action="annotate").detail)
    assert Visit.objects.values().get() == before
    with pytest.raises(ValidationError):
        add_note(by=by, visit=corrected, text=" \n")


def test_draft_takes_no_note(world):
    visit = make_visit(world.own.officers[0], world.own.village, state="draft")
    lock(visit)
    with pytest.raises(Conflict):
        add_note(by=visit.officer.user, visit=visit, text="x")


def test_note_is_offered_instead_of_the_return_and_read_by_all(world, corrected):
    client, address = signed_in(world.own.chief.user), f"/visits/{corrected.pk}/"
    html = client.get(address).content.decode()
    assert f'action="{address}return/"' in html
    assert f'action="{address}notes/"' not in html
    lock(corrected)
    html = client.get(address).content.decode()
    assert f'action="{address}return/"' not in html
    assert f'action="{address}notes/"' in html
    refused = client.post(f"{address}notes/", {"text": " "})
    assert refused.status_code == 200
    assert "field__errors" in refused.content.decode()
    assert client.post(f"{address}notes/", {"text": "应为三组"}).status_code == 302
    assert "应为三组" in signed_in(world.inspector).get(address).content.decode()
    assert f'action="{address}notes/"' not in signed_in(world.inspector).get(address).content.decode()


def test_versions_page_takes_the_same_queries_for_one_and_for_many(world, corrected, django_assert_max_num_queries):
    client = signed_in(world.own.chief.user)

    def queries() -> int:
        with django_assert_max_num_queries(20) as found:
            assert client.get(f"/visits/{corrected.pk}/versions/").status_code == 200
        return len(found)

    queries()  # what is read once
    few = queries()
    visit = corrected
    for number in range(4):
        visit = return_visit(by=world.own.chief.user, visit=visit, reason="再补充")
        visit = hand_in(visit, full_entry(visit.village, summary=f"第{number}次"))
    assert queries() == few


def test_late_entry_is_marked_wherever_the_log_is_seen(world):
    author, village = world.own.officers[0], world.own.village
    visit = make_visit(author, village, households=5, deeds=1, is_late=True)
    week = Week.of(visit.visited_on).key
    client = signed_in(world.own.chief.user)
    for address in (
        "/visits/", f"/visits/{visit.pk}/", f"/coverage/{village.code}/{week}/", f"/villages/{village.code}/",
        f"/admin/patrols/visit/{visit.pk}/change/",
    ):  # fmt: skip
        assert "Entered late" in client.get(address).content.decode(), address
