"""Two people import the same table at once: it is there once, and the other is told; without the guard it is twice."""

import threading

import pytest
from django.db import connection

from tests.factories import make_station_world
from tests.villages.tables import labels, read, workbook
from villages.imports import applying
from villages.imports.kinds import CONTACTS
from villages.imports.outcome import Outcome
from villages.models import VillageContact

ROWS = 40


def race(monkeypatch) -> list[Outcome]:
    """What each of two imports of the same contacts came to; without a guard both look before either writes."""
    world = make_station_world()
    lines = [[world.own.village.code, "网格员", f"王{n}", "", "", "2024-01-01", ""] for n in range(ROWS)]
    table = read(CONTACTS, workbook([labels(CONTACTS), *lines]))
    gate, matched = threading.Barrier(2), threading.Barrier(2)
    count = applying._count

    def slow(*args):
        count(*args)
        try:
            matched.wait(timeout=1)
        except threading.BrokenBarrierError:
            return  # the other waits for this one to commit, as it should

    monkeypatch.setattr(applying, "_count", slow)
    outcomes = []

    def run(user) -> None:
        gate.wait()
        try:
            outcomes.append(
                applying.carry_out(CONTACTS, table, by=user, report=lambda done, total: None, for_good=True)
            )
        finally:
            connection.close()

    users = (world.own.clerk.user, world.own.chief.user)
    threads = [threading.Thread(target=run, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.usefixtures("committed")
def test_two_imports_at_once_add_each_row_once(monkeypatch):
    outcomes = race(monkeypatch)
    assert sorted((outcome.new, outcome.same) for outcome in outcomes) == [(0, ROWS), (ROWS, 0)]
    assert outcomes[0].digest != outcomes[1].digest  # so the second is refused: it would not write what it showed
    assert VillageContact.objects.count() == ROWS


@pytest.mark.usefixtures("committed")
def test_two_imports_control_without_the_guard(monkeypatch):
    monkeypatch.setattr(applying, "hold_imports", lambda kind: None)
    race(monkeypatch)
    assert VillageContact.objects.count() == 2 * ROWS
