"""How much of what is owed was done: sums for the wall, the overview and the score. Pure functions of values."""

from dataclasses import dataclass

from patrols.counting import WeekCounts
from patrols.duties import Owed, owes_council


@dataclass(frozen=True)
class Tally:
    """How much of something owed was done."""

    done: int
    owed: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.done + other.done, self.owed + other.owed)


def weekly_tally(owing: Owed, counts: WeekCounts, *, target: int = 1, running: int | None = None) -> Tally:
    """Of `target` in each owed week, how much was reached (more in one week does not make up for another).

    `running` is an ISO week that is not over: it counts as far as it is fulfilled, so nobody is behind on a Monday.
    Weeks after it are not owed yet.
    """
    done = due = 0
    for week in owing.weeks:
        if running is not None and week > running:
            continue
        reached = min(counts.get((owing.assignment_id, week), 0), target)
        done += reached
        due += reached if week == running else target
    return Tally(done, due)


def monthly_tally(owing: Owed, counts: WeekCounts, *, minimum: int, running: int | None = None) -> Tally:
    """Of `minimum` in the whole month, how much was reached; what is missing in a running month is not yet owed.

    Nobody owes more than one in each week that he owes.
    """
    minimum = min(minimum, len(owing.weeks))
    total = sum(counts.get((owing.assignment_id, week), 0) for week in owing.weeks)
    reached = min(total, minimum)
    return Tally(reached, reached if running is not None else minimum)


def council_tally(sat_in: int, weeks: int, of_month: int, *, minimum: int, is_running: bool = False) -> Tally:
    """Of the month's councils, in how many he sat. Who sat in one has done it, also in a week that he did not owe."""
    reached = min(sat_in, minimum)
    if is_running or not owes_council(weeks, of_month):
        return Tally(reached, reached)
    return Tally(reached, minimum)
