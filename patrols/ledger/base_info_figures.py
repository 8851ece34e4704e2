"""How timely changes are forwarded and how accurate they were found, by village or station: one query (R9)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from patrols.choices import CheckOutcome
from patrols.filters.base_info import check_condition, timely_condition
from xinjin.periods import Span

FEW = 5


@dataclass(frozen=True)
class Share:
    """A part of a whole; of few it says little."""

    part: int
    whole: int

    @property
    def is_small(self) -> bool:
        """Whether it rests on too few to say much."""
        return self.whole < FEW

    @property
    def percent(self) -> str:
        """In whole percent, a half upwards; a dash of nothing."""
        return f"{(200 * self.part + self.whole) // (2 * self.whole)}%" if self.whole else "—"


@dataclass(frozen=True)
class Line:
    """A village or a station; `code` asks the list for its rows."""

    name: str
    code: str
    timely: Share
    accurate: Share
    waiting: int


def figures(changes: QuerySet, span: Span, day: date, *, by_village: bool) -> list[Line]:
    """A line for each village or station of the `changes` whose day lies in `span`."""
    place = "village" if by_village else "village__station"
    order = ("village__code",) if by_village else ("village__station__position", "village__station__code")
    counted: Any = (
        changes.filter(due_on__range=(span.start, span.end))
        .order_by(*order)
        .values(name=F(f"{place}__name"), code=F(f"{place}__code"))
        .annotate(
            owed=Count("pk", filter=timely_condition("owed", day)),
            kept=Count("pk", filter=timely_condition("kept", day)),
            judged=Count("pk", filter=check_condition("judged")),
            accurate=Count("pk", filter=check_condition(CheckOutcome.ACCURATE)),
            waiting=Count("pk", filter=check_condition(CheckOutcome.WAITING)),
        )
    )
    return [
        Line(
            row["name"], row["code"], Share(row["kept"], row["owed"]), Share(row["accurate"], row["judged"]),
            row["waiting"],
        )
        for row in counted
    ]  # fmt: skip


def total(lines: list[Line]) -> Line:
    """The sum over all lines."""
    return Line(
        "",
        "",
        Share(sum(line.timely.part for line in lines), sum(line.timely.whole for line in lines)),
        Share(sum(line.accurate.part for line in lines), sum(line.accurate.whole for line in lines)),
        sum(line.waiting for line in lines),
    )
