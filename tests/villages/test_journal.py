"""The village's journal (R4): who writes, reads, corrects and pins; what happened by itself; nothing is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_assignment, make_officer
from tests.patrols.factories import make_visit
from villages import journal
from villages.models import JournalCorrection, JournalEntry, JournalRead, Officer, Village
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db


def entry_of(author: Officer, village, text: str = "夜里有陌生车辆", **options) -> JournalEntry:
    values = {"kind": "notice", "pinned": False, **options}
    return journal.write_entry(by=author.user, village=village, author=author, text=text, **values)


def unread_by_village(user) -> dict[int, int]:
    villages = journal.with_unread(Village.objects.all(), user).filter(unread_count__gt=0)
    return dict(villages.values_list("pk", "unread_count"))


def page(village) -> str:
    return reverse("village_journal", args=[village.code])


def test_what_one_writes_the_others_find_unread_until_they_say_that_they_read_it(client, world):
    village, author, auxiliary = world.own.village, world.own.officers[0], world.own.auxiliaries[0]
    client.force_login(author.user)
    answer = client.post(page(village), {"text": "明日停水，通知独居老人", "kind": "warning"})
    assert answer.status_code == 302
    entry = JournalEntry.objects.get()
    assert (entry.author, entry.kind) == (author, "warning")
    assert unread_by_village(author.user) == {}
    assert unread_by_village(auxiliary.user) == {village.pk: 1}
    assert unread_by_village(world.own.clerk.user) == {village.pk: 1}
    # Those who look in from outside are asked to read nothing, and a foreign station sees nothing.
    assert unread_by_village(world.brigade) == {}
    assert unread_by_village(world.foreign.clerk.user) == {}
    client.force_login(auxiliary.user)
    assert "明日停水" in client.get("/today/").content.decode()
    client.get(page(village))
    client.get(reverse("journal_entry", args=[village.code, entry.pk]))
    assert not JournalRead.objects.exists(), "looking at a page marks nothing"
    read = reverse("journal_read", args=[village.code, entry.pk])
    for _twice in range(2):
        assert client.post(read, {"next": "/today/"}).headers["Location"] == "/today/"
    assert JournalRead.objects.count() == 1
    assert "明日停水" not in client.get("/today/").content.decode()
    assert client.post(read, {"next": "//evil.example/"}).headers["Location"] == page(village)


def test_marks_are_shown_to_the_author_and_the_station_alone(client, world):
    village, author, auxiliary = world.own.village, world.own.officers[0], world.own.auxiliaries[0]
    entry = entry_of(author, village)
    journal.mark_read(by=auxiliary.user, reader=auxiliary, entries=[entry])
    seen = {}
    for name, user in (
        ("author", author.user),
        ("chief", world.own.chief.user),
        ("auxiliary", auxiliary.user),
        ("brigade", world.brigade),
    ):
        client.force_login(user)
        lines = client.get(page(village)).context
        line = next(line for line in [*lines["on_top"], *lines["lines"]] if line.entry)
        seen[name] = [mark.officer.name for mark in line.read_by]
    assert seen == {"author": [auxiliary.name], "chief": [auxiliary.name], "auxiliary": [], "brigade": []}


def test_correction_keeps_what_stood_before_and_asks_to_be_read_again(client, world):
    village, author, auxiliary = world.own.village, world.own.officers[0], world.own.auxiliaries[0]
    entry = entry_of(author, village, "川A1234")
    journal.mark_read(by=auxiliary.user, reader=auxiliary, entries=[entry])
    assert unread_by_village(auxiliary.user) == {}
    address = reverse("journal_entry", args=[village.code, entry.pk])
    client.force_login(author.user)
    seen = entry.stands_since.isoformat()
    assert client.post(address, {"text": "川A1235", "kind": "notice", "seen": seen}).status_code == 302
    assert unread_by_village(auxiliary.user) == {village.pk: 1}
    assert JournalCorrection.objects.get().text == "川A1234"
    client.force_login(auxiliary.user)
    text = client.get(address).content.decode()
    assert "川A1234" in text
    assert "川A1235" in text
    # A second window with the older text loses, and both texts are on the page.
    client.force_login(author.user)
    late = client.post(address, {"text": "川A9999", "kind": "notice", "seen": seen})
    assert late.status_code == 409
    assert "川A9999" in late.content.decode()
    assert "川A1235" in late.content.decode()
    # The trail, which others read, says that it was corrected and not what was written.
    assert "川A" not in "".join(str(event.detail) for event in Event.objects.all())


def test_entry_is_corrected_by_its_author_for_a_day_and_by_nobody_else(client, world):
    village, author = world.own.village, world.own.officers[0]
    entry = entry_of(author, village)
    address = reverse("journal_entry", args=[village.code, entry.pk])
    data = {"text": "改", "kind": "notice", "seen": entry.stands_since.isoformat()}
    for user in (world.own.auxiliaries[0].user, world.own.chief.user, world.brigade):
        client.force_login(user)
        assert client.post(address, data).status_code == 403
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        client.force_login(author.user)
        assert client.post(address, data).status_code == 403
    with pytest.raises(ValidationError):
        journal.correct_entry(by=author.user, entry=entry, text=" ", kind="notice", seen=entry.stands_since)
    with pytest.raises(Conflict):
        journal.correct_entry(
            by=author.user, entry=entry, text="x", kind="notice", seen=entry.stands_since - timedelta(1)
        )
    client.force_login(author.user)
    assert client.post(address, {**data, "seen": "garbage"}).status_code == 200
    assert client.post(address, data).status_code == 302


def test_pinned_stays_on_top_whatever_the_month(client, world):
    village, author = world.own.village, world.own.officers[0]
    entry = entry_of(author, village, "值班电话 82512345")
    JournalEntry.objects.update(
        written_at=timezone.now() - timedelta(days=200), stands_since=timezone.now() - timedelta(days=200)
    )
    client.force_login(world.own.auxiliaries[0].user)
    assert "82512345" not in client.get(page(village)).content.decode()
    pin = reverse("journal_pin", args=[village.code, entry.pk])
    assert client.post(pin, {"pinned": "1"}).status_code == 403
    client.force_login(world.own.chief.user)
    assert client.post(pin, {"pinned": "1"}).status_code == 302
    client.force_login(world.own.auxiliaries[0].user)
    assert "82512345" in client.get(page(village)).content.decode()
    client.force_login(author.user)
    client.post(pin, {"pinned": "0"})
    entry.refresh_from_db()
    assert not entry.is_pinned


def test_visits_stand_between_the_entries_in_the_order_of_time(client, world):
    village, author = world.own.village, world.own.officers[0]
    now = timezone.now()
    first, last = entry_of(author, village, "先"), entry_of(author, village, "后")
    for entry, hours in ((first, 3), (last, 1)):
        at = now - timedelta(hours=hours)
        JournalEntry.objects.filter(pk=entry.pk).update(written_at=at, stands_since=at)
    visit = make_visit(author, village, households=2, submitted_at=now - timedelta(hours=2))
    client.force_login(author.user)
    periods = {timezone.localtime(now - timedelta(hours=hours)).strftime("%Y-%m") for hours in (1, 2, 3)}
    lines = [
        line
        for period in sorted(periods, reverse=True)
        for line in client.get(page(village), {"period": period}).context["lines"]
    ]
    shown = [line.entry.text if line.entry else line.happened.url for line in lines]
    assert [text for text in shown if text in ("先", "后", visit.get_absolute_url())] == [
        "后",
        visit.get_absolute_url(),
        "先",
    ]


def test_registered_source_counts_once(world, monkeypatch):
    monkeypatch.setattr(journal, "_sources", {})

    def source(user, village, span):
        yield journal.Happened(at=timezone.now(), label="x", text="y")

    journal.register_source(source)
    journal.register_source(source)
    assert len(journal.happened(world.brigade, world.own.village, None)) == 1


def test_journal_asks_as_often_for_many_entries(client, world):
    village, author = world.own.village, world.own.officers[0]
    client.force_login(world.own.chief.user)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(village)).status_code == 200
        return len(queries)

    for pinned in (True, False):
        entry = entry_of(author, village, pinned=pinned)
        journal.mark_read(by=author.user, reader=world.own.auxiliaries[0], entries=[entry])
    make_visit(author, village)
    few = count()
    for number in range(30):
        entry = entry_of(author, village, f"第{number}条", pinned=number % 2 == 0)
        journal.mark_read(by=author.user, reader=world.own.auxiliaries[0], entries=[entry])
    assert count() <= few


@pytest.mark.parametrize("period", ["2026-13", "\x00", "9999-12", "2099-01", "2000-01", "x" * 500])
def test_garbage_as_a_month_is_this_month_or_empty(client, world, period):
    client.force_login(world.own.chief.user)
    assert client.get(page(world.own.village), {"period": period}).status_code == 200


def test_who_came_and_who_went_stands_in_the_journal_on_its_day(client, world):
    village, officer = world.own.village, world.own.officers[0]
    today = timezone.localdate()
    held = village.assignments.get(officer=officer)
    held.end_on = today - timedelta(days=1)
    held.save()
    make_assignment(village, make_officer(name="接任者"), today)
    client.force_login(world.own.chief.user)
    texts = []
    for day in {today.strftime("%Y-%m"), (today - timedelta(days=1)).strftime("%Y-%m")}:
        lines = client.get(page(village), {"period": day}).context["lines"]
        texts += [line.happened.text for line in lines if line.happened]
    assert any("接任者" in text for text in texts)
    assert any(officer.name in text for text in texts)
