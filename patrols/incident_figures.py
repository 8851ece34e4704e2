"""Incidents by station or village for one week, beside the week before and the same week a year before (R8, R12).

What was not imported stays unknown: a place of which nothing is known has no figure, and one of which a part is known
says how many of its villages it tells of. Every figure is the sum of the rows that it opens.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.briefings.figures import existed_in, same_week_of_year_before, villages_of
from patrols.choices import IncidentCategory
from patrols.models import IncidentCount
from villages.models import Unit, Village
from xinjin.periods import Week
from xinjin.reporting import Column, ReportTable

TREND_WEEKS = 26


@dataclass
class Sums:
    """What is known of a place in a week; `known` and `expected` are its villages."""

    counts: dict[str, int] = field(default_factory=dict)
    known: int = 0
    expected: int = 0

    @property
    def total(self) -> int | None:
        """All incidents; None where nothing is known."""
        return sum(self.counts.values()) if self.known else None

    @property
    def is_partial(self) -> bool:
        """Whether it tells of some of the villages only."""
        return 0 < self.known < self.expected

    def add(self, other: "Sums") -> None:
        """Takes the figures of another place in."""
        for category, count in other.counts.items():
            self.counts[category] = self.counts.get(category, 0) + count
        self.known += other.known
        self.expected += other.expected


@dataclass
class Line:
    """A station or village: this week, the week before, the same week of the year before."""

    name: str
    query: str
    station: str = ""
    now: Sums = field(default_factory=Sums)
    before: Sums = field(default_factory=Sums)
    year_before: Sums = field(default_factory=Sums)

    @property
    def cells(self) -> list[tuple[IncidentCategory, int | None]]:
        """The figure of each category in the order of the table."""
        known = self.now.known
        return [(each, self.now.counts.get(each, 0) if known else None) for each in IncidentCategory]

    def add(self, other: "Line") -> None:
        """Takes the figures of another line in."""
        self.now.add(other.now)
        self.before.add(other.before)
        self.year_before.add(other.year_before)


def lines(villages: QuerySet[Village], week: Week, *, by_village: bool) -> tuple[list[Line], Line]:
    """(a line for each place, their sum); two queries however many there are."""
    weeks = [week, week.previous(), same_week_of_year_before(week)]
    shown = villages.select_related("station").order_by("station__position", "station__code", "code")
    found: dict[Any, Line] = {}
    counted = _counts(shown, [each for each in weeks if each is not None])
    for village in shown:
        sums = [_sums(village, each, counted) for each in weeks]
        if not any(part.expected for part in sums[:1]):
            continue
        line = _line_of(found, village, village.station, by_village=by_village)
        line.add(Line("", "", "", *sums))
    whole = Line(str(_("All")), "")
    for line in found.values():
        whole.add(line)
    return list(found.values()), whole


def _line_of(found: dict[Any, Line], village: Village, station: Unit, *, by_village: bool) -> Line:
    if by_village:
        return found.setdefault(village.pk, Line(village.name, f"village={village.code}", station.name))
    return found.setdefault(("station", station.pk), Line(station.name, f"station={station.code}"))


def _counts(villages: QuerySet[Village], weeks: Iterable[Week]) -> Mapping[tuple[int, date], Mapping[str, int]]:
    rows = IncidentCount.objects.filter(
        village__in=villages.order_by().values("pk"), starts_on__in=[week.start for week in weeks]
    )
    found: dict[tuple[int, date], dict[str, int]] = defaultdict(dict)
    for village, monday, category, count in rows.values_list("village", "starts_on", "category", "count"):
        found[village, monday][category] = count
    return found


def _sums(village: Village, week: Week | None, counted: Mapping[tuple[int, date], Mapping[str, int]]) -> Sums:
    if week is None or not existed_in(village, week):
        return Sums()
    counts = counted.get((village.pk, week.start))
    return Sums(dict(counts or {}), int(counts is not None), 1)


@dataclass(frozen=True)
class TrendWeek:
    """All incidents of a week, None where nothing is known; `is_partial` where a village is missing."""

    week: Week
    total: int | None
    is_partial: bool


def trend(villages: QuerySet[Village], last: Week) -> tuple[list[TrendWeek], list[TrendWeek]]:
    """(the weeks up to `last`, the same weeks of the year before); two queries."""
    weeks = [last]
    while len(weeks) < TREND_WEEKS:
        weeks.append(weeks[-1].previous())
    weeks.reverse()
    earlier = [same_week_of_year_before(week) for week in weeks]
    days = list(villages.order_by().values_list("valid_from", "valid_to"))
    wanted = {week.start for week in (*weeks, *earlier) if week}
    rows = IncidentCount.objects.filter(village__in=villages.order_by().values("pk"), starts_on__in=wanted)
    sums = rows.order_by().values("starts_on").annotate(n=Sum("count"), known=Count("village", distinct=True))
    found = {row["starts_on"]: (row["n"], row["known"]) for row in sums}

    def told(week: Week | None, shown: Week) -> TrendWeek:
        total, known = found.get(week.start, (None, 0)) if week else (None, 0)
        there = sum(1 for start, end in days if week and start <= week.end and (end is None or end >= week.start))
        return TrendWeek(shown, total, 0 < known < there)

    return [told(week, week) for week in weeks], [told(old, week) for old, week in zip(earlier, weeks, strict=True)]


def existing(villages: QuerySet[Village], week: Week) -> QuerySet[Village]:
    """Those of the villages that existed in the week."""
    return villages.filter(villages_of(week))


def incident_table(rows: Sequence[Line], whole: Line, week: Week, *, by_village: bool, issued_on: date) -> ReportTable:
    """The page as a file; what is unknown is an empty cell."""
    place = [Column("station", gettext_lazy("Station"))]
    if by_village:
        place.append(Column("name", gettext_lazy("Village")))
    return ReportTable(
        title=_("Incidents of week %(week)s") % {"week": week.key},
        columns=[
            *place,
            *(Column(category.value, category.label, "integer") for category in IncidentCategory),
            Column("total", gettext_lazy("Total"), "integer"),
            Column("before", gettext_lazy("Week before"), "integer"),
            Column("year_before", gettext_lazy("Year before"), "integer"),
            Column("known", gettext_lazy("Villages imported"), "integer"),
            Column("expected", gettext_lazy("Village count"), "integer"),
        ],
        rows=[_row(line) for line in (*rows, whole)],
        notes=[_("An empty cell is not imported; it is not 0.")],
        issued_on=issued_on,
    )


def _row(line: Line) -> dict[str, Any]:
    return {
        **{category.value: count for category, count in line.cells},
        "station": line.station or line.name,
        "name": line.name,
        "total": line.now.total,
        "before": line.before.total,
        "year_before": line.year_before.total,
        "known": line.now.known,
        "expected": line.now.expected,
    }
