"""The figures that a briefing tells: incidents of the week before it, beside the week before that and a year before.

A week of a village is known when it has any count; then categories without a count had none. What was not imported is
None and never 0. Where villages were merged, the earlier figures are those of all its parts, or unknown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from patrols.choices import IncidentCategory
from patrols.models import IncidentCount
from villages.models import Village
from xinjin.periods import PeriodError, Week

# {category: incidents}, all categories; None: not imported.
Counts = Mapping[str, int] | None


def total(counts: Counts) -> int | None:
    """All incidents of a week; None where it is not known."""
    return None if counts is None else sum(counts.values())


def of_category(counts: Counts, category: str) -> int | None:
    """The incidents of one category; None where the week is not known."""
    return None if counts is None else counts.get(category, 0)


def same_week_of_year_before(week: Week) -> Week | None:
    """The week of the same number; None for a week 53 before which stood none."""
    try:
        return Week(week.year - 1, week.number)
    except PeriodError:
        return None


@dataclass(frozen=True)
class Figures:
    """The incidents of `week`, of the week before it, and of the same week of the year before."""

    week: Week
    counts: Counts = None
    before: Counts = None
    year_before: Counts = None

    @property
    def is_known(self) -> bool:
        """Whether the week itself was imported."""
        return self.counts is not None

    def rows(self) -> list[dict[str, Any]]:
        """A line for each category, as a page shows it."""
        return [
            {
                "category": category,
                "count": of_category(self.counts, category),
                "before": of_category(self.before, category),
                "year_before": of_category(self.year_before, category),
            }
            for category in IncidentCategory
        ]

    @property
    def totals(self) -> tuple[int | None, int | None, int | None]:
        """All incidents of the three weeks."""
        return total(self.counts), total(self.before), total(self.year_before)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a briefing that was given."""
        return {
            "week": self.week.key,
            "counts": self.counts,
            "before": self.before,
            "year_before": self.year_before,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], week: Week) -> "Figures":
        """What was kept, of the week told of."""
        return cls(week, stored.get("counts"), stored.get("before"), stored.get("year_before"))


def told_of(week: Week) -> Week:
    """A briefing tells of the week before its own, the last one that is over."""
    return week.previous()


def figures_for(villages: Iterable[Village], week: Week) -> dict[int, Figures]:
    """{village id: the figures of its briefing in `week`}; two queries, however many villages."""
    shown = {village.pk: village for village in villages}
    told = told_of(week)
    weeks = [told, told.previous(), same_week_of_year_before(told)]
    parts: dict[int, list[Village]] = {pk: [village] for pk, village in shown.items()}
    for part in Village.objects.filter(merged_into__in=shown):
        parts[part.merged_into_id or 0].append(part)
    counted = known_counts([part.pk for each in parts.values() for part in each], [w for w in weeks if w])
    return {pk: Figures(told, *[_together(parts[pk], each, counted) for each in weeks]) for pk in shown}


def known_counts(village_ids: Iterable[int], weeks: Iterable[Week]) -> dict[tuple[int, date], dict[str, int]]:
    """{(village id, Monday): {category: incidents}} of what was imported; one query."""
    rows = IncidentCount.objects.filter(village__in=village_ids, starts_on__in=[week.start for week in weeks])
    found: dict[tuple[int, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(IncidentCategory.values, 0))
    for village, monday, category, count in rows.values_list("village", "starts_on", "category", "count"):
        found[village, monday][category] = count
    return dict(found)


def _together(
    parts: Iterable[Village], week: Week | None, counted: Mapping[tuple[int, date], dict[str, int]]
) -> Counts:
    """The sum over the parts that existed in the week; None when any of them, or all, are unknown."""
    if week is None:
        return None
    there = [part for part in parts if existed_in(part, week)]
    found = [counted.get((part.pk, week.start)) for part in there]
    known = [counts for counts in found if counts is not None]
    if not known or len(known) < len(found):
        return None
    return {category: sum(counts[category] for counts in known) for category in IncidentCategory.values}


def existed_in(village: Village, week: Week) -> bool:
    """Whether the village existed on any day of the week."""
    return village.valid_from <= week.end and (village.valid_to is None or village.valid_to >= week.start)


def villages_of(week: Week) -> Q:
    """The villages that existed on any day of the week."""
    return Q(valid_from__lte=week.end) & (Q(valid_to=None) | Q(valid_to__gte=week.start))
