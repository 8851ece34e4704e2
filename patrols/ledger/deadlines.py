"""By which day a case is to be resolved, and why: pure functions of days (化解时限).

The calendar comes as two questions, so nothing here reads a clock, a setting or the database. The day on which the
clock starts does not count. Days of a pause do not count. A limit in days that ends on a day off ends on the next
working day. A year whose holidays are not published yet counts Monday to Friday, and a line says so.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from patrols.choices import LEVELS, CaseLevel, LimitUnit

ONE_DAY = timedelta(days=1)
# No limit of any kind is longer; a calendar that never works would otherwise be asked for ever.
FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Limit:
    """The rule for a level: resolved within `days`, begun within `start_days`, a step every week where `weekly`."""

    days: int
    unit: str
    start_days: int | None = None
    weekly: bool = False


# The programme's figures, which hold where the brigade has set none.
DEFAULT_LIMITS = {
    CaseLevel.BLUE: Limit(30, LimitUnit.DAYS),
    CaseLevel.YELLOW: Limit(7, LimitUnit.WORKDAYS, start_days=3),
    CaseLevel.ORANGE: Limit(15, LimitUnit.DAYS, weekly=True),
    CaseLevel.RED: Limit(30, LimitUnit.DAYS, weekly=True),
}


class LineKind(StrEnum):
    """What a line of the explanation tells."""

    START = "start"
    LIMIT = "limit"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    PAUSE = "pause"
    MOVED = "moved"
    UNKNOWN_YEAR = "unknown_year"
    END = "end"


@dataclass(frozen=True)
class Days:
    """A run of days, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Line:
    """One line: days, or a count with its unit."""

    kind: LineKind
    days: Days
    count: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Deadline:
    """The last day, and the lines that lead to it."""

    due_on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and whether the year's holidays are known."""

    is_workday: Callable[[date], bool]
    is_known: Callable[[int], bool] = field(default=lambda year: True)


def due_on(start: date, count: int, unit: str, calendar: Calendar, pauses: Sequence[Days] = ()) -> date:
    """The last day of a limit of `count` days or working days that starts on `start`."""
    return _moved(_last(start, count, unit, calendar, pauses), calendar, pauses)


def _last(start: date, count: int, unit: str, calendar: Calendar, pauses: Sequence[Days]) -> date:
    last = start
    for day in _counted(start, unit, calendar, pauses):
        if not count:
            break
        last, count = day, count - 1
    return last


def _counted(start: date, unit: str, calendar: Calendar, pauses: Sequence[Days]) -> Iterator[date]:
    day = start
    while day - start < FURTHEST:
        day += ONE_DAY
        paused = any(day in pause for pause in pauses)
        if not paused and (unit == LimitUnit.DAYS or calendar.is_workday(day)):
            yield day


def _moved(day: date, calendar: Calendar, pauses: Sequence[Days]) -> date:
    furthest = day + FURTHEST
    while day < furthest and (not calendar.is_workday(day) or any(day in pause for pause in pauses)):
        day += ONE_DAY
    return day


def explain(start: date, count: int, unit: str, calendar: Calendar, pauses: Sequence[Days] = ()) -> Deadline:
    """The same day with its reasons, line by line."""
    counted = _last(start, count, unit, calendar, pauses)
    last = _moved(counted, calendar, pauses)
    lines = [Line(LineKind.START, Days(start, start)), Line(LineKind.LIMIT, Days(start, last), count, unit)]
    shown = Days(start + ONE_DAY, last)
    special: list[Line] = [Line(LineKind.PAUSE, pause) for pause in pauses if pause.start <= last]
    if unit == LimitUnit.WORKDAYS:
        special += _days_off(shown, calendar) + _make_up(shown, calendar)
    if counted < last:
        special.append(Line(LineKind.MOVED, Days(counted, last)))
    lines += sorted(special, key=lambda line: (line.days.start, line.kind))
    lines += [
        Line(LineKind.UNKNOWN_YEAR, Days(start, last), year)
        for year in range(start.year, last.year + 1)
        if not calendar.is_known(year)
    ]
    return Deadline(last, (*lines, Line(LineKind.END, Days(last, last))))


def _each(days: Days) -> Iterator[date]:
    for offset in range((days.end - days.start).days + 1):
        yield days.start + timedelta(days=offset)


def _days_off(days: Days, calendar: Calendar) -> list[Line]:
    """Runs of days off that are more than a weekend."""
    runs = _runs(day for day in _each(days) if not calendar.is_workday(day))
    return [Line(LineKind.HOLIDAY, run) for run in runs if any(day.weekday() < 5 for day in _each(run))]


def _make_up(days: Days, calendar: Calendar) -> list[Line]:
    """Saturdays and Sundays that are worked."""
    runs = _runs(day for day in _each(days) if day.weekday() >= 5 and calendar.is_workday(day))
    return [Line(LineKind.MAKE_UP, run) for run in runs]


def _runs(days: Iterable[date]) -> list[Days]:
    found: list[Days] = []
    for day in days:
        if found and day - found[-1].end == ONE_DAY:
            found[-1] = Days(found[-1].start, day)
        else:
            found.append(Days(day, day))
    return found


def raised(level: str) -> CaseLevel:
    """One level up; red stays red."""
    return LEVELS[min(LEVELS.index(CaseLevel(level)) + 1, len(LEVELS) - 1)]


def proposed_level(level: str, earlier: int) -> CaseLevel:
    """The level that is proposed when the same party had `earlier` disputes not long before."""
    return raised(level) if earlier else CaseLevel(level)


def is_higher(level: str, than: str) -> bool:
    """Whether one level is more pressing than another."""
    return LEVELS.index(CaseLevel(level)) > LEVELS.index(CaseLevel(than))
