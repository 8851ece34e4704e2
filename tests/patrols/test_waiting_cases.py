"""Cases that wait for others are not forgotten: their steps, who is told, when they come back; red a second time."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from patrols import cases, inbox
from patrols.cases.escalations import escalate
from patrols.choices import NoticeKind
from patrols.models import Case, CaseEscalation, InboxItem
from patrols.reminders import sweep
from tests.factories import make_station_side
from tests.patrols.test_cases import dispute, resolved

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 4, 21)


@pytest.fixture
def side():
    return make_station_side()


@pytest.fixture
def clock():
    with time_machine.travel("2026-04-21 10:00+08:00", tick=False) as traveller:
        yield lambda day: traveller.move_to(f"{day}T10:00:00+08:00")


def referred(case, by, **changes) -> Case:
    given = {"target": "court", "reason": "起诉", **changes}
    return cases.refer_case(by=by, case=case, revision=case.revision, **given)


def paused(case, by, expected_on=None) -> Case:
    return cases.pause_case(by=by, case=case, revision=case.revision, reason="等待测绘", expected_on=expected_on)


WAITING = pytest.mark.parametrize("wait", [referred, paused])


def listed(client, user, when: str) -> list:
    client.force_login(user)  # sessions of another day have ended
    return [row.row.pk for row in client.get(reverse("ledger"), {"when": when}).context["list"]["rows"]]


@WAITING
def test_red_case_that_waits_is_still_stepped_led_and_told_of(client, side, clock, wait):
    case = wait(dispute(side, level="red"), side.chief.user)
    assert (case.due_on, case.next_step_on) == (None, TUESDAY + timedelta(days=7))
    # Both committees and the leader the day after; the step a day after its week.
    assert [escalate(date(2026, 4, day)) for day in (22, 23, 28, 29, 30)] == [4, 0, 0, 3, 0]
    told = CaseEscalation.objects.order_by("id").values_list("step", "told_to", "for_day")
    station = f"{side.chief.name}、{side.clerk.name}"
    assert {(step, frozenset(who.split("、")), day) for step, who, day in told} == {
        ("committees", frozenset(station.split("、")), TUESDAY),
        ("leader", frozenset(station.split("、")), TUESDAY),
        ("weekly", frozenset([side.officers[0].name, *station.split("、")]), date(2026, 4, 28)),
    }
    clock("2026-04-29")
    assert listed(client, side.officers[0].user, "step_due") == [case.pk]
    assert case.title in client.get("/today/").content.decode()
    page = client.get(case.get_absolute_url()).content.decode()
    assert "截至 2026-04-28 未按周跟进" in page
    assert "尚未指定包案领导" in page
    answer = client.get(f"/api/v1/cases/{case.pk}/").json()
    assert [row["step"] for row in answer["escalations"]] == ["committees", "leader", "weekly"]
    assert answer["escalations"][2]["for_day"] == "2026-04-28"
    assert side.clerk.name in answer["escalations"][0]["told_to"]
    cases.add_step(by=None, case=case, kind="call", happened_on=date(2026, 4, 29), note="向法院了解进度")
    assert listed(client, side.officers[0].user, "step_due") == []
    assert escalate(date(2026, 5, 6)) == 0


@WAITING
def test_yellow_case_that_waits_asks_for_no_step(side, clock, wait):
    assert wait(dispute(side), side.chief.user).next_step_on is None


@pytest.mark.parametrize(
    ("wait", "given", "day", "when", "kind"),
    [
        (referred, {}, "2026-05-06", "answer_due", NoticeKind.ANSWER_DUE),  # 15 days, moved over the holidays
        (referred, {"answer_due_on": date(2026, 4, 23)}, "2026-04-23", "answer_due", NoticeKind.ANSWER_DUE),
        (paused, {}, "2026-05-21", "pause_due", NoticeKind.PAUSE_DUE),
        (paused, {"expected_on": date(2026, 4, 30)}, "2026-04-30", "pause_due", NoticeKind.PAUSE_DUE),
    ],
)
def test_what_is_waited_for_comes_back_on_its_day_and_every_thirty_days(
    client, side, clock, wait, given, day, when, kind
):
    owner, day = side.officers[0], date.fromisoformat(day)
    case = wait(dispute(side), owner.user, **given)
    assert case.waits_until == day
    items = InboxItem.objects.filter(kind=kind)
    for number, told in ((-1, 0), (0, 1), (1, 1), (29, 1), (30, 2), (31, 2)):
        sweep(day=day + timedelta(days=number))
        assert items.count() == told, number
    assert items.filter(done_at=None).count() == 1  # the newer one stands for the older
    assert items.first().recipient == owner
    assert day.isoformat() in inbox.sentence(items.first())
    clock(day - timedelta(days=8))
    assert listed(client, owner.user, when) == []
    words = ("暂停今日到期", "暂停超期 3 天") if wait is paused else ("今日应答复", "答复逾期 3 天")
    for after, told in zip((0, 3), words, strict=True):
        clock(day + timedelta(days=after))
        assert listed(client, owner.user, when) == [case.pk]
        for url in ("/today/", reverse("ledger"), case.get_absolute_url()):
            assert told in client.get(url).content.decode(), url
    if wait is paused:
        case = cases.resume_case(by=owner.user, case=case, revision=case.revision)
    else:
        answer = {"answered_on": case.opened_on, "answer": "已立案"}
        case = cases.record_referral_answer(by=owner.user, case=case, revision=case.revision, **answer)
    assert case.waits_until is None
    assert not items.filter(done_at=None).exists()
    assert listed(client, owner.user, when) == []


def test_expected_days_are_not_past(side, clock):
    case = dispute(side)
    with pytest.raises(ValidationError, match="已过") as caught:
        paused(case, None, TUESDAY - timedelta(days=1))
    assert set(caught.value.message_dict) == {"expected_on"}
    assert not case.terms.get().pauses.exists()


def test_level_of_a_paused_case_takes_its_new_rule_and_stands_still(side, clock):
    case = paused(dispute(side), side.chief.user, date(2026, 4, 30))
    clock("2026-04-23")
    case = cases.change_level(by=side.chief.user, case=case, revision=case.revision, level="red", reason="聚集")
    assert (case.state, case.due_on, case.waits_until) == ("paused", None, date(2026, 4, 30))
    assert case.next_step_on == date(2026, 4, 30)
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_RED, recipient=side.chief, done_at=None).exists()
    clock("2026-04-30")
    case = cases.resume_case(by=side.chief.user, case=case, revision=case.revision)
    # 30 days from the 23rd; 24 to 30 April stood still, 30 May is a Saturday.
    assert case.due_on == date(2026, 6, 1)
    assert case.next_step_on == date(2026, 4, 30)
    assert [(term.level, term.ending) for term in case.terms.order_by("number")] == [
        ("yellow", "replaced"),
        ("red", ""),
    ]


def test_level_of_a_referred_case_marks_it_and_rules_the_next_run(side, clock):
    case = referred(dispute(side), side.chief.user)
    case = cases.change_level(by=side.chief.user, case=case, revision=case.revision, level="red", reason="聚集")
    assert (case.state, case.red_on, case.due_on, case.terms.count()) == ("referred", TUESDAY, None, 1)
    assert case.next_step_on == date(2026, 4, 28)
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_RED, recipient=side.chief, done_at=None).exists()
    assert escalate(date(2026, 4, 22)) == 4
    answer = {"answered_on": TUESDAY, "answer": "退回"}
    case = cases.record_referral_answer(by=None, case=case, revision=case.revision, **answer)
    assert case.terms.get(ended_on=None).level == "red"


def red_and_known(side) -> Case:
    case, by = dispute(side, level="red"), side.chief.user
    case = cases.name_leader(by=by, case=case, revision=case.revision, leader=side.chief)
    informed = {"informed_on": TUESDAY, "received_by": "村支书"}
    return cases.inform_committees(by=by, case=case, revision=case.revision, **informed)


def lowered_and_raised(case, by) -> Case:
    for level in ("orange", "red"):
        case = cases.change_level(by=by, case=case, revision=case.revision, level=level, reason="反复")
    return case


def reopened(case, by) -> Case:
    case = resolved(case, by)
    return cases.reopen_case(by=by, case=case, revision=case.revision, reason="又聚集")


def lowered_and_raised_while_referred(case, by) -> Case:
    return lowered_and_raised(referred(case, by), by)


@pytest.mark.parametrize("again", [lowered_and_raised, reopened, lowered_and_raised_while_referred])
def test_red_a_second_time_is_reported_again(client, side, clock, again):
    case = red_and_known(side)
    assert escalate(date(2026, 4, 22)) == 0
    Case.objects.filter(pk=case.pk).update(committees_informed_on=None)
    client.force_login(side.chief.user)
    assert "包案领导仍为" not in client.get(case.get_absolute_url()).content.decode()
    Case.objects.filter(pk=case.pk).update(committees_informed_on=TUESDAY)
    InboxItem.objects.all().delete()
    clock("2026-04-23")
    case = again(case, side.chief.user)
    assert (case.red_on, case.committees_informed_on, case.leader) == (date(2026, 4, 23), None, side.chief)
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_RED, recipient=side.clerk).exists()
    client.force_login(side.chief.user)
    page = client.get(case.get_absolute_url())
    assert "inform" in [act["act"] for act in page.context["acts"]]
    assert f"包案领导仍为 {side.chief.name}" in page.content.decode()
    assert case.transitions.filter(act="inform").count() == 1  # what was done the first time stays in the moves
    # Told again, of this time, though it may be the same run of the clock.
    assert escalate(date(2026, 4, 24)) == 2
    informed = {"informed_on": date(2026, 4, 23), "received_by": "村支书"}
    cases.inform_committees(by=None, case=case, revision=case.revision, **informed)
    assert escalate(date(2026, 4, 27)) == 0


def test_case_that_is_no_longer_red_asks_nobody_for_its_committees(side, clock):
    case = dispute(side, level="red")
    cases.change_level(by=None, case=case, revision=case.revision, level="orange", reason="已平息")
    assert not InboxItem.objects.filter(kind=NoticeKind.CASE_RED, done_at=None).exists()
