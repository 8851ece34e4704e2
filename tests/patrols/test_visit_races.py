"""Two writers at once. Each race has a control run without its guard, which must show the harm."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from patrols import drafts
from patrols import visits as verbs
from patrols.choices import VisitState
from patrols.models import InboxItem, Visit, VisitTransition, WorkMonth
from patrols.months import seal_month
from patrols.visits import OpenPage, open_visit, save_draft, submit_visit
from tests.factories import make_station_side
from tests.patrols.factories import full_entry, yesterday
from villages.models import Household
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month

pytestmark = pytest.mark.usefixtures("committed")
THREADS = 8


def in_thread(function, *args):
    try:
        return function(*args)
    finally:
        connections.close_all()


def saved_draft(**changes) -> Visit:
    side = make_station_side()
    officer = side.officers[0]
    visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())
    return save_draft(by=officer.user, visit=visit, revision=0, entry=full_entry(side.village, **changes))


def test_submit_from_eight_threads_is_one_visit_one_transition_one_event():
    visit = saved_draft()
    together = threading.Barrier(THREADS)

    def submit():
        mine = Visit.objects.select_related("officer").get(pk=visit.pk)
        together.wait()
        return submit_visit(by=visit.officer.user, visit=mine, revision=1)

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [job.result() for job in [pool.submit(in_thread, submit) for _ in range(THREADS)]]
    assert {(answer.pk, answer.revision, answer.state) for answer in answers} == {(visit.pk, 2, "submitted")}
    assert VisitTransition.objects.count() == 1
    assert Event.objects.filter(action="submit").count() == 1
    assert Household.objects.count() == 5


def test_open_and_save_from_eight_threads_is_one_draft():
    side = make_station_side()
    officer, known = side.officers[0], Visit().pk
    together = threading.Barrier(THREADS)

    def write():
        together.wait()
        visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday(), id=known)
        return save_draft(by=officer.user, visit=visit, revision=0, entry=full_entry(side.village))

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [job.result() for job in [pool.submit(in_thread, write) for _ in range(THREADS)]]
    assert {(answer.pk, answer.revision) for answer in answers} == {(known, 1)}
    assert Visit.objects.get().calls.count() == 5


def test_overlapping_visits_of_one_author_do_not_both_pass():
    first = saved_draft()
    officer = first.officer
    second = open_visit(by=officer.user, officer=officer, village=first.village, visited_on=yesterday())
    entry = full_entry(first.village, started_at=time(10))
    second = save_draft(by=officer.user, visit=second, revision=0, entry=entry)
    together = threading.Barrier(2)

    def submit(visit):
        together.wait()
        try:
            return submit_visit(by=officer.user, visit=visit, revision=1).state
        except ValidationError as error:
            return sorted(error.message_dict)

    with ThreadPoolExecutor(2) as pool:
        answers = [job.result() for job in [pool.submit(in_thread, submit, visit) for visit in (first, second)]]
    assert sorted(answers, key=str) == [["started_at"], VisitState.SUBMITTED]


def race_with_sealer(visit: Visit) -> int:
    """The writer has passed the month's check when the sealer starts; returns how many visits the sealer counted."""
    key = Month.counting(visit.visited_on).key
    WorkMonth.objects.create(key=key)
    checked, counted = threading.Event(), threading.Event()
    original = verbs._complete

    def pausing(*args):
        checked.set()
        counted.wait(timeout=1.5)  # a sealer that has to wait for us never sets it
        return original(*args)

    def seal():
        checked.wait(timeout=5)
        with transaction.atomic():
            seal_month(by=None, key=key)
            found = Visit.objects.counting().count()
            counted.set()
        return found

    verbs._complete = pausing
    try:
        with ThreadPoolExecutor(2) as pool:
            sealer = pool.submit(in_thread, seal)
            pool.submit(in_thread, lambda: submit_visit(by=None, visit=visit, revision=1)).result()
            return sealer.result()
    finally:
        verbs._complete = original


def test_sealing_waits_for_a_writer_and_counts_his_visit():
    visit = saved_draft()
    assert race_with_sealer(visit) == 1
    assert Visit.objects.counting().count() == 1


def test_sealing_without_the_shared_lock_misses_a_visit_control(monkeypatch):
    """With the guard off the sealer counts nothing, yet the visit stands in the sealed month."""

    def look_only(day):
        key = Month.counting(day).key
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed_at FROM patrols_workmonth WHERE key = %s", [key])
            return cursor.fetchone()[0] is None

    monkeypatch.setattr(verbs, "hold_open", look_only)
    visit = saved_draft()
    assert race_with_sealer(visit) == 0
    assert Visit.objects.counting().count() == 1


def test_writer_after_the_sealer_is_refused():
    visit = saved_draft()
    sealed, tried = threading.Event(), threading.Event()

    def seal():
        with transaction.atomic():
            seal_month(by=None, key=Month.counting(visit.visited_on).key)
            sealed.set()
            tried.wait(timeout=1)

    def submit():
        sealed.wait(timeout=5)
        try:
            submit_visit(by=None, visit=visit, revision=1)
        except ValidationError as error:
            return sorted(error.message_dict)
        return []

    with ThreadPoolExecutor(2) as pool:
        sealer, writer = pool.submit(in_thread, seal), pool.submit(in_thread, submit)
        assert writer.result() == ["visited_on"]
        sealer.result()


def two_sweeps_at_once(monkeypatch) -> int:
    """Both find the same forgotten draft; returns how often its author is told."""
    side = make_station_side()
    officer = side.officers[0]
    visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())
    Visit.objects.update(saved_at=timezone.now() - timedelta(days=26))

    def slow(visit):
        sleep(0.4)  # long enough for the other one to look, before this one commits
        return f"/visits/{visit.pk}/edit/"

    monkeypatch.setattr(drafts, "edit_url", slow)
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(in_thread, drafts.tidy_drafts) for _ in range(2)]
        assert sum(job.result().told for job in jobs) >= 1
    return InboxItem.objects.filter(recipient=visit.officer).count()


def test_two_sweeps_tell_of_a_draft_once(monkeypatch):
    assert two_sweeps_at_once(monkeypatch) == 1


def test_two_sweeps_without_the_lock_tell_twice_control(monkeypatch):
    held = drafts._forgotten

    def unheld(now, days):
        rows = held(now, days)
        rows.query.select_for_update = False
        return rows

    monkeypatch.setattr(drafts, "_forgotten", unheld)
    assert two_sweeps_at_once(monkeypatch) == 2


def test_autosaves_of_one_page_from_eight_threads_keep_the_latest_text():
    """Requests of one page that overtake each other on the way: the text of the highest step stands in the end."""
    visit = saved_draft()
    page, together = uuid4(), threading.Barrier(THREADS)

    def save(step: int):
        entry = full_entry(visit.village, summary=f"第{step}次")
        together.wait()
        try:
            save_draft(by=visit.officer.user, visit=visit, revision=1, entry=entry, page=OpenPage(page, step))
        except Conflict:
            return step
        return 0

    with ThreadPoolExecutor(THREADS) as pool:
        late = {job.result() for job in [pool.submit(in_thread, save, step) for step in range(1, THREADS + 1)]}
    stored = Visit.objects.get()
    assert stored.summary == f"第{THREADS}次"
    assert THREADS not in late
    assert stored.revision == 1 + THREADS - len(late - {0})
