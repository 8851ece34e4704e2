"""The ledger in figures: what stands today, and what a period brought, by station, village, owner, category or level.

Four queries however many cases. Lines are in the order of the district, never of the figures: nobody is ranked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

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
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import IN_THE_VILLAGE, UNRESOLVED, CaseCategory, CaseLevel
from patrols.filters.cases import AGES, time_condition
from patrols.ledger.metrics import IN_TIME, limits_kept
from patrols.models import Case
from villages.models import Officer, Unit, Village
from xinjin.periods import Span

# Below so many cases a share or a median says little, and none is given.
FEW = 5
CENT = Decimal("0.01")
ROW = Value(1)  # a row is counted without reading its key
TODAY = ("overdue", "this_week", *(value for value, _label in AGES))
COUNTED = ("unresolved", *TODAY, "opened", "reopened", "resolved", "in_village")
NOTHING: Mapping[str, Any] = {**dict.fromkeys(COUNTED, 0), "median_days": None}


class Median(Aggregate):
    """The middle value."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class Days(Func):
    """Whole days from the second day to the first."""

    template, arg_joiner = "(%(expressions)s)", " - "
    output_field = IntegerField()


class Place(NamedTuple):
    """What a line is about: its key in the figures, and the value that the list's filter takes."""

    pk: Any
    name: str
    code: str
    belongs: str = ""


@dataclass(frozen=True)
class Dimension:
    """What the ledger is rolled up by. `field` is where a case says it, `parameter` the filter that gives the rows.

    `homes` is where a village says it, for households to divide by.
    """

    key: str
    label: Promise
    noun: Promise
    field: str
    parameter: str
    places: Callable[[QuerySet], Iterable[Place]]
    homes: str = ""


def _stations(cases: QuerySet) -> list[Place]:
    rows = Unit.objects.filter(Exists(cases.filter(village__station=OuterRef("pk")))).order_by("position", "code")
    return [Place(row.pk, row.name, row.code) for row in rows]


def _villages(cases: QuerySet) -> list[Place]:
    rows = Village.objects.filter(Exists(cases.filter(village=OuterRef("pk")))).select_related("station")
    order = ("station__position", "station__code", "code")
    return [Place(row.pk, row.name, row.code, row.station.name) for row in rows.order_by(*order)]


def _owners(cases: QuerySet) -> list[Place]:
    rows = Officer.objects.filter(Exists(cases.filter(owner=OuterRef("pk")))).select_related("unit")
    order = ("unit__position", "unit__code", "pinyin", "number")
    return [Place(row.pk, row.name, row.number, row.unit.name) for row in rows.order_by(*order)]


def _choices(field: str, choices: list[tuple[str, Any]]) -> Callable[[QuerySet], list[Place]]:
    def places(cases: QuerySet) -> list[Place]:
        found = set(cases.values_list(field, flat=True).distinct())
        return [Place(value, str(label), value) for value, label in choices if value in found]

    return places


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension(
            "station",
            gettext_lazy("By station"),
            gettext_lazy("Station"),
            "village__station",
            "station",
            _stations,
            "station",
        ),
        Dimension(
            "village", gettext_lazy("By village"), gettext_lazy("Village"), "village", "village", _villages, "pk"
        ),
        Dimension("owner", gettext_lazy("By owner"), gettext_lazy("Owner"), "owner", "owner", _owners),
        Dimension(
            "category",
            gettext_lazy("By category"),
            gettext_lazy("Category"),
            "category",
            "category",
            _choices("category", CaseCategory.choices),
        ),
        Dimension(
            "level",
            gettext_lazy("By level"),
            gettext_lazy("Level"),
            "level",
            "level",
            _choices("level", CaseLevel.choices),
        ),
    )
}


