"""Which door next: the households of a village by how long nobody has called on them, and doors called on again (R10).

Both are hints. Who is called on is the officer's judgement; nothing is refused, counted or reported.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from patrols.calls import longest_wait_first
from patrols.models import HouseholdCall, Visit
from villages.households import search_households
from villages.models import Household, Village

OFFERED = 12
VISITS_BACK = 2
# Without a norm for the day: as many doors as R10 asks for.
SAME_DOORS = 5


def waiting_longest(village: Village, text: str) -> QuerySet[Household]:
    """Households that `text` finds, each with `last_called_on`; never called on first, then the longest ago."""
    return longest_wait_first(search_households(village, text, by_name=True))


def days_of_same_doors(visit: Visit, labels: Collection[str]) -> list[date]:
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
