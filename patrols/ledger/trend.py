"""A year of the ledger, month by month: opened, resolved, and what stood open at each month's end."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from patrols.choices import CaseState
from xinjin.periods import Month

MONTHS = 12


@dataclass(frozen=True)
class TrendMonth:
    """A calendar month; the running one so far."""

    month: Month
    opened: int
    resolved: int
    standing: int


def trend(cases: QuerySet, day: date) -> list[TrendMonth]:
    """The last twelve months up to `day`; one query."""
    months = [Month.of(day)]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    wanted = {}
    for place, month in enumerate(months):
        end = min(month.end, day)
        over = Q(resolved_on=None) | Q(resolved_on__gt=end)
        wanted[f"opened_{place}"] = Count("pk", filter=Q(opened_on__range=(month.start, end)))
        wanted[f"resolved_{place}"] = Count("pk", filter=Q(resolved_on__range=(month.start, end)))
        wanted[f"standing_{place}"] = Count("pk", filter=Q(opened_on__lte=end) & over & ~Q(state=CaseState.MERGED))
    found = cases.order_by().aggregate(**wanted)
    names = ("opened", "resolved", "standing")
    return [TrendMonth(month, *(found[f"{name}_{place}"] for name in names)) for place, month in enumerate(months)]
