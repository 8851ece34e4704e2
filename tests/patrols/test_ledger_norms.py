"""The ledger's figures are rows with a date: followed, never changed; what was stamped keeps its day (R6, R7, R9)."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from patrols import cases
from patrols.base_info import forwarded_by
from patrols.cases import PartyEntry
from patrols.cases.escalations import escalate
from patrols.ledger.limits import save_ledger_norm
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import CaseEscalation, CaseTerm, InboxItem, LedgerNorm
from patrols.reminders import database_now, sweep
from tests.factories import make_station_side, make_user
from tests.patrols.test_cases import dispute, resolved
from xinjin.accounts.roles import Role
from xinjin.errors import at_fields
from xinjin.workdays.models import WorkdayOverride

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 4, 21)


@pytest.fixture
def clock():
    with time_machine.travel("2026-04-21 10:00+08:00", tick=False) as traveller:
        yield lambda day: traveller.move_to(f"{day}T10:00:00+08:00")


def norm(start_on: date, **figures: Any) -> LedgerNorm:
    return save_ledger_norm(LedgerNorm(start_on=start_on, **figures), by=make_user(Role.BRIGADE))


def called(case, day: date, **changes):
    given = {"done_on": day, "satisfaction": "satisfied", "note": "未反复", **changes}
    return cases.record_follow_up(by=None, case=case, revision=case.revision, **given)


def test_the_first_row_says_what_the_programme_says(clock):
    assert LedgerNorm.objects.figures(TUESDAY) == LedgerFigures() == LedgerNorm.objects.figures(date(2000, 1, 1))
    assert LedgerNorm.objects.count() == 1


def test_figures_that_hold_are_followed_and_those_to_come_may_be_changed(clock):
    row = norm(TUESDAY + timedelta(days=1), step_days=5)
    row.step_days = 4
    save_ledger_norm(row, by=None)
    for wrong in (TUESDAY, TUESDAY - timedelta(days=1), row.start_on):
        with pytest.raises(ValidationError) as caught:
            norm(wrong)
        assert set(caught.value.message_dict) == {"start_on"}
    clock("2026-04-22")
    assert save_ledger_norm(row, by=None) == row  # saved as it is
    for change in ({"step_days": 6}, {"start_on": date(2026, 6, 1)}):
        held = LedgerNorm.objects.get(pk=row.pk)
        vars(held).update(change)
        with pytest.raises(ValidationError):
            save_ledger_norm(held, by=None)
    assert [LedgerNorm.objects.figures(TUESDAY + timedelta(days=n)).step_days for n in (0, 1)] == [7, 4]


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({"follow_up_first": 30}, "follow_up_second"),
        ({"escalate_station": 8}, "escalate_brigade"),
        ({"escalate_officer": 4}, "escalate_brigade"),
        ({"duty_until": time(8)}, "duty_until"),
        ({"step_days": 8}, "step_days"),
        ({"answer_days": 0}, "answer_days"),
    ],
)
def test_figures_that_contradict_each_other_are_refused_at_their_field(figures, field):
    start_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError) as caught:
        norm(start_on, **figures)
    assert set(at_fields(caught.value, [field])) == {field}
    if field not in ("step_days", "answer_days"):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerNorm.objects.create(start_on=start_on, **figures)


def test_the_admin_says_each_mistake_at_its_field(client):
    client.force_login(make_user(Role.BRIGADE))
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    figures = {each.name: getattr(LedgerFigures, each.name) for each in fields(LedgerFigures)}
    page = client.post(
        "/admin/patrols/ledgernorm/add/", {**figures, "start_on": day, "follow_up_second": 5, "duty_until": "08:00"}
    )
    assert set(page.context["adminform"].form.errors) == {"follow_up_second", "duty_until"}
    assert client.post("/admin/patrols/ledgernorm/add/", {**figures, "start_on": day}).status_code == 302


def test_what_was_stamped_keeps_its_day_and_what_comes_takes_the_new(clock):
    side = make_station_side()
    old = [dispute(side, level="red"), resolved(dispute(side), None)]
    waiting = cases.refer_case(by=None, case=old[0], revision=0, target="court", reason="起诉")
    stamps = [old[0].next_step_on, waiting.waits_until, *old[1].follow_ups.values_list("due_on", flat=True)]
    norm(date(2026, 4, 22), follow_up_first=10, follow_up_second=20, step_days=3, answer_days=5, forward_days=1,
         repeat_days=1, entry_days=1)  # fmt: skip
    clock("2026-04-22")
    for case in (waiting, old[1]):
        case.refresh_from_db()
    assert stamps == [
        waiting.next_step_on, waiting.waits_until, *old[1].follow_ups.values_list("due_on", flat=True),
    ] == [date(2026, 4, 28), date(2026, 5, 6), date(2026, 4, 28), date(2026, 5, 21)]  # fmt: skip
    assert [forwarded_by(day) for day in (TUESDAY, date(2026, 4, 22))] == [date(2026, 4, 28), date(2026, 4, 23)]
    with pytest.raises(ValidationError, match="2026-04-21"):
        dispute(side, opened_on=date(2026, 4, 20))
    # The same party's last dispute is a day ago, which is no longer a repetition.
    fresh = dispute(side, opened_on=date(2026, 4, 22))
    assert fresh.level == "yellow"
    fresh = cases.change_level(by=None, case=fresh, revision=0, level="red", reason="聚集")
    assert fresh.next_step_on == date(2026, 4, 25)
    fresh = resolved(fresh, None)
    assert list(fresh.follow_ups.values_list("due_on", flat=True)) == [date(2026, 5, 6), date(2026, 5, 12)]
    another = dispute(side, parties=(PartyEntry("claimant", "赵某"),))
    assert cases.refer_case(by=None, case=another, revision=0, target="court", reason="x").waits_until == date(
        2026, 4, 27
    )


def test_call_is_made_from_some_days_before_its_day_on(clock):
    case = resolved(dispute(make_station_side()), None)  # calls by 28 April and 21 May
    for day in ("2026-04-21", "2026-04-24"):
        clock(day)
        with pytest.raises(ValidationError, match="自 2026-04-25 起方可进行.*重新办理") as caught:
            called(case, date.fromisoformat(day))
        assert set(caught.value.message_dict) == {"done_on"}
        with pytest.raises(ValidationError):
            called(case, date.fromisoformat(day), holds=False)
    clock("2026-04-25")
    case = called(case, date(2026, 4, 25))
    clock("2026-05-13")
    with pytest.raises(ValidationError, match="自 2026-05-14 起"):
        called(case, date(2026, 5, 13))
    clock("2026-05-14")
    case = called(case, date(2026, 5, 14))
    assert not case.follow_ups.waiting().exists()


def test_late_first_call_leaves_the_second_its_own_day(clock):
    case = resolved(dispute(make_station_side()), None)
    clock("2026-05-20")
    case = called(case, date(2026, 5, 20))
    with pytest.raises(ValidationError, match="自 2026-05-21 起"):
        called(case, date(2026, 5, 20))


def test_case_that_breaks_before_the_call_is_taken_up_again_at_once(clock):
    case = resolved(dispute(make_station_side()), None)
    assert cases.reopen_case(by=None, case=case, revision=case.revision, reason="又起争执").state == "handling"


@pytest.mark.parametrize(
    ("at", "is_on"),
    [
        (time(0), False), (time(8, 59, 59), False), (time(9), True), (time(12), True), (time(17, 29, 59), True),
        (time(17, 30), False), (time(23, 59), False),
    ],
)  # fmt: skip
def test_duty_hours(at, is_on):
    assert LedgerFigures().is_on_duty(at) == is_on


def overdue(side) -> None:
    case, past = dispute(side), timezone.localdate() - timedelta(days=20)
    CaseTerm.objects.filter(case=case).update(due_on=past)


def hours_of(now: datetime, *, within: bool) -> dict[str, time]:
    """Duty hours around the moment, or apart from it."""
    if within:
        return {"duty_from": time(0), "duty_until": time(23, 59, 59, 999999)}
    return (
        {"duty_from": time(1), "duty_until": time(2)}
        if now.hour >= 12
        else {"duty_from": time(22), "duty_until": time(23)}
    )


@pytest.mark.parametrize("within", [True, False])
def test_sweep_tells_step_by_step_within_duty_hours_only_and_a_replay_always(within):
    now = database_now()
    assert now.tzinfo == ZoneInfo("Asia/Shanghai")
    WorkdayOverride.objects.create(day=now.date(), is_workday=True)
    LedgerNorm.objects.create(start_on=now.date(), **hours_of(now, within=within))
    overdue(make_station_side())
    sweep()
    assert CaseEscalation.objects.exists() == within
    sweep(day=now.date())
    assert CaseEscalation.objects.exists()
    assert InboxItem.objects.filter(kind="case_overdue").exists()


def test_steps_follow_the_norm(clock):
    overdue_side = make_station_side()
    case = dispute(overdue_side)
    norm(date(2026, 4, 22), escalate_officer=2, escalate_station=2, escalate_brigade=3)
    days = [case.due_on + timedelta(days=n) for n in range(1, 14)]
    for day in days:
        escalate(day)
    # Due on Thursday 30 April: after the holidays 6 and 7 May are the working days that follow.
    assert set(CaseEscalation.objects.values_list("step", "on")) == {
        ("officer", date(2026, 5, 7)), ("station", date(2026, 5, 7)), ("brigade", date(2026, 5, 8)),
    }  # fmt: skip
