"""Whether each village screened its disputes in a week, and told both committees and the station of it (R7)."""

from collections import defaultdict
from dataclasses import dataclass

from patrols.choices import ActivityKind, NoticeRecipient, VisitState
from patrols.models import Activity, DisputeNotice
from patrols.wall import OWED, Cell, CellState, Row, Wall
from xinjin.periods import Week


@dataclass(frozen=True)
class WeekReported:
    """A village's week: its screenings, of which each found nothing or something, and to whom it was reported."""

    row: Row
    cell: Cell
    found_nothing: list[bool]
    committees: DisputeNotice | None
    station: DisputeNotice | None

    @property
    def screened(self) -> bool:
        """Whether a screening is on record; "nothing found" is one."""
        return bool(self.found_nothing)

    @property
    def found_something(self) -> bool:
        """Whether one of the screenings found something."""
        return not all(self.found_nothing)

    @property
    def is_running(self) -> bool:
        """Whether the week is not over."""
        return self.cell.state == CellState.RUNNING

    @property
    def is_silent(self) -> bool:
        """Owed and not done: silence shows as missing."""
        lacks = any(duty.code == ActivityKind.SCREENING for duty in self.cell.lacking)
        return not self.screened and lacks and not self.is_running

    @property
    def is_owed(self) -> bool:
        """Whether the week is to be reported; one that nobody owes is not."""
        return self.cell.state in OWED or self.is_running

    @property
    def is_unreported(self) -> bool:
        """Whether both committees have not got the week's notice."""
        return self.is_owed and self.committees is None

    @property
    def is_unsent(self) -> bool:
        """Whether the station has not got it."""
        return self.is_owed and self.station is None


# What the list of a week may be cut down to.
LACKING = {"silent": "is_silent", "unreported": "is_unreported", "unsent": "is_unsent"}


def weeks_reported(wall: Wall, week: Week) -> list[WeekReported]:
    """A line for each village of the wall; two queries."""
    at, villages = wall.weeks.index(week), [row.village.pk for row in wall.rows]
    found: dict[int, list[bool]] = defaultdict(list)
    screened = Activity.objects.filter(
        kind=ActivityKind.SCREENING,
        visit__village__in=villages,
        visit__state=VisitState.SUBMITTED,
        visited_on__range=(week.start, week.end),
    )
    for village, nothing in screened.order_by().values_list("visit__village", "nothing_found"):
        found[village].append(nothing)
    notices = (
        DisputeNotice.objects.filter(village__in=villages, starts_on=week.start).order_by("edition").defer("content")
    )
    handed = {(row.village_id, row.recipient): row for row in notices}
    return [
        WeekReported(
            row,
            row.cells[at],
            found.get(row.village.pk, []),
            handed.get((row.village.pk, NoticeRecipient.COMMITTEES)),
            handed.get((row.village.pk, NoticeRecipient.STATION)),
        )
        for row in wall.rows
    ]
