"""Eight clerks give away one place at once: one succeeds, the others are told; without the guard it breaks."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from tests.factories import make_officer, make_village
from villages import assignments
from villages.models import Assignment, HandOverNote
from xinjin.errors import Conflict

WRITERS = 8
START = date(2025, 1, 1)


def race(monkeypatch) -> list[Exception | None]:
    """What each of eight writers got; all of them stand between their check and their insert at once, if they can."""
    village = make_village()
    officers = [make_officer() for _ in range(WRITERS)]
    gate, checked = threading.Barrier(WRITERS), threading.Barrier(WRITERS)
    full_clean = Assignment.full_clean

    def slow_check(self, *args, **kwargs):
        full_clean(self, *args, **kwargs)
        with suppress(threading.BrokenBarrierError):  # the others wait for this one to commit, as they should
            checked.wait(timeout=2)

    monkeypatch.setattr(Assignment, "full_clean", slow_check)
    outcomes: list[Exception | None] = []

    def write(officer) -> None:
        gate.wait()
        try:
            assignments.assign(by=None, village=village, officer=officer, start_on=START)
            outcomes.append(None)
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(outcomes) == WRITERS
    return outcomes


def is_clear(outcome: Exception | None) -> bool:
    """Whether a person can be told what happened."""
    return outcome is None or isinstance(outcome, ValidationError | Conflict)


@pytest.mark.usefixtures("committed")
def test_assign_race_has_one_winner_and_clear_answers(monkeypatch):
    outcomes = race(monkeypatch)
    assert outcomes.count(None) == 1
    assert all(is_clear(outcome) for outcome in outcomes), outcomes
    assert Assignment.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_assign_race_without_lock_is_settled_by_the_database_as_conflict(monkeypatch):
    monkeypatch.setattr(assignments, "hold_village", lambda pk: None)
    outcomes = race(monkeypatch)
    assert outcomes.count(None) == 1
    assert any(isinstance(outcome, Conflict) for outcome in outcomes)
    assert all(is_clear(outcome) for outcome in outcomes), outcomes


@pytest.mark.usefixtures("committed")
def test_assign_race_control_without_guard_breaks(monkeypatch):
    monkeypatch.setattr(assignments, "hold_village", lambda pk: None)
    monkeypatch.setattr(assignments, "one_winner", transaction.atomic)
    outcomes = race(monkeypatch)
    assert not all(is_clear(outcome) for outcome in outcomes)


ROUNDS = 40
STAFF = 5  # fewer than writers, so that some name the same person


@dataclass
class Contest:
    """What eight writers did to one village in forty rounds: assign, hand over, end, each as it comes to them."""

    unclear: list[Exception] = field(default_factory=list)
    done: int = 0
    torn: list[str] = field(default_factory=list)


def one_of_three(number: int, turn: Random, village, officers, day: date) -> None:
    """What writer `number` does in his turn."""
    officer = turn.choice(officers)
    held = Assignment.objects.filter(village=village).order_by("-start_on").first()
    if number % 3 == 0 or held is None:
        assignments.assign(by=None, village=village, officer=officer, start_on=day)
    elif number % 3 == 1:
        assignments.hand_over(by=None, village=village, officer=officer, start_on=day)
    else:
        assignments.end_assignment(by=None, assignment=held, end_on=day)


def contest(rounds: int) -> Contest:
    """Eight threads that keep their connection and meet at a gate before each round."""
    villages, officers = [make_village() for _ in range(2)], [make_officer() for _ in range(STAFF)]
    gate, found, lock = threading.Barrier(WRITERS), Contest(), threading.Lock()

    def write(number: int) -> None:
        turn = Random(number)
        try:
            for index in range(rounds):
                gate.wait(timeout=60)
                error = None
                try:
                    # Crosswise between two villages, so that two hand-overs name each other's people.
                    village = villages[(index + number) % 2]
                    one_of_three(number + index, turn, village, officers, START + timedelta(days=7 * index))
                except Exception as raised:
                    error = raised
                with lock:
                    found.done += error is None
                    if not is_clear(error):
                        found.unclear.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    for village in villages:
        rows = list(Assignment.objects.filter(village=village).order_by("start_on"))
        pairs = zip(rows, rows[1:], strict=False)
        found.torn += [str(a) for a, b in pairs if a.end_on is None or a.end_on >= b.start_on]
    found.torn += [
        str(note)
        for note in HandOverNote.objects.select_related("begun__village", "begun__officer", "ended__officer")
        if note.ended.end_on != note.begun.start_on - timedelta(days=1)
    ]
    return found


@pytest.mark.usefixtures("committed")
def test_forty_rounds_of_assigning_handing_over_and_ending_stay_clear():
    found = contest(ROUNDS)
    assert found.unclear == []
    assert found.torn == []
    assert found.done > ROUNDS
    assert HandOverNote.objects.exists()


@pytest.mark.usefixtures("committed")
def test_control_a_third_of_the_rounds_without_guard_breaks(monkeypatch):
    monkeypatch.setattr(assignments, "hold_village", lambda pk: None)
    monkeypatch.setattr(assignments, "one_winner", transaction.atomic)
    found = contest(ROUNDS // 3)
    assert found.unclear or found.torn
