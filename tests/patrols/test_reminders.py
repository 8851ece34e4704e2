"""Reminders: who gets one, that everybody gets one only, and that two sweeps at once share the work (R22)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from patrols import reminders
from patrols.choices import NoticeKind, ReportKind
from patrols.models import InboxItem, Reminder
from patrols.outstanding import asked_periods, outstanding
from patrols.reminders import Swept, sweep
from patrols.report_reminders import dues
from patrols.reports import hand_in
from tests.factories import make_assignment, make_officer, make_station_side, make_village
from xinjin.periods import Month, Week
from xinjin.workdays.models import WorkdayOverride

MONDAY = date(2026, 11, 23)


def people(count: int = 3):
    found = []
    for _number in range(count):
        officer = make_officer()
        make_assignment(make_village(), officer)
        found.append(officer)
    return found


def keys(day: date) -> list[str]:
    return [period.key for _kind, period in asked_periods(day)]


@pytest.mark.django_db
def test_periods_are_asked_for_from_their_last_working_day():
    assert keys(date(2026, 11, 19)) == ["2026-W45", "2026-W46", "2026-09", "2026-10"]
    assert keys(date(2026, 11, 20)) == ["2026-W45", "2026-W46", "2026-W47", "2026-09", "2026-10"]
    assert keys(date(2026, 11, 30))[-1] == "2026-11"


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 11, 23 + offset) for offset in range(7)])
def test_start_on_any_weekday_reminds_of_last_week_and_last_month(day):
    officer = people(1)[0]
    sweep(day=day)
    told = set(Reminder.objects.filter(recipient=officer).values_list("kind", "period"))
    assert {("weekly_report", "2026-W47"), ("monthly_report", "2026-10")} <= told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "weeks", "months"),
    [
        (date(2026, 12, 28), ["2026-W51", "2026-W52"], ["2026-10", "2026-11"]),
        (date(2026, 12, 31), ["2026-W51", "2026-W52", "2026-W53"], ["2026-10", "2026-11", "2026-12"]),
        (date(2027, 1, 1), ["2026-W51", "2026-W52", "2026-W53"], ["2026-11", "2026-12"]),
        (date(2027, 1, 4), ["2026-W52", "2026-W53"], ["2026-11", "2026-12"]),
    ],
)
def test_year_turn_asks_for_the_right_periods(day, weeks, months):
    WorkdayOverride.objects.create(day=date(2027, 1, 1), is_workday=False)
    found = keys(day)
    assert [key for key in found if "W" in key] == weeks
    assert [key for key in found if "W" not in key] == months


@pytest.mark.django_db
def test_sweep_twice_reminds_once():
    people(3)
    first = sweep(day=MONDAY)
    assert first.created == first.delivered == InboxItem.objects.count() > 0
    assert sweep(day=MONDAY) == Swept(0, 0)
    assert InboxItem.objects.count() == Reminder.objects.count() == first.created


@pytest.mark.django_db
def test_handed_in_reports_are_not_reminded():
    side = make_station_side()
    officer = side.officers[0]
    hand_in(by=officer.user, officer=officer, kind=ReportKind.WEEKLY, period=Week(2026, 47))
    sweep(day=MONDAY)
    assert not Reminder.objects.filter(recipient=officer, period="2026-W47").exists()
    assert Reminder.objects.filter(recipient=officer, period="2026-10").exists()
    assert Reminder.objects.filter(recipient=side.officers[1], period="2026-W47").exists()


@pytest.mark.django_db
def test_report_handed_in_between_storing_and_delivery_leaves_no_inbox_item():
    officer = make_station_side().officers[0]
    waiting = outstanding(MONDAY, officer_ids=[officer.pk])
    assert reminders.store(dues(waiting)) == len(waiting)
    hand_in(by=officer.user, officer=officer, kind=ReportKind.WEEKLY, period=Week(2026, 47))
    assert reminders.deliver_batch(MONDAY) == len(waiting) - 1
    assert not InboxItem.objects.filter(reminder__period="2026-W47").exists()
    assert not Reminder.objects.filter(delivered_at=None).exists()


@pytest.mark.django_db
def test_handing_in_marks_the_reminder_done_and_the_other_stays():
    officer = make_station_side().officers[0]
    sweep(day=MONDAY)
    hand_in(by=officer.user, officer=officer, kind=ReportKind.WEEKLY, period=Week(2026, 47))
    items = InboxItem.objects.filter(recipient=officer)
    assert items.get(reminder__period="2026-W47").done_at is not None
    assert items.get(reminder__period="2026-W46").done_at is None


@pytest.mark.django_db
def test_item_delivered_in_the_moment_of_handing_in_is_settled_by_the_next_sweep():
    officer = make_station_side().officers[0]
    sweep(day=MONDAY)
    hand_in(by=officer.user, officer=officer, kind=ReportKind.WEEKLY, period=Week(2026, 47))
    InboxItem.objects.update(done_at=None)
    sweep(day=MONDAY)
    assert list(InboxItem.objects.exclude(done_at=None).values_list("reminder__period", flat=True)) == ["2026-W47"]


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_he_does_not_owe():
    gone = make_officer()
    make_assignment(make_village(), gone, date(2026, 1, 1), date(2026, 6, 30))
    sweep(day=MONDAY)
    assert not Reminder.objects.exists()


@pytest.mark.django_db
def test_sweep_takes_as_many_queries_for_thirty_as_for_one():
    people(1)
    with CaptureQueriesContext(connection) as one:
        sweep(day=MONDAY)
    people(29)
    with CaptureQueriesContext(connection) as thirty:
        sweep(day=MONDAY)
    assert len(thirty) == len(one)


@pytest.mark.django_db
def test_command_replays_a_day():
    people(1)
    out = StringIO()
    call_command("sweep", date=date(2026, 1, 5), stdout=out)
    assert "reminders stored" in out.getvalue()
    assert set(Reminder.objects.values_list("period", flat=True)) == {"2025-W52", "2026-W01", "2025-11", "2025-12"}


def race(monkeypatch, *, claim=None) -> list:
    """Two sweeps whose claims wait for each other; returns what each answered, errors included."""
    together = threading.Barrier(2)
    chosen = claim or reminders.claim

    def met(batch):
        with suppress(threading.BrokenBarrierError):  # the other sweep found nothing left and is gone
            together.wait(5)
        found = chosen(batch)
        with suppress(threading.BrokenBarrierError):
            together.wait(5)
        return found

    monkeypatch.setattr(reminders, "claim", met)

    def run(_number):
        try:
            return sweep(day=MONDAY)
        except IntegrityError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


@pytest.mark.usefixtures("committed")
def test_two_sweeps_at_once_deliver_once(monkeypatch):
    people(3)
    answers = race(monkeypatch)
    assert all(isinstance(answer, Swept) for answer in answers)
    assert sum(answer.delivered for answer in answers) == InboxItem.objects.count() == Reminder.objects.count() > 0
    assert set(InboxItem.objects.values_list("kind", flat=True)) == {
        NoticeKind.WEEKLY_REPORT,
        NoticeKind.MONTHLY_REPORT,
        NoticeKind.COUNCIL_DUE,
    }


@pytest.mark.usefixtures("committed")
def test_control_without_the_claim_two_sweeps_collide(monkeypatch):
    people(3)

    def unguarded(batch):
        return list(Reminder.objects.filter(delivered_at=None).order_by("id")[:batch])

    answers = race(monkeypatch, claim=unguarded)
    assert any(isinstance(answer, IntegrityError) for answer in answers)


@pytest.mark.django_db
def test_asked_periods_of_months_are_months():
    assert all(isinstance(period, Week | Month) for _kind, period in asked_periods(MONDAY))
