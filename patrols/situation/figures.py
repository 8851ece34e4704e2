"""The situation as values: figures that know when they are unknown, and how they compare with the month before."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from patrols.choices import CATEGORIES_OF, LEVELS, CaseCategory, CaseKind, IncidentCategory
from patrols.situation.counting import BY_STATION, BY_VILLAGE, Tally, count, existing_villages, total
from patrols.situation.scope import Scope
from villages.models import Unit, Village
from xinjin.periods import Month

PERCENT = Decimal("0.01")
# A change against fewer incidents than this says nothing, and is not given.
FEW = 5
DISPUTES = CATEGORIES_OF[CaseKind.DISPUTE]


@dataclass(frozen=True)
class Figures:
    """The figures of one place."""

    tally: Tally

    def of(self, key: str) -> int:
        """The figure of a key."""
        return self.tally[key]

    @property
    def knows_incidents(self) -> bool:
        """Whether any week of the month was imported."""
        return self.of("weeks_known") > 0

    @property
    def weeks_unknown(self) -> int:
        """Weeks of villages that are over and were not imported."""
        return self.of("weeks") - self.of("weeks_known")

    @property
    def weeks_unknown_before(self) -> int:
        """The same of the month before."""
        return self.of("weeks_before") - self.of("weeks_known_before")

    def incidents(self, category: str = "", *, before: bool = False) -> int | None:
        """Incidents of a category or of all; None when nothing is known, which is not the same as none."""
        suffix = "_before" if before else ""
        if not self.of(f"weeks_known{suffix}"):
            return None
        if category:
            return self.of(f"incident{suffix}.{category}")
        return sum(self.of(f"incident{suffix}.{each}") for each in IncidentCategory.values)

    def change(self, category: str = "") -> Decimal | None:
        """How incidents changed, by the average of the known weeks: months have four or five, and some lack weeks."""
        now, before = self.incidents(category), self.incidents(category, before=True)
        if now is None or before is None or before < FEW:
            return None
        ratio = Decimal(now * self.of("weeks_known_before")) / (before * self.of("weeks_known"))
        return (ratio - 1).quantize(PERCENT, ROUND_HALF_UP)

    @property
    def has_disputes(self) -> bool:
        """Whether a dispute was opened or resolved."""
        return bool(self.of("opened") or self.of("resolved"))

    @property
    def dispute_categories(self) -> list[CaseCategory]:
        """The categories of which there was any."""
        return [each for each in DISPUTES if self.of(f"opened.{each.value}") or self.of(f"resolved.{each.value}")]


@dataclass(frozen=True)
class Line:
    """A village or a station of the roll-up."""

    place: Village | Unit
    figures: Figures


@dataclass(frozen=True)
class Situation:
    """The month's situation of a scope: its figures, and those of the villages or stations in it."""

    month: Month
    scope: Scope
    day: date
    figures: Figures
    lines: list[Line]
    by: str

    @property
    def stands_on(self) -> date:
        """The day as of which open risks are told."""
        return min(self.day, self.month.end)

    @property
    def is_running(self) -> bool:
        """Whether a week of the month is not over."""
        return self.day <= self.month.counted.end


def situation(scope: Scope, month: Month, day: date) -> Situation:
    """The situation as it stands on `day`; ten queries however large the scope."""
    by = BY_VILLAGE if scope.village or scope.station else BY_STATION
    found = count(scope, month, day, by=by)
    villages = list(existing_villages(scope, min(day, month.end)))
    return Situation(
        month=month,
        scope=scope,
        day=day,
        figures=Figures(total(found.values())),
        lines=[] if scope.village else _lines(found, villages, by),
        by=by,
    )


def _lines(found: Mapping[int, Tally], villages: list[Village], by: str) -> list[Line]:
    """Places with figures, and those of today without any; what has ended since stands at the end."""
    places: dict[int, Any] = {
        place.pk: place for village in villages for place in [village if by == BY_VILLAGE else village.station]
    }
    missing = [pk for pk, tally in found.items() if pk not in places and +tally]
    ended: Any = Village.objects.filter(pk__in=missing) if by == BY_VILLAGE else Unit.objects.filter(pk__in=missing)
    places |= {place.pk: place for place in ended.order_by("code")} if missing else {}
    return [Line(place, Figures(found.get(pk, Counter()))) for pk, place in places.items()]


def levels_and_labels() -> list[tuple[str, str]]:
    """The levels of cases, the most serious first."""
    return [(level.value, str(level.label)) for level in reversed(LEVELS)]
