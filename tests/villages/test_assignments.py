"""One officer and one auxiliary for each village at each moment (R1): given, handed over, ended."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import SINCE, make_assignment, make_officer, make_village
from villages.assignments import assign, correct_assignment, end_assignment, hand_over, save_assignment
from villages.choices import OfficerKind, OfficerState, PostKind, Slot
from villages.models import Assignment, PartyPost
from villages.people import branch_post, history_of, responsible_on
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db
TAKEN = "held by somebody else"
DAY = timedelta(days=1)


@pytest.fixture
def village():
    return make_village()


@pytest.fixture(autouse=True)
def _in_english(settings):
    from django.utils import translation

    with translation.override("en"):
        yield


def test_assign_stores_the_place_of_the_persons_kind(village):
    officer = make_officer(kind=OfficerKind.LIAISON)
    auxiliary = make_officer(kind=OfficerKind.AUXILIARY)
    assert assign(by=None, village=village, officer=officer, start_on=SINCE).slot == Slot.OFFICER
    assert assign(by=None, village=village, officer=auxiliary, start_on=SINCE).slot == Slot.AUXILIARY
    assert Event.objects.filter(subject_type="villages.assignment", action="add").count() == 2


@pytest.mark.parametrize(
    ("start_on", "end_on", "is_free"),
    [
        (date(2024, 1, 1), None, False),
        (date(2023, 1, 1), date(2024, 1, 1), False),  # the last day counts
        (date(2024, 6, 30), None, False),  # the last day of the other counts too
        (date(2024, 7, 1), None, True),
        (date(2023, 1, 1), date(2023, 12, 31), True),
    ],
)
def test_assign_while_the_place_is_held(village, start_on, end_on, is_free):
    make_assignment(village, make_officer(), start_on=date(2024, 1, 1), end_on=date(2024, 6, 30))
    newcomer = make_officer()
    if is_free:
        assign(by=None, village=village, officer=newcomer, start_on=start_on, end_on=end_on)
    else:
        with pytest.raises(ValidationError, match=TAKEN):
            assign(by=None, village=village, officer=newcomer, start_on=start_on, end_on=end_on)


def test_overlap_by_raw_insert_is_refused_by_the_database(village):
    make_assignment(village, make_officer())
    twin = Assignment(village=village, officer=make_officer(), slot=Slot.OFFICER, start_on=SINCE)
    with pytest.raises(IntegrityError, match="villages_assignment_one_holder"), transaction.atomic():
        Assignment.objects.bulk_create([twin])


def test_assign_refuses_staff_the_departed_and_days_outside_the_village(village):
    with pytest.raises(ValidationError, match="cannot hold"):
        assign(by=None, village=village, officer=make_officer(kind=OfficerKind.STAFF), start_on=SINCE)
    with pytest.raises(ValidationError, match="no longer serves"):
        assign(by=None, village=village, officer=make_officer(state=OfficerState.RETIRED), start_on=SINCE)
    with pytest.raises(ValidationError, match="did not exist yet"):
        assign(by=None, village=village, officer=make_officer(), start_on=date(2020, 5, 31))
    assert not Assignment.objects.exists()


def test_hand_over_leaves_no_day_without_holder_and_ends_the_branch_post(village):
    former, newcomer = make_officer(), make_officer()
    make_assignment(village, former)
    post = PartyPost.objects.create(
        officer=former, kind=PostKind.DEPUTY_SECRETARY, village=village, start_on=date(2024, 2, 1)
    )
    day = date(2025, 3, 1)
    hand_over(by=None, village=village, officer=newcomer, start_on=day)
    assert responsible_on(village, day - DAY) == former
    assert responsible_on(village, day) == newcomer
    post.refresh_from_db()
    assert post.end_on == day - DAY
    assert branch_post(village, former, day - DAY) == post
    assert branch_post(village, former, day) is None


def test_hand_over_leaves_the_other_place_alone(village):
    officer, auxiliary = make_officer(), make_officer(kind=OfficerKind.AUXILIARY)
    make_assignment(village, officer)
    kept = make_assignment(village, auxiliary)
    hand_over(by=None, village=village, officer=make_officer(), start_on=date(2025, 3, 1))
    kept.refresh_from_db()
    assert kept.end_on is None


def test_hand_over_on_the_first_day_of_the_holder_stores_nothing(village):
    held = make_assignment(village, make_officer())
    with pytest.raises(ValidationError, match="began on this day"):
        hand_over(by=None, village=village, officer=make_officer(), start_on=SINCE)
    held.refresh_from_db()
    assert held.end_on is None
    assert Assignment.objects.count() == 1


def test_hand_over_to_somebody_unfit_keeps_the_holder(village):
    held = make_assignment(village, make_officer())
    gone = make_officer(state=OfficerState.TRANSFERRED)
    with pytest.raises(ValidationError):
        hand_over(by=None, village=village, officer=gone, start_on=date(2025, 3, 1))
    held.refresh_from_db()
    assert held.end_on is None


def test_end_assignment_a_second_time_is_a_conflict(village):
    held = make_assignment(village, make_officer())
    end_assignment(by=None, assignment=held, end_on=date(2025, 1, 31))
    with pytest.raises(Conflict):
        end_assignment(by=None, assignment=held, end_on=date(2025, 3, 31))
    with pytest.raises(ValidationError, match="before the first day"):
        end_assignment(by=None, assignment=held, end_on=SINCE - DAY)


def test_only_the_days_of_a_stored_assignment_change(village):
    held = make_assignment(village, make_officer())
    held.officer = make_officer()
    with pytest.raises(ValidationError, match="Only the days"):
        save_assignment(held, by=None)
    days = {"start_on": date(2024, 2, 1), "end_on": None}
    with pytest.raises(ValidationError, match="Say why"):
        correct_assignment(by=None, assignment=held, **days, reason=" ")
    with pytest.raises(Conflict, match="2024-01-01 –"):
        correct_assignment(by=None, assignment=held, **days, reason="x", seen=(date(2023, 1, 1), None))
    correct_assignment(by=None, assignment=held, **days, reason="began later", seen=(SINCE, None))
    detail = Event.objects.filter(action="correct").get().detail
    assert detail == {"changes": {"start_on": ["2024-01-01", "2024-02-01"]}, "reason": "began later"}


def test_responsible_on_is_one_query_and_none_in_a_gap(village, django_assert_num_queries):
    officer = make_officer()
    make_assignment(village, officer, end_on=date(2024, 6, 30))
    make_assignment(village, make_officer(kind=OfficerKind.AUXILIARY))
    with django_assert_num_queries(1):
        found = responsible_on(village, date(2024, 6, 30))
        assert (found, found.unit.name) == (officer, officer.unit.name)
    assert responsible_on(village, date(2024, 7, 1)) is None
    assert responsible_on(village, SINCE - DAY) is None


def test_history_shows_the_open_ones_first(village):
    old = make_assignment(village, make_officer(), end_on=date(2024, 6, 30))
    present = make_assignment(village, make_officer(), start_on=date(2024, 7, 1))
    assert list(history_of(village)) == [present, old]
