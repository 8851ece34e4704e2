"""When a household was called on last, and which ones have waited longest (入户走访, R10)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery

from patrols.models import HouseholdCall
from villages.households import register_last_calls, search_households
from villages.models import Household, Village

# After so many days a household waits for a call, unless the reader asks for another number.
WAITING_DAYS = 90
# So many doors are offered while the officer types.
OFFERED = 12


def calls_made() -> QuerySet:
    """The calls of visits that were handed in."""
    return HouseholdCall.objects.filter(visit__is_counting=True)


@register_last_calls
def last_calls(keys: Sequence[int]) -> dict[int, date]:
    """{household: the day of its last call}."""
    rows = calls_made().filter(household__in=keys).order_by().values_list("household")
    return dict(rows.annotate(last=Max("called_on")))


def waiting(households: QuerySet, day: date, days: int = WAITING_DAYS) -> QuerySet:
    """`households` that nobody called on in the `days` before `day`, with `last_called_on` (None: never).

    Those never called on come first, then the longest wait; the order is unique.
    """
    recent = calls_made().filter(household=OuterRef("pk"), called_on__gt=day - timedelta(days=days))
    return longest_wait_first(households.filter(~Exists(recent)))


def longest_wait_first(households: QuerySet) -> QuerySet:
    """`households` with `last_called_on` (None: never); those never called on first, then the longest ago."""
    calls = calls_made().filter(household=OuterRef("pk"))
    last = Subquery(calls.order_by("-called_on").values("called_on")[:1])
    return households.annotate(last_called_on=last).order_by(
        F("last_called_on").asc(nulls_first=True), "village__code", "address", "pk"
    )


def waiting_longest(village: Village, text: str) -> QuerySet[Household]:
    """Households of the village that `text` finds, with `last_called_on`: which door next."""
    return longest_wait_first(search_households(village, text, by_name=True))
