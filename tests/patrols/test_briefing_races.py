"""Two of a village's police begin the week's briefing at the same moment; with a control run without the lock."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connections
from django.utils import timezone

from patrols import briefings
from patrols.briefings import giving
from patrols.models import Briefing
from patrols.months import require_open
from tests.factories import make_station_side
from xinjin.errors import Conflict
from xinjin.periods import Week

pytestmark = pytest.mark.usefixtures("committed")


def begin_together(monkeypatch, *, held=None) -> list:
    """Both have looked at an empty page and save a text; what each was answered."""
    side, week = make_station_side(), Week.of(timezone.localdate())
    require_open(week.start)  # its row is there already, or the insert alone would hold one of them back
    both, chosen = threading.Barrier(2), held or giving._held

    def met(*args):
        found = chosen(*args)
        if held is not None:
            both.wait(5)
        return found

    monkeypatch.setattr(giving, "_held", met)
    gate = threading.Barrier(2)

    def save(officer, text):
        try:
            with suppress(threading.BrokenBarrierError):
                gate.wait(5)
            return briefings.save_briefing(by=officer.user, village=side.village, week=week, revision=0, text=text)
        except Conflict as conflict:
            return conflict
        finally:
            connections.close_all()

    writers = (side.officers[0], "甲"), (side.auxiliaries[0], "乙")
    with ThreadPoolExecutor(2) as pool:
        return [job.result() for job in [pool.submit(save, *writer) for writer in writers]]


def test_one_begins_and_the_other_sees_both_texts(monkeypatch):
    answers = begin_together(monkeypatch)
    (lost,) = [answer for answer in answers if isinstance(answer, Conflict)]
    assert {*lost.mine.values(), *lost.theirs.values()} == {"甲", "乙"}
    assert Briefing.objects.get().text in lost.theirs.values()


def test_control_without_the_lock_the_other_loses_without_a_word(monkeypatch):
    def look_only(village, week):
        return Briefing(village=village, starts_on=week.start)

    answers = begin_together(monkeypatch, held=look_only)
    (lost,) = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (lost.mine, lost.theirs) == ({}, {})
