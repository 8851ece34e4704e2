"""Two people at one council or one measure at the same moment; each race has a control run without its guard."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from patrols.councils import end_measure, hold_council, measures, open_council, save_council, writing
from patrols.models import CouncilMeasure, CouncilMeeting
from patrols.months import require_open
from tests.factories import make_station_side
from tests.patrols.test_councils import handed_in, written
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.usefixtures("committed")


def in_thread(function, *args):
    try:
        return function(*args)
    except Conflict as conflict:
        return conflict
    finally:
        connections.close_all()


def both(first, second) -> list:
    with ThreadPoolExecutor(2) as pool:
        return [job.result() for job in [pool.submit(in_thread, first), pool.submit(in_thread, second)]]


def met(monkeypatch, module, hold=None):
    """Both come to `module._locked` before either goes on; `hold` stands for it and lets both look, then write."""
    together = threading.Barrier(2)
    chosen = hold or module._locked

    def wrapped(row):
        together.wait(5)
        found = chosen(row)
        if hold is not None:
            together.wait(5)
        return found

    monkeypatch.setattr(module, "_locked", wrapped)


# --- handing in
def hand_in_together(monkeypatch, hold=None) -> list:
    side = make_station_side()
    require_open(timezone.localdate())  # the month's row is there, or its first writer would hold back the other
    draft = open_council(by=side.officers[0].user, officer=side.officers[0], village=side.village)
    saved = save_council(by=None, meeting=draft, revision=0, entry=written(side, draft))
    met(monkeypatch, writing, hold)
    people = [side.officers[0].user, side.auxiliaries[0].user]

    def by(user):
        mine = CouncilMeeting.objects.get(pk=saved.pk)
        return lambda: hold_council(by=user, meeting=mine, revision=mine.revision)

    return both(*[by(user) for user in people])


def test_two_hand_in_at_once_and_it_is_one_council(monkeypatch):
    answers = hand_in_together(monkeypatch)
    assert [answer.state for answer in answers] == ["held", "held"]
    assert Event.objects.filter(action="hand in").count() == 1
    assert CouncilMeeting.objects.get().revision == 2


def test_control_without_the_lock_both_hand_in(monkeypatch):
    def look_only(meeting):
        return CouncilMeeting.objects.select_related("village__station", "officer").get(pk=meeting.pk)

    hand_in_together(monkeypatch, look_only)
    assert Event.objects.filter(action="hand in").count() == 2


# --- a draft opened by two
def test_two_open_the_villages_draft_at_once_and_get_the_same(monkeypatch):
    side = make_station_side()
    together, chosen = threading.Barrier(2), writing._draft_of
    seen = threading.local()

    def looked(village):
        found = chosen(village)
        if not getattr(seen, "once", False):
            seen.once = True
            together.wait(5)
        return found

    monkeypatch.setattr(writing, "_draft_of", looked)
    people = [side.officers[0], side.auxiliaries[0]]

    def by(person):
        return lambda: open_council(by=person.user, officer=person, village=side.village)

    answers = both(*[by(person) for person in people])
    assert answers[0] == answers[1] == CouncilMeeting.objects.get()
    assert Event.objects.filter(action="open", subject_type="patrols.councilmeeting").count() == 1


# --- the end of a measure
def end_together(monkeypatch, hold=None) -> list:
    side = make_station_side()
    measure = handed_in(side).measures.get()
    met(monkeypatch, measures, hold)

    def by(user, state, result):
        mine = CouncilMeasure.objects.get(pk=measure.pk)
        return lambda: end_measure(by=user, measure=mine, state=state, result=result)

    return both(by(side.officers[0].user, "done", "已巡逻"), by(side.auxiliaries[0].user, "dropped", "不再进行"))


def test_one_ends_the_measure_and_the_other_sees_both(monkeypatch):
    answers = end_together(monkeypatch)
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    won = [answer for answer in answers if isinstance(answer, CouncilMeasure)]
    assert (len(won), len(lost)) == (1, 1)
    stored = CouncilMeasure.objects.get()
    assert (stored.state, stored.result) == (won[0].state, won[0].result)
    assert stored.result in str(lost[0].theirs)
    assert lost[0].mine


def test_control_without_the_lock_both_believe_they_ended_it(monkeypatch):
    def look_only(measure):
        return CouncilMeasure.objects.select_related("meeting", "village").get(pk=measure.pk)

    answers = end_together(monkeypatch, look_only)
    assert all(isinstance(answer, CouncilMeasure) for answer in answers)
    assert Event.objects.filter(action__in=["done", "dropped"]).count() == 2
