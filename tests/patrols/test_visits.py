"""The verbs of a visit: opened, saved, handed in, returned, discarded (R5, R10, R11)."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from patrols.choices import NoticeKind, VisitState
from patrols.entries import ActivityEntry, CallEntry, DeedEntry, entry_of
from patrols.models import Attendee, InboxItem, Visit, VisitTransition
from patrols.months import seal_month
from patrols.visits import discard_draft, open_visit, return_visit, save_draft, submit_visit
from tests.factories import make_assignment, make_household, make_station_side, make_village
from tests.patrols.factories import full_entry, make_visit, yesterday
from villages.models import Household
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month

pytestmark = pytest.mark.django_db


@pytest.fixture
def side():
    return make_station_side()


@pytest.fixture
def draft(side):
    officer = side.officers[0]
    return open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())


def hand_in(visit: Visit, entry=None) -> Visit:
    by = visit.officer.user
    saved = save_draft(by=by, visit=visit, revision=visit.revision, entry=entry or full_entry(visit.village))
    return submit_visit(by=by, visit=saved, revision=saved.revision)


def mistakes_of(visit: Visit, **changes) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        hand_in(visit, full_entry(changes.pop("village", visit.village), **changes))
    return caught.value.message_dict


def test_open_visit_twice_with_one_id_is_one_draft(side):
    officer, known = side.officers[0], uuid4()
    visits = [
        open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday(), id=known)
        for _ in range(2)
    ]
    assert visits[0].pk == visits[1].pk == known
    assert list(Attendee.objects.values_list("officer", flat=True)) == [officer.pk]
    assert Event.objects.filter(subject_id=str(known)).count() == 1


def test_draft_accepts_what_is_incomplete_and_gives_it_back(draft):
    entry = full_entry(
        draft.village,
        started_at=None,
        ended_at=None,
        summary="",
        calls=(CallEntry("3组"), CallEntry("", raised="路灯不亮"), CallEntry("3组")),
        deeds=(DeedEntry(matter="修灯"),),
    )
    saved = save_draft(by=draft.officer.user, visit=draft, revision=0, entry=entry)
    assert entry_of(Visit.objects.get(pk=draft.pk)) == entry
    assert (saved.revision, saved.household_count, saved.deed_count) == (1, 1, 1)
    assert not Household.objects.exists()


def test_saving_the_same_again_changes_nothing(draft):
    entry = full_entry(draft.village)
    for _ in range(3):
        saved = save_draft(by=draft.officer.user, visit=draft, revision=0, entry=entry)
    assert saved.revision == 1
    assert Event.objects.filter(action="save").count() == 1


def test_stale_save_gives_both_texts_and_overwrites_nothing(draft):
    by, first = draft.officer.user, full_entry(draft.village)
    save_draft(by=by, visit=draft, revision=0, entry=first)
    with pytest.raises(Conflict) as caught:
        save_draft(by=by, visit=draft, revision=0, entry=replace(first, summary="另一页写的"))
    assert list(caught.value.mine.values()) == ["另一页写的"]
    assert list(caught.value.theirs.values()) == [first.summary]
    assert entry_of(Visit.objects.get(pk=draft.pk)) == first


def test_draft_refuses_impossible_values_all_at_once(draft):
    entry = full_entry(
        draft.village, started_at=time(12), ended_at=time(9), deeds=(DeedEntry(matter="x" * 501, outcome="gone"),)
    )
    with pytest.raises(ValidationError) as caught:
        save_draft(by=draft.officer.user, visit=draft, revision=0, entry=entry)
    assert set(caught.value.message_dict) == {"ended_at", "deeds-0-matter", "deeds-0-outcome"}


def test_submit_stamps_counts_norms_and_places(side, draft):
    companion = side.auxiliaries[0]
    visit = hand_in(draft, full_entry(draft.village, companions=frozenset({companion, side.auxiliaries[1]})))
    assert visit.state == VisitState.SUBMITTED
    assert visit.is_up_to_standard
    assert (visit.household_count, visit.min_households, visit.deed_count, visit.min_deeds) == (5, 5, 1, 1)
    assert visit.submitted_at is not None
    assert not visit.is_late
    places = dict(visit.attendees.values_list("officer", "assignment__village"))
    assert places == {visit.officer_id: side.village.pk, companion.pk: side.village.pk, side.auxiliaries[1].pk: None}
    assert set(visit.calls.values_list("called_on", flat=True)) == {visit.visited_on}


def test_submit_again_is_the_same_visit_without_a_second_trace(draft):
    visit = hand_in(draft)
    again = submit_visit(by=visit.officer.user, visit=visit, revision=1)
    assert (again.pk, again.revision, again.submitted_at) == (visit.pk, visit.revision, visit.submitted_at)
    assert VisitTransition.objects.filter(visit=visit).count() == 1
    assert Event.objects.filter(action="submit").count() == 1


def test_submit_finds_listed_households_and_adds_new_ones(draft):
    listed = make_household(draft.village, address="3组2号", head_name="王建国")
    elsewhere = make_household(make_village(), address="3组1号", head_name="王建国")
    visit = hand_in(draft)
    assert listed.pk in visit.calls.values_list("household", flat=True)
    assert not elsewhere.calls.exists()
    assert Household.objects.filter(village=draft.village).count() == 5


def test_household_with_spaces_in_its_address_is_found(draft):
    listed = make_household(draft.village, address="5栋 301", head_name="阿依 古丽")
    visit = hand_in(draft, full_entry(draft.village, calls=(CallEntry("5栋 301 阿依 古丽"),), shortfall_reason="下雨"))
    assert list(visit.calls.values_list("household", flat=True)) == [listed.pk]


def test_every_mistake_is_told_at_once(side, draft):
    found = mistakes_of(
        draft,
        visited_on=timezone.localdate() + timedelta(days=1),
        started_at=None,
        summary="",
        photo_waiver="",
        calls=(CallEntry("没有空格"), CallEntry("1组1号 李四"), CallEntry("1组1号 李四"), CallEntry(raised="噪音")),
        deeds=(DeedEntry(matter="修灯"),),
    )
    assert set(found) == {
        "visited_on", "started_at", "summary", "photo_waiver", "shortfall_reason",
        "calls-0-household", "calls-2-household", "calls-3-household", "deeds-0-beneficiary", "deeds-0-result",
    }  # fmt: skip
    assert Visit.objects.get(pk=draft.pk).state == VisitState.DRAFT
    assert not Household.objects.exists()


def test_below_standard_names_what_is_missing_and_is_recorded_with_a_reason(draft):
    short = {"calls": (CallEntry("1组1号 李四"),), "deeds": ()}
    (message,) = mistakes_of(draft, **short)["shortfall_reason"]
    assert "1" in message
    assert "5" in message
    draft.refresh_from_db()
    visit = hand_in(draft, full_entry(draft.village, shortfall_reason="下雨", **short))
    assert not visit.is_up_to_standard
    assert len(visit.shortfalls) == 2


def test_date_outside_the_assignment_is_refused_at_the_field(side, draft):
    before = date(2023, 12, 29)
    assert set(mistakes_of(draft, visited_on=before)) == {"visited_on"}
    foreign = make_village()
    draft.refresh_from_db()
    assert set(mistakes_of(draft, village=foreign)) == {"visited_on"}


def test_dates_at_the_ends_of_the_calendar_are_refused(draft):
    for day in (date(1, 1, 1), date(9999, 12, 31)):
        assert set(mistakes_of(draft, visited_on=day)) == {"visited_on"}
        draft.refresh_from_db()


def test_overlapping_hours_name_the_other_visit(side, draft):
    other = make_visit(side.officers[0], side.village, started_at=time(11), ended_at=time(12))
    (message,) = mistakes_of(draft)["started_at"]
    assert other.village.name in message
    assert "11:00" in message
    draft.refresh_from_db()
    assert hand_in(draft, full_entry(draft.village, ended_at=time(11))).state == VisitState.SUBMITTED


def test_sealed_month_is_refused_at_the_date(draft):
    seal_month(by=None, key=Month.counting(draft.visited_on).key)
    assert set(mistakes_of(draft)) == {"visited_on"}


@pytest.mark.parametrize(("entered", "late"), [("2026-11-17 23:00", False), ("2026-11-18 00:30", True)])
def test_entry_after_two_workdays_of_the_next_week_is_late(side, entered, late):
    officer = side.officers[0]
    with time_machine.travel(f"{entered}+08:00", tick=False):
        visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=date(2026, 11, 12))
        visit = hand_in(visit, full_entry(side.village, visited_on=date(2026, 11, 12)))
    assert visit.is_late is late


def test_returned_log_tells_its_author_and_comes_back(side, draft):
    visit = hand_in(draft)
    returned = return_visit(by=side.chief.user, visit=visit, reason=" 请补充实事的结果 ")
    assert returned.state == VisitState.RETURNED
    assert not Visit.objects.counting().exists()
    notice = InboxItem.objects.get(recipient=visit.officer, kind=NoticeKind.VISIT_RETURNED)
    assert notice.context == {
        "name": str(visit), "url": f"/visits/{visit.pk}/", "reason": "请补充实事的结果",
    }  # fmt: skip
    again = hand_in(returned, full_entry(side.village, summary="补充后的总结"))
    notice.refresh_from_db()
    assert again.state == VisitState.SUBMITTED
    assert notice.done_at is not None
    states = list(VisitTransition.objects.order_by("id").values_list("state", flat=True))
    assert states == ["submitted", "returned", "submitted"]


def test_return_needs_a_reason_and_a_submitted_log(side, draft):
    with pytest.raises(Conflict):
        return_visit(by=side.chief.user, visit=draft, reason="x")
    with pytest.raises(ValidationError):
        return_visit(by=side.chief.user, visit=hand_in(draft), reason="  ")


def test_return_in_a_sealed_month_is_refused(side, draft):
    visit = hand_in(draft)
    seal_month(by=None, key=Month.counting(visit.visited_on).key)
    with pytest.raises(Conflict):
        return_visit(by=side.chief.user, visit=visit, reason="晚了")


def test_submitted_log_cannot_be_changed_or_discarded(draft):
    visit = hand_in(draft)
    with pytest.raises(Conflict) as caught:
        save_draft(by=None, visit=visit, revision=visit.revision, entry=full_entry(visit.village, summary="改"))
    assert "改" in caught.value.mine.values()
    with pytest.raises(Conflict):
        discard_draft(by=None, visit=visit)


def test_discarded_draft_is_gone_and_a_late_save_is_told_so(draft):
    discard_draft(by=draft.officer.user, visit=draft)
    assert not Visit.objects.exists()
    assert Event.objects.filter(action="discard").count() == 1
    with pytest.raises(Conflict):
        save_draft(by=None, visit=draft, revision=0, entry=full_entry(draft.village))


def test_screening_without_finding_or_note_is_told_at_its_line(draft):
    with pytest.raises(ValidationError) as caught:
        save_draft(
            by=None, visit=draft, revision=0, entry=full_entry(draft.village, activities=(ActivityEntry("screening"),))
        )
    assert set(caught.value.message_dict) == {"activities-0-note"}


def test_submit_counts_for_the_village_held_on_the_day(side, draft):
    """After a hand-over the log of a day before it still belongs to the one who was there."""
    second = make_village(station=side.station)
    officer = side.officers[0]
    make_assignment(second, officer, start_on=date(2024, 1, 1), end_on=yesterday())
    visit = hand_in(draft, full_entry(second))
    assert visit.attendees.get().assignment.village == second
