"""Whether the same few doors are knocked on again and again: a hint for the officer's own page, nothing more (R10)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef

from patrols.calls import calls_made
from villages.models import Household
from xinjin.periods import Span

WEEKS = 8
DOORS = 5
# Below this nothing can be said; from this share on, most calls go to the same doors.
FEWEST_CALLS = 15


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
