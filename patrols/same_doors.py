"""Whether the same few doors are knocked on again and again: hints for the officer's own pages, nothing more (R10).

Who is called on is the officer's judgement; nothing is refused, counted or reported.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef

from patrols.calls import calls_made
from patrols.models import HouseholdCall, Visit
from villages.models import Household
from xinjin.periods import Span

WEEKS = 8
DOORS = 5
# Below this nothing can be said; from this share on, most calls go to the same doors.
FEWEST_CALLS = 15
VISITS_BACK = 2
# Without a norm for the day: as many doors as R10 asks for.
USUAL_DOORS = 5


@dataclass(frozen=True)
class SameDoors:
    """Of `calls` in the last weeks, `repeated` went to the same `doors` households, while `never` were never seen."""

    calls: int
    repeated: int
    doors: int
    never: int

    @property
    def is_striking(self) -> bool:
        """At least half of the calls, at doors that were opened more than once, while others never were."""
        return self.calls >= FEWEST_CALLS and self.never > 0 and 2 * self.repeated >= self.calls > self.doors


def counted(calls_by_household: Collection[int], never: int) -> SameDoors:
    """From how often each household was called on."""
    most = sorted(calls_by_household, reverse=True)[:DOORS]
    return SameDoors(sum(calls_by_household), sum(most), len(most), never)


def same_doors(village_ids: Collection[int], today: date) -> dict[int, SameDoors]:
    """By village, over the last eight weeks; two queries however many villages."""
    span = Span(today - timedelta(weeks=WEEKS), today)
    counting = calls_made().filter(household__isnull=False)
    recent = (
        counting.filter(visit__village__in=village_ids, called_on__range=(span.start, span.end))
        .order_by()
        .values_list("visit__village", "household")
        .annotate(n=Count("id"))
    )
    often: dict[int, list[int]] = defaultdict(list)
    for village, _household, n in recent:
        often[village].append(n)
    unseen = Household.objects.filter(village__in=village_ids).exclude(
        Exists(counting.filter(household=OuterRef("pk")))
    )
    never = dict(unseen.order_by().values_list("village").annotate(n=Count("id")))
    return {village: counted(calls, never.get(village, 0)) for village, calls in often.items()}


def days_of_same_doors(visit: Visit, labels: Collection[str]) -> list[date]:
    """The days of the last visits to the village at which the same doors were called on: as many as the norm asks."""
    wanted = set(labels) - {""}
    enough = visit.min_households or USUAL_DOORS
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
