"""Which door next: the households of a village by how long nobody has called on them, and doors called on again (R10).

Both are hints. Who is called on is the officer's judgement; nothing is refused, counted or reported.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery

from patrols.choices import VisitState
from patrols.models import HouseholdCall, Visit
from villages.households import search_households
from villages.models import Household, Village

OFFERED = 12
VISITS_BACK = 2
# Without a norm for the day: as many doors as R10 asks for.
SAME_DOORS = 5


def waiting_longest(village: Village, text: str) -> QuerySet[Household]:
    """Households that `text` finds, each with `last_called_on`; never called on first, then the longest ago."""
    calls = HouseholdCall.objects.filter(household=OuterRef("pk"), visit__state=VisitState.SUBMITTED)
    last = Subquery(calls.order_by("-called_on").values("called_on")[:1])
    rows = search_households(village, text, by_name=True).annotate(last_called_on=last)
    return rows.order_by(F("last_called_on").asc(nulls_first=True), "address", "pk")


def same_doors(visit: Visit, labels: Collection[str]) -> list[date]:
    """The days of the last visits to the village at which the same doors were called on: as many as the norm asks."""
    wanted = set(labels) - {""}
    enough = visit.min_households or SAME_DOORS
    if len(wanted) < enough:
        return []
    before = (
        Visit.objects.counting().filter(village=visit.village, visited_on__lte=visit.visited_on).exclude(pk=visit.pk)
    )
    recent = list(before.order_by("-visited_on", "-started_at", "id").values_list("pk", "visited_on")[:VISITS_BACK])
    doors: dict = {pk: set() for pk, _day in recent}
    for call in HouseholdCall.objects.filter(visit__in=doors).select_related("household"):
        doors[call.visit_id].add(str(call.household) if call.household else call.label)
    return [day for pk, day in recent if len(doors[pk] & wanted) >= enough]