@dataclass(frozen=True)
class Line:
    """The figures of a place. `homes` is None where there are no households to divide by."""

    place: Place
    counts: Mapping[str, int]
    median: float | None
    due: int
    kept: int
    homes: int | None

    def __getattr__(self, name: str) -> int:
        try:
            return self.counts[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def per_thousand(self) -> Decimal | None:
        """Cases opened for each 1,000 households."""
        return _rounded(Decimal(1000 * self.opened) / self.homes) if self.homes else None

    @property
    def median_days(self) -> Decimal | None:
        """Days from opening to resolution, the middle one; None when few were resolved."""
        if self.median is None or self.resolved < FEW:
            return None
        return Decimal(str(self.median)).quantize(Decimal("0.1"))

    @property
    def on_time(self) -> Decimal | None:
        """The share of limits kept, of those that ended in the period; None for few."""
        return _share(self.kept, self.due)

    @property
    def in_village_share(self) -> Decimal | None:
        """The share resolved without anybody from outside (R7); None for few."""
        return _share(self.in_village, self.resolved)

    @property
    def median_text(self) -> str:
        """The median, or why there is none."""
        return _told(None if self.median_days is None else str(self.median_days), self.resolved)

    @property
    def on_time_text(self) -> str:
        """The share in percent, or why there is none."""
        return _told(_percent(self.on_time), self.due)

    @property
    def in_village_text(self) -> str:
        """The share in percent, or why there is none."""
        return _told(_percent(self.in_village_share), self.resolved)


def _share(part: int, whole: int) -> Decimal | None:
    return _rounded(Decimal(part) / whole) if whole >= FEW else None


def _percent(share: Decimal | None) -> str | None:
    return None if share is None else f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"


def _told(text: str | None, whole: int) -> str:
    return text or (_("few cases") if whole else "—")


def _rounded(value: Decimal) -> Decimal:
    """To a hundredth: a share in whole percent, a number with two places."""
    return value.quantize(CENT, ROUND_HALF_UP)


def roll_up(user: Any, by: Dimension, span: Span, day: date) -> list[Line]:
    """A line for each place that the cases which the user may see belong to."""
    cases = Case.objects.allowed(user).order_by()
    figures = {row.pop("at_place"): row for row in _figures(cases, by, span, day)}
    terms = {row.pop("at_place"): row for row in _terms(cases, by, span, day)}
    homes = _homes(user, by) if by.homes else {}
    lines = []
    for place in by.places(cases):
        row, judged = {**NOTHING, **figures.get(place.pk, {})}, terms.get(place.pk, {})
        median = row.pop("median_days")
        due, kept = judged.get("due", 0), judged.get("kept", 0)
        lines.append(Line(place, row, median, due, kept, homes.get(place.pk)))
    return lines


def _figures(cases: QuerySet, by: Dimension, span: Span, day: date) -> QuerySet:
    unresolved = Q(state__in=[str(state) for state in UNRESOLVED])
    opened = Q(opened_on__range=(span.start, span.end))
    resolved = Q(resolved_on__range=(span.start, span.end))
    return (
        cases.filter(unresolved | opened | resolved)  # the rest counts nowhere and need not be sorted for the median
        .values(at_place=F(by.field))
        .annotate(
            unresolved=Count(ROW, filter=unresolved),
            opened=Count(ROW, filter=opened),
            reopened=Count(ROW, filter=opened & time_condition("reopened", day)),
            resolved=Count(ROW, filter=resolved),
            in_village=Count(ROW, filter=resolved & Q(resolver__in=[str(each) for each in IN_THE_VILLAGE])),
            median_days=Median(Days("resolved_on", "opened_on"), filter=resolved),
            **{value: Count(ROW, filter=time_condition(value, day)) for value in TODAY},
        )
    )


def _terms(cases: QuerySet, by: Dimension, span: Span, day: date) -> QuerySet:
    """Runs of the clock whose day lay in the period and has come, as the score counts them."""
    rows = limits_kept(span, as_of=day).filter(case__in=cases.values("pk")).order_by()
    return rows.values(at_place=F(f"case__{by.field}")).annotate(due=Count(ROW), kept=Count(ROW, filter=IN_TIME))


def _homes(user: Any, by: Dimension) -> dict[Any, int]:
    """Households of the villages that the user sees."""
    rows = Village.objects.allowed(user).filter(valid_to=None).order_by().values(at_place=F(by.homes))
    return {row["at_place"]: row["homes"] for row in rows.annotate(homes=Sum("household_total"))}
