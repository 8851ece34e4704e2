"""Reminders of what a week lacks, of follow-up calls and of base-info changes: in time, and settled when done (R22)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from patrols import inbox
from patrols.base_info import check_change, forward_changes
from patrols.cases import record_follow_up
from patrols.choices import NoticeKind
from patrols.models import Activity, Case, FollowUpCall, InboxItem
from patrols.reminders import sweep
from patrols.week_reminders import due
from tests.factories import make_station_side
from tests.patrols.factories import make_visit
from tests.patrols.test_base_info import change
from tests.patrols.test_cases import dispute, resolved
from villages.assignments import hand_over

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 26)


def items(kind: NoticeKind):
    return InboxItem.objects.filter(kind=kind)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (THURSDAY, date(2026, 11, 27)),
        (date(2026, 9, 29), date(2026, 9, 30)),  # the national holidays begin on Thursday
        (date(2026, 5, 8), date(2026, 5, 9)),  # a Saturday worked
    ],
)
def test_week_is_reminded_of_from_its_last_working_day_but_one(first, last):
    side = make_station_side()
    assert due(first - timedelta(days=1)) == []
    told = {(row.recipient_id, row.due_on) for row in due(first)}
    assert {(person.pk, last) for person in (*side.officers, *side.auxiliaries)} == told
    assert due(date(2026, 2, 19)) == []  # a week without working days


def test_week_says_what_it_lacks_and_is_settled_when_nothing_is_missing():
    with time_machine.travel(THURSDAY, tick=False):
        side = make_station_side()
        officer, village = side.officers[0], side.village
        visit = make_visit(officer, village, visited_on=THURSDAY)
        Activity.objects.create(visit=visit, visited_on=THURSDAY, kind="screening", nothing_found=True)
        sweep(day=THURSDAY)
        item = items(NoticeKind.WEEK_DUTIES).get(recipient=officer)
        words = inbox.sentence(item)
        assert village.name in words
        assert "治安通报、群防巡逻" in words
        assert "排查" not in words
        for kind in ("briefing", "group_patrol"):
            Activity.objects.create(visit=visit, visited_on=THURSDAY, kind=kind)
        sweep(day=THURSDAY)
        item.refresh_from_db()
        assert item.done_at is not None
        assert items(NoticeKind.WEEK_DUTIES).filter(done_at=None).exists()
    # What can no longer be entered in time is not asked for any more.
    sweep(day=THURSDAY + timedelta(days=7))
    assert not items(NoticeKind.WEEK_DUTIES).filter(done_at=None, reminder__period__endswith="W48").exists()


def test_follow_up_call_is_reminded_of_on_its_day_and_settled_by_the_call():
    side = make_station_side()
    officer, today = side.officers[0], timezone.localdate()
    case = resolved(dispute(side), officer.user)
    sweep(day=today)
    assert not items(NoticeKind.CALL_DUE).exists()
    FollowUpCall.objects.filter(number=1).update(due_on=today)
    Case.objects.filter(pk=case.pk).update(resolved_on=today - timedelta(days=7))
    sweep(day=today)
    item = items(NoticeKind.CALL_DUE).get()
    assert (item.recipient, item.done_at) == (officer, None)
    assert case.number in inbox.sentence(item)
    record_follow_up(
        by=officer.user, case=case, revision=case.revision, done_on=today, satisfaction="satisfied", note="和好如初"
    )
    item.refresh_from_db()
    assert item.done_at is not None


def test_follow_up_call_passes_to_the_successor():
    side = make_station_side()
    first, second = side.officers
    resolved(dispute(side), first.user)
    FollowUpCall.objects.filter(number=1).update(due_on=timezone.localdate())
    sweep()
    hand_over(by=side.chief.user, village=side.village, officer=second, start_on=timezone.localdate())
    sweep()
    assert items(NoticeKind.CALL_DUE).get(recipient=first).done_at is not None
    assert items(NoticeKind.CALL_DUE).get(recipient=second).done_at is None


def test_base_info_change_is_reminded_of_where_it_can_be_verified_and_settled_by_forwarding():
    side = make_station_side()
    community = side.officers[0]
    found = change(side, 1)  # in the liaison officer's village
    sweep(day=found.due_on - timedelta(days=2))
    assert not items(NoticeKind.BASE_INFO_DUE).exists()
    sweep(day=found.due_on - timedelta(days=1))
    item = items(NoticeKind.BASE_INFO_DUE).get()
    assert item.recipient == community
    found = check_change(by=community.user, change=found, is_so=True)
    assert items(NoticeKind.BASE_INFO).get().done_at is not None
    sweep(day=found.due_on)
    assert items(NoticeKind.BASE_INFO_DUE).get().done_at is None
    forward_changes(by=community.user, changes=[found], receipt="R1")
    sweep(day=found.due_on)
    assert items(NoticeKind.BASE_INFO_DUE).get().done_at is not None
