"""What is known of the briefing of a village and week: the record, and the logs that tick one (R8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from patrols.briefings.figures import Figures, figures_for
from patrols.choices import ActivityKind
from patrols.models import Briefing, Visit
from villages.models import Village
from xinjin.periods import FIRST_YEAR, LAST_YEAR, Week


@dataclass(frozen=True)
class Heard:
    """A village in a week: its briefing if it was begun, a visit in whose log one is ticked, and its figures."""

    village: Village
    week: Week
    briefing: Briefing | None
    visit: Visit | None
    figures: Figures

    @property
    def is_done(self) -> bool:
        """Whether the village heard one, said here or in a log."""
        return self.visit is not None or (self.briefing is not None and self.briefing.is_given)


def ticked(village_ids: Iterable[int], week: Week) -> Any:
    """The visits that count in whose log a briefing is ticked."""
    rows = Visit.objects.counting().during(week).filter(village__in=village_ids)
    return rows.filter(activities__kind=ActivityKind.BRIEFING).order_by("visited_on", "id")


def heard(villages: Iterable[Village], week: Week) -> list[Heard]:
    """How the week's briefing stands in each village; four queries."""
    shown = list(villages)
    keys = [village.pk for village in shown]
    begun = {row.village_id: row for row in Briefing.objects.filter(village__in=keys, starts_on=week.start)}
    visits: dict[int, Visit] = {}
    for visit in ticked(keys, week):
        visits.setdefault(visit.village_id, visit)
    figures = figures_for(shown, week)
    return [
        Heard(village, week, begun.get(village.pk), visits.get(village.pk), figures[village.pk]) for village in shown
    ]


@dataclass(frozen=True)
class OfLog:
    """The briefing of a log's village and week, begun or not."""

    village: Village
    week: Week
    row: Briefing | None


def briefing_of(visit: Visit) -> OfLog | None:
    """What the log of a visit offers beside its tick, so that nobody writes the text a second time.

    None for a day that was typed wrong and lies in no week of ours.
    """
    if not FIRST_YEAR <= visit.visited_on.year <= LAST_YEAR:
        return None
    week = Week.of(visit.visited_on)
    row = Briefing.objects.filter(village=visit.village_id, starts_on=week.start).first()
    return OfLog(visit.village, week, row)
