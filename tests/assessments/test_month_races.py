"""Closing a month while logs arrive: what is sealed is what the records give. The control run has no guard."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from assessments import monthly, signing
from assessments.card_store import differing
from assessments.models import Assessment, AssessmentMonth
from patrols import visits as verbs
from patrols.models import WorkMonth
from patrols.visits import open_visit, save_draft, submit_visit
from tests.assessments.factories import make_opened_month, openable, sign
from tests.patrols.factories import full_entry
from xinjin.errors import Conflict
from xinjin.periods import Month

pytestmark = pytest.mark.usefixtures("committed")
THREADS = 6


def in_thread(function, *args):
    try:
        return function(*args)
    finally:
        connections.close_all()


def signed_month_with_a_draft():
    """A month that only waits to be locked, and the log of an idle officer that is about to be handed in."""
    opened = make_opened_month()
    officer, village = opened.own.officers[1], opened.own.villages[1]
    day = opened.month.weeks()[0].start + timedelta(days=1)
    visit = open_visit(by=officer.user, officer=officer, village=village, visited_on=day)
    visit = save_draft(by=officer.user, visit=visit, revision=0, entry=full_entry(village, visited_on=day))
    for side in (opened.world.own, opened.world.foreign):
        sign(opened, side)
    return opened, visit


def race(opened, visit) -> str:
    """The writer has passed the month's check when the brigade locks; returns what the lock came to."""
    WorkMonth.objects.get_or_create(key=opened.month.key)
    checked, locked = threading.Event(), threading.Event()
    original = verbs._complete

    def pausing(*args):
        checked.set()
        locked.wait(timeout=1.5)  # a lock that has to wait for us never sets it
        return original(*args)

    def lock():
        checked.wait(timeout=5)
        try:
            monthly.lock_month(by=opened.world.brigade, month=opened.month)
        except ValidationError:
            return "refused"
        finally:
            locked.set()
        return "locked"

    verbs._complete = pausing
    try:
        with ThreadPoolExecutor(2) as pool:
            closer = pool.submit(in_thread, lock)
            pool.submit(in_thread, lambda: submit_visit(by=None, visit=visit, revision=1)).result()
            return closer.result()
    finally:
        verbs._complete = original


def is_true_to_the_records(opened) -> bool:
    row = AssessmentMonth.objects.select_related("rubric").get(pk=opened.month.key)
    return not differing(row.assessments.all(), monthly.current_cards(row))


def test_lock_waits_for_a_log_under_way_and_refuses_the_old_figures():
    opened, visit = signed_month_with_a_draft()
    assert race(opened, visit) == "refused"
    opened.row.refresh_from_db()
    assert opened.row.locked_at is None
    assert WorkMonth.objects.get(key=opened.month.key).sealed_at is None


def test_lock_without_the_shared_lock_seals_wrong_totals_control(monkeypatch):
    """With the guard off the month is locked although a log that it does not count stands in it."""

    def look_only(day):
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed_at FROM patrols_workmonth WHERE key = %s", [Month.counting(day).key])
            return cursor.fetchone()[0] is None

    monkeypatch.setattr(verbs, "hold_open", look_only)
    opened, visit = signed_month_with_a_draft()
    assert race(opened, visit) == "locked"
    assert not is_true_to_the_records(opened)


def test_log_after_the_lock_is_refused_and_changes_nothing():
    opened, visit = signed_month_with_a_draft()
    monthly.lock_month(by=opened.world.brigade, month=opened.month)
    with pytest.raises(ValidationError):
        submit_visit(by=None, visit=visit, revision=1)
    assert is_true_to_the_records(opened)


def test_month_opened_from_many_threads_is_one_month():
    opened = make_opened_month()
    Assessment.objects.all().delete()
    AssessmentMonth.objects.all().delete()
    together = threading.Barrier(THREADS)

    def open_it():
        together.wait()
        return monthly.open_month(by=None, month=openable()).pk

    with ThreadPoolExecutor(THREADS) as pool:
        keys = {job.result() for job in [pool.submit(in_thread, open_it) for _ in range(THREADS)]}
    assert keys == {opened.month.key}
    assert Assessment.objects.count() == 8


def test_station_signed_from_many_threads_is_one_signature():
    opened = make_opened_month()
    together = threading.Barrier(THREADS)
    signing.remark_rest(by=opened.chief, month=opened.month, station=opened.own.station, remark="good")

    def sign_it():
        together.wait()
        try:
            signing.sign_station(by=opened.chief, month=opened.month, station=opened.own.station)
        except Conflict:
            return 0
        return 1

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(job.result() for job in [pool.submit(in_thread, sign_it) for _ in range(THREADS)]) == 1
    assert opened.row.signatures.count() == 1
