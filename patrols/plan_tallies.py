"""Plan against visit by village and week, for the wall: what was planned, and how much of it was made."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from patrols.models import Attendee, VisitPlan
from xinjin.periods import Span

# (officer, village, ISO week): how many
Counts = dict[tuple[int, int, int], int]


@dataclass(frozen=True)
class PlanTally:
    """Visits planned in a week, and how many of them were made on whatever day of it; no score rests on either."""

    planned: int = 0
    kept: int = 0

    @property
    def word(self) -> str:
        """What a cell shows: made of planned; nothing without a plan."""
        return f"{self.kept}/{self.planned}" if self.planned else ""

    @property
    def words(self) -> str:
        """The same for who points at the cell or hears it read."""
        if not self.planned:
            return _("no plan")
        return _("%(planned)s planned, %(kept)s of them made") % {"planned": self.planned, "kept": self.kept}

    def look(self, *, is_over: bool) -> str:
        """The look of the cell: as planned, still ahead, or grey. There is no red: a changed plan is no fault."""
        if not self.planned:
            return "not-due"
        if self.kept >= self.planned:
            return "met"
        return "excused" if is_over else "running"


def tallied(planned: Counts, made: Counts) -> dict[tuple[int, int], PlanTally]:
    """{(village, week): its tally}: each officer's own visits make up for his own plans only."""
    totals: dict[tuple[int, int], Counter] = defaultdict(Counter)
    for (officer, village, week), n in planned.items():
        totals[village, week].update(planned=n, kept=min(n, made.get((officer, village, week), 0)))
    return {key: PlanTally(**total) for key, total in totals.items()}


def plan_tallies(village_ids: Collection[int], span: Span) -> dict[tuple[int, int], PlanTally]:
    """The tallies of these villages over the whole weeks of `span`; two queries."""
    plans = VisitPlan.objects.during(span).filter(village__in=village_ids)
    planned = _counts(plans.values_list("officer", "village", "iso_week").annotate(n=Count("id")).order_by())
    there = Attendee.objects.filter(is_counting=True, visited_on__range=(span.start, span.end))
    made = there.filter(visit__village__in=village_ids, officer__in={officer for officer, _v, _w in planned})
    rows = made.values_list("officer", "visit__village", "iso_week").annotate(n=Count("id")).order_by()
    return tallied(planned, _counts(rows))


def _counts(rows: Iterable[tuple[int, int, int, int]]) -> Counts:
    return {(officer, village, week): n for officer, village, week, n in rows}
