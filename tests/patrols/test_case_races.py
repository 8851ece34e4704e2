"""Two people at one case, and two openings at one register; each race has a control run without its guard."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.cases import moves, opening
from patrols.cases.opening import number_text
from patrols.models import Case, CaseTransition, Register
from patrols.months import require_open
from tests.factories import make_station_side
from tests.patrols.test_cases import dispute, resolved
from xinjin.errors import Conflict

pytestmark = pytest.mark.usefixtures("committed")


def in_thread(function, *args):
    try:
        return function(*args)
    except (Conflict, IntegrityError) as error:
        return error
    finally:
        connections.close_all()


def ready_to_close() -> tuple[Case, object]:
    side = make_station_side()
    case = resolved(dispute(side, kind="concern", category="facilities"), side.chief.user)
    today = timezone.localdate()
    given = {"answered_on": today, "answer": "已修好", "satisfaction": "satisfied"}
    return cases.give_answer(by=side.chief.user, case=case, revision=case.revision, **given), side


def close_and_reopen(monkeypatch, *, hold=None) -> list:
    """Chief and clerk at the same moment: one closes, the other takes up again; what each was answered."""
    case, side = ready_to_close()
    together = threading.Barrier(2)
    chosen = hold or moves.hold

    def met(*args, **kwargs):
        together.wait(5)
        found = chosen(*args, **kwargs)
        if hold is not None:
            together.wait(5)
        return found

    monkeypatch.setattr("patrols.cases.resolution.hold", met)
    mine = Case.objects.get(pk=case.pk)

    def close():
        return cases.close_case(by=side.chief.user, case=mine, revision=case.revision, reason="准予销号")

    def reopen():
        return cases.reopen_case(by=side.clerk.user, case=mine, revision=case.revision, reason="群众又来反映")

    with ThreadPoolExecutor(2) as pool:
        return [job.result() for job in [pool.submit(in_thread, act) for act in (close, reopen)]]


def test_close_and_reopen_at_once_one_wins_and_the_other_sees_both(monkeypatch):
    answers = close_and_reopen(monkeypatch)
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    won = [answer for answer in answers if isinstance(answer, Case)]
    assert (len(won), len(lost)) == (1, 1)
    assert any(text in str(lost[0].theirs) for text in ("准予销号", "群众又来反映"))
    assert Case.objects.get().state == won[0].state
    assert CaseTransition.objects.filter(act__in=["close", "reopen"]).count() == 1


def test_control_without_the_lock_both_believe_they_won(monkeypatch):
    def look_only(case, act, *, revision=None, mine=None):
        return Case.objects.select_related("village__station", "owner").get(pk=case.pk)

    answers = close_and_reopen(monkeypatch, hold=look_only)
    assert all(isinstance(answer, Case) for answer in answers)
    assert CaseTransition.objects.filter(act__in=["close", "reopen"]).count() == 2


def second_page(client, side, case) -> Any:
    """Clerk and chief have the page open; the chief closes, then the clerk sends his reopening."""
    client.force_login(side.chief.user)
    stale = case.revision
    answer = client.post(reverse("case_act", args=[case.pk, "close"]), {"revision": stale, "reason": "准予销号"})
    assert answer.status_code == 302
    client.force_login(side.clerk.user)
    return client.post(reverse("case_act", args=[case.pk, "reopen"]), {"revision": stale, "reason": "群众又来反映"})


def test_page_of_the_loser_shows_both_texts(client):
    case, side = ready_to_close()
    answer = second_page(client, side, case)
    assert answer.status_code == 409
    for text in ("准予销号", "群众又来反映", side.chief.user.display_name):
        assert text in answer.content.decode()
    assert Case.objects.get().state == "closed"


def test_control_without_the_revision_the_second_page_wins_unseen(client, monkeypatch):
    case, side = ready_to_close()
    chosen = moves.hold
    monkeypatch.setattr("patrols.cases.resolution.hold", lambda case, act, revision=None: chosen(case, act))
    assert second_page(client, side, case).status_code == 302
    assert Case.objects.get().state == "handling"


def open_together(monkeypatch, count: int, *, number=None) -> list:
    side = make_station_side("花源")
    # Both rows are there already, or their first writer would hold back the others by the insert alone.
    require_open(timezone.localdate())
    Register.objects.create(station=side.station, year=timezone.localdate().year)
    together = threading.Barrier(count)
    chosen = number or opening.next_number

    def met(*args):
        together.wait(5)
        return chosen(*args)

    monkeypatch.setattr(opening, "next_number", met)
    with ThreadPoolExecutor(count) as pool:
        jobs = [pool.submit(in_thread, dispute, side) for _number in range(count)]
        return [job.result() for job in jobs]


def test_openings_at_once_get_numbers_without_gap_or_double(monkeypatch):
    answers = open_together(monkeypatch, 6)
    assert sorted(answer.serial for answer in answers) == [1, 2, 3, 4, 5, 6]
    assert Register.objects.get().last_serial == 6


def test_control_without_the_registers_lock_numbers_collide(monkeypatch):
    met = threading.Barrier(2)

    def unguarded(station, year):
        register = Register.objects.get(station=station, year=year)
        serial = register.last_serial + 1
        met.wait(5)
        Register.objects.filter(pk=register.pk).update(last_serial=serial)
        return register, serial, number_text(station.name, year, serial)

    answers = open_together(monkeypatch, 2, number=unguarded)
    assert any(isinstance(answer, Conflict) for answer in answers)
