"""What is counted over a period repeats its visit's date; the database keeps the two equal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from patrols.choices import VisitState
from patrols.models import Activity, Attendee, Deed, HouseholdCall, Visit
from patrols.visits import open_visit, save_draft
from tests.factories import make_station_side
from tests.patrols.factories import full_entry, make_visit, yesterday

pytestmark = pytest.mark.django_db
DAYS = {Attendee: "visited_on", Deed: "visited_on", Activity: "visited_on", HouseholdCall: "called_on"}


def days_of(visit: Visit) -> set:
    return {
        day for model, field in DAYS.items() for day in model.objects.filter(visit=visit).values_list(field, flat=True)
    }


def test_a_log_moved_to_another_day_takes_its_parts_along():
    side = make_station_side()
    officer, earlier = side.officers[0], yesterday() - timedelta(days=1)
    visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())
    for revision, day in enumerate((yesterday(), earlier)):
        entry = full_entry(side.village, visited_on=day)
        save_draft(by=officer.user, visit=visit, revision=revision, entry=entry)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert days_of(visit) == {day}


@pytest.mark.parametrize("model", DAYS)
def test_no_part_may_be_of_another_day_than_its_visit(model):
    side = make_station_side()
    visit = make_visit(side.officers[0], side.village, households=1, deeds=1)
    Activity.objects.create(visit=visit, visited_on=visit.visited_on, kind="briefing")
    model.objects.filter(visit=visit).update(**{DAYS[model]: visit.visited_on - timedelta(days=1)})
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="day_of_visit"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_attendances_count_with_their_visit_and_never_otherwise():
    side = make_station_side()
    visit = make_visit(side.officers[0], side.village)
    visit.state = VisitState.RETURNED
    visit.save(update_fields=["state"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    assert not Attendee.objects.get(visit=visit).is_counting
    Attendee.objects.filter(visit=visit).update(is_counting=True)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="counts_with_visit"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
