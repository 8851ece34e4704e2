"""Eight clerks give away one place at once: one succeeds, the others are told; without the guard it breaks."""

import threading
from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from tests.factories import make_officer, make_village
from villages import assignments
from villages.models import Assignment
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
