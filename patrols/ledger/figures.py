"""The ledger in figures by station: what stands today, and what a period brought. Three queries however many cases."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)

from patrols.choices import IN_THE_VILLAGE, UNRESOLVED
from patrols.filters.cases import time_condition
from patrols.ledger.metrics import IN_TIME, limits_kept
from villages.models import Unit
from xinjin.periods import Span

CENT = Decimal("0.01")
ROW = Value(1)  # a row is counted without reading its key
COUNTED = ("unresolved", "overdue", "this_week", "over_30", "opened", "reopened", "resolved", "in_village")
NOTHING: dict[str, Any] = {**dict.fromkeys(COUNTED, 0), "median_days": None}


class Median(Aggregate):
    """The middle value."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class Days(Func):
    """Whole days from the second day to the first."""

    template, arg_joiner = "(%(expressions)s)", " - "
    output_field = IntegerField()


@dataclass(frozen=True)
class StationFigures:
    """A station's line; None where there is nothing to divide by."""

    FEW: ClassVar[int] = 5

    station: str
    code: str
    unresolved: int
    overdue: int
    this_week: int
    over_30: int
    opened: int
    per_thousand: Decimal | None
    resolved: int
    median_days: Decimal | None
    due: int
    on_time: Decimal | None
    in_village: Decimal | None
    reopened: int

    @property
    def is_small(self) -> bool:
        """Whether the shares rest on too few cases to say much."""
        return self.resolved < self.FEW or self.due < self.FEW

    @property
    def on_time_text(self) -> str:
        """The share of limits kept, or a dash."""
        return _percent(self.on_time)

    @property
    def in_village_text(self) -> str:
        """The share resolved without anybody from outside, or a dash."""
        return _percent(self.in_village)


def _percent(share: Decimal | None) -> str:
    return "—" if share is None else f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"


def station_figures(cases: QuerySet, span: Span, day: date) -> list[StationFigures]:
    """A line for each station that `cases` (those the user may see) belong to."""
    unresolved = Q(state__in=[str(state) for state in UNRESOLVED])
    opened = Q(opened_on__range=(span.start, span.end))
    resolved = Q(resolved_on__range=(span.start, span.end))
    found = (
        cases.filter(unresolved | opened | resolved)  # the rest counts nowhere and need not be sorted for the median
        .order_by()
        .values(at_station=F("village__station"))
        .annotate(
            unresolved=Count(ROW, filter=unresolved),
            overdue=Count(ROW, filter=time_condition("overdue", day)),
            this_week=Count(ROW, filter=time_condition("this_week", day)),
            over_30=Count(ROW, filter=time_condition("over_30", day)),
            opened=Count(ROW, filter=opened),
            reopened=Count(ROW, filter=opened & time_condition("reopened", day)),
            resolved=Count(ROW, filter=resolved),
            in_village=Count(ROW, filter=resolved & Q(resolver__in=[str(each) for each in IN_THE_VILLAGE])),
            median_days=Median(Days("resolved_on", "opened_on"), filter=resolved),
        )
    )
    figures = {row.pop("at_station"): row for row in found}
    judged = {row.pop("at_station"): row for row in _terms(cases, span, day)}
    return [_line(unit, figures.get(unit.pk, NOTHING), judged.get(unit.pk, {})) for unit in _stations(cases)]


def _terms(cases: QuerySet, span: Span, day: date) -> QuerySet:
    """Runs of the clock whose day lay in the period and has come, as the score counts them."""
    rows = limits_kept(span, as_of=day).filter(case__in=cases.order_by().values("pk")).order_by()
    by_station = rows.values(at_station=F("case__village__station"))
    return by_station.annotate(due=Count(ROW), kept=Count(ROW, filter=IN_TIME))


def _stations(cases: QuerySet) -> QuerySet:
    """The stations that have cases, with the households of their villages."""
    households = Sum("villages__household_total", filter=Q(villages__valid_to=None))
    rows = Unit.objects.filter(Exists(cases.order_by().filter(village__station=OuterRef("pk"))))
    return rows.annotate(households=households).order_by("position", "code")


def _share(part: int, whole: int) -> Decimal | None:
    return _rounded(Decimal(part) / whole) if whole else None


def _line(unit: Any, row: dict[str, Any], judged: dict[str, int]) -> StationFigures:
    median = row["median_days"]
    due, kept = judged.get("due", 0), judged.get("kept", 0)
    per_thousand = Decimal(1000 * row["opened"]) / unit.households if unit.households else None
    return StationFigures(
        station=unit.name,
        code=unit.code,
        **{
            **row,
            "in_village": _share(row["in_village"], row["resolved"]),
            "median_days": None if median is None else Decimal(str(median)).quantize(Decimal("0.1")),
        },
        due=due,
        on_time=_share(kept, due),
        per_thousand=None if per_thousand is None else _rounded(per_thousand),
    )


def _rounded(value: Decimal) -> Decimal:
    """To a hundredth: a share in whole percent, a number with two places."""
    return value.quantize(CENT, ROUND_HALF_UP)
