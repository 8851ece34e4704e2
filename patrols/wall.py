"""The coverage wall as values: villages down, weeks across, and in each cell how the week stands in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.duties import Duty
from patrols.tallies import Tally
from villages.models import Officer, Unit, Village
from xinjin.periods import Week


class CellState(TextChoices):
    MET = "met", gettext_lazy("Met")
    PARTIAL = "partial", gettext_lazy("Partly met")
    MISSED = "missed", gettext_lazy("Missed")
    EXCUSED = "excused", gettext_lazy("Not owed")
    GAP = "gap", gettext_lazy("No officer")
    RUNNING = "running", gettext_lazy("Under way")
    FUTURE = "future", gettext_lazy("Not begun")
    ABSENT = "absent", gettext_lazy("Village did not exist")


# What a cell has room for, by the code of the duty that is missing.
SHORT = {
    "visit": gettext_lazy("not visited"),
    "screening": gettext_lazy("lacks screening"),
    "briefing": gettext_lazy("lacks briefing"),
    "group_patrol": gettext_lazy("lacks patrol"),
}
# The states that stand for something owed, and so make up the denominator.
OWED = (CellState.MET, CellState.PARTIAL, CellState.MISSED)


@dataclass(frozen=True, slots=True)
class Cell:
    """A village in a week. `lacking` are the duties not done, `reason` why nothing is owed, in words."""

    village: Village
    week: Week
    state: CellState
    done: tuple[int, ...] = ()
    lacking: tuple[Duty, ...] = ()
    reason: str = ""

    @property
    def tally(self) -> Tally:
        """What the cell adds to its totals."""
        return Tally(int(self.state == CellState.MET), int(self.state in OWED))

    @property
    def is_open(self) -> bool:
        """Whether there is anything to open behind the cell."""
        return self.state not in (CellState.FUTURE, CellState.ABSENT)

    @property
    def url(self) -> str:
        """The address of the cell's own page."""
        return reverse("coverage_cell", args=[self.village.code, self.week.key])

    @property
    def label(self) -> str:
        """Village, week and words, for who points at the cell or hears it read."""
        return f"{self.village.name} {self.week.key} {self.words}"

    @property
    def word(self) -> str:
        """What the cell itself shows: the first thing missing, and how many more; nothing when all is well."""
        if self.state in (CellState.MISSED, CellState.PARTIAL):
            more = f" +{len(self.lacking) - 1}" if self.state == CellState.PARTIAL and len(self.lacking) > 1 else ""
            return f"{SHORT[self.lacking[0].code]}{more}"
        if self.state == CellState.GAP:
            return _("no officer")
        return "" if self.state == CellState.MET else self.reason

    @property
    def words(self) -> str:
        """The state in words, with what is missing or why nothing is owed."""
        more = self.reason or _("; ").join(str(duty.lacking) for duty in self.lacking)
        return _(": ").join(filter(None, (str(self.state.label), more)))


@dataclass(frozen=True)
class Row:
    """A village on the wall, with who holds the officer's place on the last day shown."""

    village: Village
    holder: Officer | None
    cells: list[Cell]

    @property
    def tally(self) -> Tally:
        """Weeks met of weeks owed."""
        return total(self.cells)


@dataclass(frozen=True)
class Wall:
    """Villages down, weeks across; `by_week` and `tally` are sums over the rows."""

    weeks: list[Week]
    rows: list[Row]

    @property
    def by_week(self) -> list[Tally]:
        """Villages met of villages owing, for each week."""
        return [total(row.cells[at] for row in self.rows) for at in range(len(self.weeks))]

    @property
    def tally(self) -> Tally:
        """All cells met of all owed."""
        return total(cell for row in self.rows for cell in row.cells)

    def by_station(self) -> "dict[Unit, Wall]":
        """The wall of each station, in the order of the rows."""
        parts: dict[Unit, list[Row]] = defaultdict(list)
        for row in self.rows:
            parts[row.village.station].append(row)
        return {station: Wall(self.weeks, rows) for station, rows in parts.items()}

    def with_state(self, state: str) -> "Wall":
        """Only the villages with such a cell."""
        return Wall(self.weeks, [row for row in self.rows if any(cell.state == state for cell in row.cells)])


def total(cells: Iterable[Cell]) -> Tally:
    """The sum of what the cells add."""
    met = owed = 0
    for cell in cells:
        tally = cell.tally
        met, owed = met + tally.done, owed + tally.owed
    return Tally(met, owed)
