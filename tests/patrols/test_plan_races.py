"""Two clicks at once plan one visit, and two default filters leave one. The control runs have the guard off."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from patrols.lists import VISITS
from patrols.models import VisitPlan
from patrols.plans import plan_visit
from tests.factories import make_station_side
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.lists import saved
from xinjin.lists.models import SavedFilter

pytestmark = pytest.mark.usefixtures("committed")
THREADS = 8
ROUNDS = 12


def at_once(function) -> list:
    """What each of eight callers gets who call at the same moment: an answer, or the refusal raised."""
    together = threading.Barrier(THREADS)

    def call(number: int):
        try:
            together.wait()
            return function(number)
        except (Conflict, ValidationError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, range(THREADS)))


def refused(answers: list) -> int:
    return sum(isinstance(answer, Exception) for answer in answers)


@pytest.mark.parametrize("guarded", [True, False])
def test_clicks_at_once_plan_one_visit(monkeypatch, guarded):
    side = make_station_side()
    officer, village, day = side.officers[0], side.village, timezone.localdate()
    if not guarded:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)

    def plan(day: date) -> list:
        return at_once(lambda _n: plan_visit(by=officer.user, officer=officer, village=village, planned_on=day))

    if guarded:
        answers = plan(day)
        assert VisitPlan.objects.count() == Event.objects.filter(action="plan").count() == 1
        assert {answer.pk for answer in answers} == {VisitPlan.objects.get().pk}
    else:
        found = any(refused(plan(day + timedelta(days=n))) for n in range(ROUNDS))
        assert found, "without the lock some are told that somebody else was faster"


@pytest.mark.parametrize("guarded", [True, False])
def test_default_filters_kept_at_once_leave_one(monkeypatch, guarded):
    user = make_station_side().officers[0].user
    if not guarded:
        monkeypatch.setattr(saved, "_hold", lambda by: None)

    def keep(_number: int) -> SavedFilter:
        return saved.save_filter(
            by=user, definition=VISITS, name=f"筛选{uuid4().hex[:8]}", query="state=returned", is_default=True
        )

    if guarded:
        assert not refused(at_once(keep))
        assert SavedFilter.objects.filter(is_default=True).count() == 1
    else:
        assert any(refused(at_once(keep)) for _round in range(ROUNDS))
