"""The month from computed to locked: what each step needs, and that locked never changes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments import monthly, signing
from assessments.card_store import differing
from assessments.cards import facts_of
from assessments.choices import AssessmentState
from assessments.models import Assessment, AssessmentMonth, Rubric
from assessments.scoring import Fact
from assessments.tasks import open_period_task
from patrols.models import WorkMonth
from tests.assessments.factories import (
    make_locked_month,
    make_opened_month,
    make_rubric,
    openable,
    sign,
    work_week,
)
from tests.factories import make_station_world
from villages.choices import AbsenceKind
from villages.models import Absence
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month

pytestmark = pytest.mark.django_db


def test_open_month_computes_everybody():
    opened = make_opened_month()
    weeks = len(opened.month.weeks())
    best, idle = opened.card(opened.own.officers[0]), opened.card(opened.own.officers[1])
    assert Assessment.objects.count() == 8
    facts = facts_of(best)
    assert facts["A1"] == Fact(weeks, weeks)
    assert facts["A2"] == Fact(5 * weeks, 5 * weeks)
    assert facts["A10"] == Fact(0, weeks + 1)
    assert (facts["A9"], facts_of(idle)["A9"]) == (Fact(1, 1), Fact(0, 1))
    # Everything but the reports (5 of 71 points that apply while there is no comment).
    assert best.score == Decimal("92.96")
    assert (idle.score, idle.grade, idle.state) == (Decimal("0.00"), "unqualified", AssessmentState.OPEN)
    assert idle.unit == opened.own.business_unit
    assert idle.station == opened.own.station
    assert Rubric.objects.get().frozen_at is not None


def test_leave_all_month_has_no_score_and_needs_no_comment():
    make_rubric()
    world, month = make_station_world(), openable()
    away = world.own.officers[0]
    Absence.objects.create(
        officer=away, kind=AbsenceKind.ILLNESS, start_on=month.counted.start, end_on=month.counted.end
    )
    row = monthly.open_month(by=None, month=month)
    card = Assessment.objects.get(officer=away)
    assert (card.score, card.maximum, card.grade) == (None, Decimal(0), "")
    assert away not in [found.officer for found in signing.uncommented(row, world.own.station)]


def test_open_month_again_takes_late_records_and_keeps_comments():
    opened = make_opened_month()
    idle = opened.own.officers[1]
    card = opened.card(idle)
    signing.remark(by=opened.chief, assessment=card, remark="average")
    work_week(idle, opened.own.villages[1], opened.month.weeks()[0])
    monthly.open_month(by=None, month=opened.month)
    again = opened.card(idle)
    assert again.pk == card.pk
    assert facts_of(again)["A1"].done == 1
    assert again.remark == "average"
    assert facts_of(again)["B1"] == Fact(choice="average")


def test_open_month_leaves_signed_people_alone():
    opened = make_opened_month()
    sign(opened, opened.own)
    idle = opened.own.officers[1]
    before = opened.card(idle).lines
    work_week(idle, opened.own.villages[1], opened.month.weeks()[0])
    monthly.open_month(by=None, month=opened.month)
    assert opened.card(idle).lines == before


def test_open_month_that_is_not_over_is_refused():
    make_rubric()
    month = Month.counting(timezone.localdate())
    with pytest.raises(ValidationError, match=month.key):
        monthly.open_month(by=None, month=month)
    assert not AssessmentMonth.objects.exists()


def test_open_month_without_a_rubric_is_refused():
    with pytest.raises(ValidationError):
        monthly.open_month(by=None, month=openable())


def test_open_period_is_idempotent_and_leaves_a_locked_month():
    make_rubric()
    make_station_world()
    open_period_task()
    open_period_task(openable().key)
    assert AssessmentMonth.objects.get().key == openable().key
    opened = AssessmentMonth.objects.get()
    AssessmentMonth.objects.update(locked_at=timezone.now())
    assert monthly.open_period(by=None) is None
    with pytest.raises(Conflict):
        monthly.open_month(by=None, month=opened.period)


def test_command_refuses_a_bad_key():
    with pytest.raises(CommandError):
        call_command("open_period", "2026-W07")


def test_remark_changes_only_b1_from_stored_facts():
    opened = make_opened_month()
    card = opened.card(opened.own.officers[0])
    before = {code: fact for code, fact in facts_of(card).items() if code != "B1"}
    # A late record does not slip in with the comment.
    work_week(opened.own.officers[0], opened.own.village, opened.month.weeks()[0], households=1)
    signing.remark(by=opened.chief, assessment=card, remark="good")
    card = opened.card(opened.own.officers[0])
    assert {code: fact for code, fact in facts_of(card).items() if code != "B1"} == before
    assert (card.points, card.maximum, card.score) == (Decimal(71), Decimal(76), Decimal("93.42"))
    assert Event.objects.get(action="remark").subject_id == str(card.pk)


def test_nobody_comments_on_himself():
    opened = make_opened_month()
    officer = opened.own.officers[0]
    with pytest.raises(ValidationError):
        signing.remark(by=officer.user, assessment=opened.card(officer), remark="good")
    signing.remark_rest(by=officer.user, month=opened.month, station=opened.own.station, remark="good")
    assert opened.card(officer).remark == ""
    assert opened.card(opened.own.officers[1]).remark == "good"


def test_unknown_remark_is_refused():
    opened = make_opened_month()
    with pytest.raises(ValidationError):
        signing.remark(by=opened.chief, assessment=opened.card(opened.own.officers[0]), remark="superb")


def test_sign_needs_every_comment():
    opened = make_opened_month()
    signing.remark(by=opened.chief, assessment=opened.card(opened.own.officers[0]), remark="good")
    with pytest.raises(ValidationError) as caught:
        signing.sign_station(by=opened.chief, month=opened.month, station=opened.own.station)
    assert opened.own.officers[1].name in str(caught.value)
    assert opened.own.officers[0].name not in str(caught.value)
    assert not opened.row.signatures.exists()


def test_sign_with_stale_figures_is_a_conflict_until_they_are_refreshed():
    opened = make_opened_month()
    idle = opened.own.officers[1]
    signing.remark_rest(by=opened.chief, month=opened.month, station=opened.own.station, remark="good")
    work_week(idle, opened.own.villages[1], opened.month.weeks()[0])
    with pytest.raises(Conflict):
        signing.sign_station(by=opened.chief, month=opened.month, station=opened.own.station)
    changed = monthly.refresh_station(by=opened.chief, month=opened.month, station=opened.own.station)
    assert [card.officer for card in changed] == [idle]
    signature = signing.sign_station(by=opened.chief, month=opened.month, station=opened.own.station, remark="属实")
    assert (signature.signed_by, signature.remark) == (opened.chief, "属实")
    assert opened.card(idle).state == AssessmentState.SIGNED
    assert opened.card(opened.world.foreign.officers[0]).state == AssessmentState.OPEN


def test_signed_station_can_neither_comment_nor_sign_again():
    opened = make_opened_month()
    sign(opened, opened.own)
    with pytest.raises(Conflict):
        signing.remark(by=opened.chief, assessment=opened.card(opened.own.officers[0]), remark="poor")
    with pytest.raises(Conflict):
        signing.sign_station(by=opened.chief, month=opened.month, station=opened.own.station)


def test_returned_month_is_open_again_and_needs_a_reason():
    opened = make_opened_month()
    sign(opened, opened.own)
    brigade = opened.world.brigade
    with pytest.raises(ValidationError):
        signing.return_to_station(by=brigade, month=opened.month, station=opened.own.station, reason=" ")
    signing.return_to_station(by=brigade, month=opened.month, station=opened.own.station, reason="请核对评议")
    assert opened.card(opened.own.officers[0]).state == AssessmentState.OPEN
    assert Event.objects.get(action="return").detail["reason"] == "请核对评议"
    with pytest.raises(Conflict):
        signing.return_to_station(by=brigade, month=opened.month, station=opened.own.station, reason="再来")
    sign(opened, opened.own)


def test_lock_needs_every_signature():
    opened = make_opened_month()
    sign(opened, opened.own)
    with pytest.raises(ValidationError, match=opened.world.foreign.station.name):
        monthly.lock_month(by=opened.world.brigade, month=opened.month)
    assert not WorkMonth.objects.filter(sealed_at__isnull=False).exists()


def test_lock_refuses_facts_that_have_changed_since_the_signature():
    opened = make_opened_month()
    for side in (opened.world.own, opened.world.foreign):
        sign(opened, side)
    idle = opened.own.officers[1]
    work_week(idle, opened.own.villages[1], opened.month.weeks()[0])
    with pytest.raises(ValidationError, match=idle.name):
        monthly.lock_month(by=opened.world.brigade, month=opened.month)
    opened.row.refresh_from_db()
    assert opened.row.locked_at is None
    assert not WorkMonth.objects.filter(sealed_at__isnull=False).exists()


def test_locked_totals_are_those_of_a_recomputation():
    opened = make_locked_month()
    assert differing(opened.row.assessments.all(), monthly.current_cards(opened.row)) == []
    assert opened.row.locked_by == opened.world.brigade
    assert set(opened.row.assessments.values_list("state", flat=True)) == {AssessmentState.LOCKED}
    assert WorkMonth.objects.get(key=opened.month.key).sealed_at is not None


def test_locked_month_refuses_every_verb():
    opened = make_locked_month()
    card, by, station = opened.card(opened.own.officers[0]), opened.world.brigade, opened.own.station
    for verb in (
        lambda: monthly.open_month(by=by, month=opened.month),
        lambda: monthly.refresh_station(by=by, month=opened.month, station=station),
        lambda: monthly.lock_month(by=by, month=opened.month),
        lambda: signing.remark(by=by, assessment=card, remark="poor"),
        lambda: signing.sign_station(by=by, month=opened.month, station=station),
        lambda: signing.return_to_station(by=by, month=opened.month, station=station, reason="x"),
    ):
        with pytest.raises(Conflict):
            verb()


@pytest.mark.parametrize("write", ["update", "delete"])
def test_database_refuses_to_change_a_locked_assessment(write):
    opened = make_locked_month()
    rows = Assessment.objects.filter(pk=opened.card(opened.own.officers[0]).pk)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        rows.update(score=100) if write == "update" else rows.delete()


def test_opens_on_is_after_everything_was_due():
    month = Month(2026, 10)
    day = monthly.opens_on(month)
    assert day > month.end
    assert day > month.counted.end
    assert monthly.last_openable(day) == month
    assert monthly.last_openable(day - timedelta(days=1)) == month.previous()
