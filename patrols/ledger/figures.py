"""The ledger in figures: what stands today, and what a period brought, by station, village, owner, category or level.

The same few queries however many cases. Lines are in the order of the district, never of the figures: nobody is
ranked. Every count is of cases and opens these cases in the list; what a period brought is told by the moves of the
cases (`ledger/history.py`), so it does not change later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from patrols.choices import UNRESOLVED, CaseAct
from patrols.filters.cases import AGES, solved_by, time_condition
from patrols.ledger.dimensions import Dimension, Place
from patrols.ledger.history import REOPENED, last_moves, of_cases
from patrols.ledger.metrics import LATE, limits_kept
from patrols.models import Case
from villages.models import Village
from xinjin.access import engine
from xinjin.periods import Span

# Below so many cases a share or a median says little, and none is given.
FEW = 5
CENT = Decimal("0.01")
ROW = Value(1)  # a row is counted without reading its key
TODAY = ("overdue", "this_week", *(value for value, _label in AGES))
COUNTED = ("unresolved", *TODAY, "opened", "resolved", "in_village", "reopened", "due", "late")
RESOLVED = Q(act=CaseAct.RESOLVE)


class Days(Func):
    """Whole days from the second day to the first."""

    template, arg_joiner = "(%(expressions)s)", " - "
    output_field = IntegerField()


@dataclass(frozen=True)
class Line:
    """The figures of a place. `homes` is None where there are no households to divide by."""

    place: Place
    counts: Mapping[str, int]
    median: float | None
    homes: int | None

    def __getattr__(self, name: str) -> int:
        try:
            return self.counts[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def kept(self) -> int:
        """Of the cases whose limit ended in the period, those that were in time with it."""
        return self.due - self.late

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
        """The share that was in time, of the cases whose limit ended in the period; None for few."""
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


@dataclass(frozen=True)
class RollUp:
    """The lines of the places in their order, and one over all of them."""

    lines: list[Line]
    total: Line

    @property
    def rows(self) -> list[Line]:
        """As a table shows them: the total last, unless it would only repeat the one line."""
        return [*self.lines, self.total] if len(self.lines) > 1 else self.lines


def roll_up(user: Any, by: Dimension, span: Span, day: date) -> RollUp:
    """A line for each place that the cases which the user may see belong to."""
    cases = Case.objects.allowed(user).order_by()
    moves = of_cases(last_moves(span, CaseAct.RESOLVE, CaseAct.REOPEN), cases)
    found: dict[Any, dict[str, Any]] = {}
    for part in (_standing(cases, by, span, day), _moved(moves, by), _limits(cases, by, span, day)):
        for row in part:
            found.setdefault(row.pop("at_place"), {}).update(row)
    homes = _homes(user, by) if by.homes else {}
    lines: list[Line] = []
    every_day: list[int] = []  # the median of all is not to be had from those of the lines
    for place in by.places(cases):
        row = found.get(place.pk, {})
        counts = {name: row.get(name, 0) for name in COUNTED}
        took = row.get("took") or []
        every_day += took
        lines.append(Line(place, counts, _median(took), homes.get(place.pk)))
    sums = {name: sum(line.counts[name] for line in lines) for name in COUNTED}
    return RollUp(lines, Line(Place(None, _whole(user), ""), sums, _median(every_day), _together(homes)))


def _median(days: list[int]) -> float | None:
    return median(days) if days else None


def _together(homes: Mapping[Any, int | None]) -> int | None:
    """All households; None where some are not known, for a part of them would divide wrongly."""
    known = [n for n in homes.values() if n is not None]
    return sum(known) or None if len(known) == len(homes) else None


def _whole(user: Any) -> str:
    """What all lines together are."""
    sees_all = engine.scope(user, Case, "view") == Q()
    return settings.BUREAU_NAME if sees_all else _("All that you see")


def _standing(cases: QuerySet, by: Dimension, span: Span, day: date) -> QuerySet:
    """What stands today, and what was opened in the period."""
    unresolved = Q(state__in=[str(state) for state in UNRESOLVED])
    opened = Q(opened_on__range=(span.start, span.end))
    rows = cases.filter(unresolved | opened).values(at_place=F(by.field))  # the rest counts nowhere
    return rows.annotate(
        unresolved=Count(ROW, filter=unresolved),
        opened=Count(ROW, filter=opened),
        **{value: Count(ROW, filter=time_condition(value, day)) for value in TODAY},
    )


def _moved(moves: QuerySet, by: Dimension) -> QuerySet:
    """The cases that were resolved or taken up again in the period, by the last move of each kind."""
    return moves.values(at_place=F(f"case__{by.field}")).annotate(
        resolved=Count(ROW, filter=RESOLVED),
        in_village=Count(ROW, filter=RESOLVED & solved_by("village")),
        reopened=Count(ROW, filter=REOPENED),
        took=ArrayAgg(Days("happened_on", "case__opened_on"), filter=RESOLVED),
    )


def _limits(cases: QuerySet, by: Dimension, span: Span, day: date) -> QuerySet:
    """The cases with a limit whose day lay in the period and has come, and those of them that were late with one."""
    rows = of_cases(limits_kept(span, as_of=day), cases).order_by()
    return rows.values(at_place=F(f"case__{by.field}")).annotate(
        due=Count("case", distinct=True), late=Count("case", distinct=True, filter=LATE)
    )


def _homes(user: Any, by: Dimension) -> dict[Any, int | None]:
    """Households of the villages that the user sees; None where one of them does not say how many it has."""
    rows = Village.objects.allowed(user).filter(valid_to=None).order_by().values(at_place=F(by.homes))
    sums = rows.annotate(homes=Sum("household_total"), unsaid=Count("pk", filter=Q(household_total=None)))
    return {row["at_place"]: None if row["unsaid"] else row["homes"] for row in sums}
