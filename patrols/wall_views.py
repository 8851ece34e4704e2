"""Two ways to look at the coverage wall: which duties were done, and what was planned and made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from patrols.metrics import iso_week
from patrols.plan_tallies import PlanTally, plan_tallies
from patrols.tallies import Tally
from patrols.wall import Cell, CellState, Wall, total
from xinjin.periods import Span

# States that say nothing about the village yet, or no longer.
SILENT = (CellState.FUTURE, CellState.ABSENT)
# {(village id, ISO week): plan against visit}
Plans = Mapping[tuple[int, int], PlanTally]


@dataclass(frozen=True)
class DutyView:
    """The duties of every week."""

    def shown(self, cell: Cell) -> tuple[str, str, str]:
        """(look, word, label) of a cell."""
        return cell.state.value, cell.word, cell.label

    def text(self, cell: Cell) -> str | None:
        """The cell in a file."""
        return None if cell.state in SILENT else cell.words

    def total(self, cells: Iterable[Cell]) -> Tally:
        """Weeks met of weeks owed."""
        return total(cells)


@dataclass(frozen=True)
class PlanView:
    """Plan against visit; no score rests on it."""

    plans: Plans
    today: date

    def shown(self, cell: Cell) -> tuple[str, str, str]:
        """(look, word, label) of a cell."""
        tally = self._of(cell)
        look = tally.look(is_over=cell.week.end < self.today)
        return look, tally.word, f"{cell.village.name} {cell.week.key} {tally.words}"

    def text(self, cell: Cell) -> str | None:
        """The cell in a file."""
        return self._of(cell).word or None

    def total(self, cells: Iterable[Cell]) -> Tally:
        """Visits made of visits planned."""
        tallies = [self._of(cell) for cell in cells]
        return Tally(sum(tally.kept for tally in tallies), sum(tally.planned for tally in tallies))

    def _of(self, cell: Cell) -> PlanTally:
        return self.plans.get((cell.village.pk, iso_week(cell.week)), PlanTally())


def plans_of(wall: Wall) -> Plans:
    """Plan against visit for every cell of the wall; two queries."""
    if not wall.weeks:
        return {}
    villages = [row.village.pk for row in wall.rows]
    return plan_tallies(villages, Span(wall.weeks[0].start, wall.weeks[-1].end))
