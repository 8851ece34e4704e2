"""Planned visits of the demo, of last week, this one and the next, and two filters that people keep (R5)."""

from random import Random
from uuid import UUID

from assessments.demo import phrases
from assessments.demo.roster import Roster
from patrols.lists import VISITS
from patrols.models import Attendee, VisitPlan
from villages.choices import Slot
from villages.models import Assignment
from xinjin.accounts.models import User
from xinjin.lists.models import SavedFilter, Sharing
from xinjin.periods import Span, Week
from xinjin.workdays.calendar import workdays

KEPT = (
    ("brigade", "未达标记录", "standard=below&state=submitted", Sharing.ALL),
    ("chief", "退回待改", "state=returned", Sharing.UNIT),
)


def make_plans(roster: Roster) -> None:
    """Three weeks of plans; those of last week mostly came true."""
    # Its own dice, so that plans do not change the rest of the demo.
    random = Random(f"plans {roster.today}")  # noqa: S311
    week = Week.of(roster.today)
    span = Span(week.previous().start, week.next().end)
    worked = workdays(span)
    made = {
        (officer, village, number): day
        for officer, village, number, day in Attendee.objects.filter(
            is_counting=True, visited_on__range=(span.start, span.end)
        ).values_list("officer", "visit__village", "iso_week", "visited_on")
    }
    plans = []
    held = Assignment.objects.on(roster.today).filter(slot=Slot.OFFICER).order_by("village__code")
    for row in held:
        for each in (week.previous(), week, week.next()):
            days = [day for day in each.days() if day in worked]
            if not days or random.random() > 0.7:
                continue
            visited = made.get((row.officer_id, row.village_id, each.year * 100 + each.number))
            day = visited if visited and random.random() < 0.8 else random.choice(days)
            note = random.choice(phrases()["plans"]) if random.random() < 0.5 else ""
            key = UUID(int=random.getrandbits(128), version=4)
            plans.append(
                VisitPlan(id=key, officer_id=row.officer_id, village_id=row.village_id, planned_on=day, note=note)
            )
    VisitPlan.objects.bulk_create(plans)
    owners = {user.username: user for user in User.objects.filter(username__in=[name for name, *_rest in KEPT])}
    SavedFilter.objects.bulk_create(
        SavedFilter(
            owner=owners[owner], list_name=VISITS.name, name=name, query=VISITS.canonical(query), sharing=sharing
        )
        for owner, name, query, sharing in KEPT
    )
