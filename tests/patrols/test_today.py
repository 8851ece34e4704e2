"""The officer's week and the inbox."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patrols import week
from patrols.choices import ActivityKind, NoticeKind, VisitState
from patrols.inbox import leave_notice, mark_read
from patrols.models import Activity, InboxItem
from patrols.reminders import sweep
from patrols.week import officer_week
from tests.factories import make_assignment, make_station_world, make_village
from tests.patrols.factories import make_visit
from villages.models import Absence

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def world():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield make_station_world()


def test_week_says_what_is_done_and_what_is_owed(world):
    officer = world.own.officers[0]
    visit = make_visit(officer, world.own.village, visited_on=TODAY)
    Activity.objects.create(visit=visit, visited_on=visit.visited_on, kind=ActivityKind.BRIEFING)
    found = officer_week(officer, TODAY).villages[0]
    tones = {status.duty.code: status.tone for status in found.duties}
    assert tones == {
        "visit": "ok",
        "screening": "warn",
        "briefing": "ok",
        "group_patrol": "warn",
        "publicity": "warn",
        "council": "warn",
    }
    assert found.last_visit_on == TODAY
    assert [duty.code for duty in found.left_over] == ["visit", "screening", "briefing", "group_patrol"]


def test_week_of_absence_owes_nothing(world):
    officer = world.own.officers[0]
    Absence.objects.create(officer=officer, kind="leave", start_on=date(2026, 11, 16), end_on=date(2026, 11, 29))
    found = officer_week(officer, TODAY)
    weekly = [status for status in found.villages[0].duties if not status.duty.monthly]
    assert {status.tone for status in weekly} == {"muted"}
    assert found.villages[0].left_over == []
    assert len(found.absences) == 1


def test_page_shows_villages_drafts_and_reports(client, world):
    officer = world.own.officers[0]
    draft = make_visit(officer, world.own.village, state=VisitState.DRAFT)
    client.force_login(officer.user)
    text = client.get("/today/").content.decode()
    assert world.own.village.name in text
    assert str(draft.pk) in text
    assert "2026-W47" in text
    assert world.foreign.village.name not in text


def test_page_is_for_officers_and_shows_an_account_without_person(client, world):
    client.force_login(world.brigade)
    assert client.get("/today/").status_code == 403
    officer = world.own.officers[0]
    user, officer.user = officer.user, None
    officer.save()
    client.force_login(user)
    assert client.get("/today/").status_code == 200
    assert client.get("/reports/").status_code == 200
    assert client.get("/inbox/").status_code == 200


def test_page_takes_a_constant_number_of_queries(client, world):
    officer = world.own.officers[0]
    client.force_login(officer.user)
    client.get("/today/")
    with CaptureQueriesContext(connection) as one:
        client.get("/today/")
    for _number in range(29):
        village = make_village(station=world.own.station)
        make_assignment(village, officer)
        make_visit(officer, village, visited_on=TODAY)
    with CaptureQueriesContext(connection) as thirty:
        client.get("/today/")
    assert len(one) == len(thirty)


def test_registered_panels_are_shown_beside(client, world, monkeypatch):
    monkeypatch.setattr(week, "_panels", {})
    week.register_panel(lambda request, officer: None)
    week.register_panel(
        lambda request, officer: {"template": "_components/empty.html", "context": {"title": officer.name}}
    )
    client.force_login(world.own.officers[0].user)
    assert client.get("/today/").context["panels"][0]["context"]["title"] == world.own.officers[0].name


def test_inbox_lists_unread_first_and_done_last(client, world):
    officer = world.own.officers[0]
    sweep(day=TODAY)
    done, read, *_rest = InboxItem.objects.filter(recipient=officer).order_by("id")
    InboxItem.objects.filter(pk=done.pk).update(done_at=done.created_at)
    mark_read(by=officer.user, item=read)
    client.force_login(officer.user)
    items = [item for item, _text in client.get("/inbox/").context["rows"]]
    assert items[-1] == done
    assert items[-2] == read
    assert all(item.read_at is None for item in items[:-2])


def test_inbox_sentences_carry_their_record(client, world):
    officer = world.own.officers[0]
    leave_notice(officer, NoticeKind.VISIT_RETURNED, name="甲村 2026-11-18", url="/visits/", reason="补照片")
    client.force_login(officer.user)
    text = client.get("/inbox/").content.decode()
    assert "甲村 2026-11-18" in text
    assert "补照片" in text


def test_inbox_is_marked_by_its_recipient_only(client, world):
    officer = world.own.officers[0]
    item = leave_notice(officer, NoticeKind.REPORT_REVIEWED, period="2026-W47", url="/reports/")
    client.force_login(world.own.officers[1].user)
    assert client.post(f"/inbox/{item.pk}/read/").status_code == 404
    client.post("/inbox/read/")
    item.refresh_from_db()
    assert item.read_at is None
    client.force_login(officer.user)
    assert client.get(f"/inbox/{item.pk}/read/").status_code == 405
    assert client.post(f"/inbox/{item.pk}/read/").status_code == 302
    item.refresh_from_db()
    assert item.read_at is not None


def test_inbox_takes_a_constant_number_of_queries(client, world):
    officer = world.own.officers[0]
    client.force_login(officer.user)
    leave_notice(officer, NoticeKind.REPORT_REVIEWED, period="2026-W47")
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as one:
        client.get("/inbox/")
    for _number in range(29):
        leave_notice(officer, NoticeKind.REPORT_REVIEWED, period="2026-W47")
    with CaptureQueriesContext(connection) as thirty:
        client.get("/inbox/")
    assert len(one) == len(thirty)
