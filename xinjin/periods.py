"""Weeks, months, quarters, half-years and years as pure values; no clock, no settings, no database.

Keys are the ones of URLs, jobs and files: `2026-W07`, `2026-03`, `2026-Q1`, `2026-H1`, `2026`. Weeks are ISO weeks,
Monday to Sunday. `start` and `end` are the first and the last day, both inside the period.

A week is counted in the month of its Thursday, that is, where most of its days lie: so every week belongs to exactly
one month, and a month's score is made of whole weeks. `Month.counted` is that run of whole weeks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Self, TypeVar

FIRST_YEAR, LAST_YEAR = 2000, 2099


T = TypeVar("T")
P = TypeVar("P", bound="Period")


class PeriodError(ValueError):
    """The text is no key of a period."""


@dataclass(frozen=True)
class Span:
    """A run of days, both ends included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def days(self) -> Iterator[date]:
        """Each day from start to end."""
        for offset in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=offset)

    def weeks(self) -> "list[Week]":
        """The ISO weeks whose Thursday lies inside."""
        week = Week.of(self.start)
        if week.thursday < self.start:
            week = week.next()
        found = []
        while week.thursday <= self.end:
            found.append(week)
            week = week.next()
        return found


@total_ordering
class Period(Span):
    """What all periods share. Subclasses set `start` and `end` from their numbers."""

    @property
    def key(self) -> str:
        raise NotImplementedError

    @classmethod
    def of(cls, day: date) -> Self:
        """The period of this kind that `day` lies in."""
        raise NotImplementedError

    def previous(self) -> Self:
        """The period before this one."""
        return self.of(self.start - timedelta(days=1))

    def next(self) -> Self:
        """The period after this one."""
        return self.of(self.end + timedelta(days=1))

    @property
    def counted(self) -> Span:
        """The whole weeks counted in this period, as one run of days."""
        weeks = self.weeks()
        return Span(weeks[0].start, weeks[-1].end)

    def __lt__(self, other: "Period") -> bool:
        return (self.start, self.end) < (other.start, other.end)

    def __str__(self) -> str:
        return self.key


def _make(kind: type[T], start: date, end: date) -> T:
    period = object.__new__(kind)
    object.__setattr__(period, "start", start)
    object.__setattr__(period, "end", end)
    return period


class Week(Period):
    """An ISO week."""

    def __new__(cls, year: int, week: int) -> Self:
        try:
            start = date.fromisocalendar(year, week, 1)
        except ValueError as error:
            raise PeriodError(str(error)) from error
        return _make(cls, start, start + timedelta(days=6))

    def __init__(self, year: int, week: int) -> None:
        pass

    @classmethod
    def of(cls, day: date) -> Self:
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @property
    def thursday(self) -> date:
        """The day that decides the week's year and month."""
        return self.start + timedelta(days=3)

    @property
    def year(self) -> int:
        return self.thursday.year

    @property
    def number(self) -> int:
        """The ISO week number, 1 to 53."""
        return self.start.isocalendar().week

    @property
    def key(self) -> str:
        return f"{self.year}-W{self.number:02}"


class _Months(Period):
    """A run of `months` whole calendar months, the `number`th of its kind in the year."""

    months: int
    letter: str

    def __new__(cls, year: int, number: int = 1) -> Self:
        if not 1 <= number <= 12 // cls.months:
            raise PeriodError(f"{cls.__name__} {number} of {year} does not exist")
        first, following = (number - 1) * cls.months + 1, number * cls.months + 1
        end = date(year + following // 13, (following - 1) % 12 + 1, 1) - timedelta(days=1)
        return _make(cls, date(year, first, 1), end)

    def __init__(self, year: int, number: int = 1) -> None:
        pass

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month - 1) // cls.months + 1)

    @property
    def year(self) -> int:
        return self.start.year

    @property
    def number(self) -> int:
        """1-based position in the year."""
        return (self.start.month - 1) // self.months + 1

    @property
    def key(self) -> str:
        return f"{self.year}-{self.letter}{self.number}"

    def month_list(self) -> "list[Month]":
        """The calendar months inside."""
        first = Month.of(self.start)
        return [Month(first.year, first.number + offset) for offset in range(self.months)]


class Month(_Months):
    months, letter = 1, ""

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number:02}"

    @classmethod
    def counting(cls, day: date) -> Self:
        """The month in which the week of `day` is counted."""
        return cls.of(Week.of(day).thursday)


class Quarter(_Months):
    months, letter = 3, "Q"


class HalfYear(_Months):
    months, letter = 6, "H"


class Year(_Months):
    months, letter = 12, ""

    @property
    def key(self) -> str:
        return f"{self.year}"


_KEY = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d\d)|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>\d\d)))?", re.ASCII
)


def parse(key: str) -> Period:
    """The period of any kind with this key; PeriodError when there is none between 2000 and 2099."""
    match = _KEY.fullmatch(key)
    if not match:
        raise PeriodError(f"{key!r} is no period")
    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError(f"{key!r} is out of range")
    if match["week"]:
        return Week(year, int(match["week"]))
    if match["quarter"]:
        return Quarter(year, int(match["quarter"]))
    if match["half"]:
        return HalfYear(year, int(match["half"]))
    if match["month"]:
        return Month(year, int(match["month"]))
    return Year(year)


def parse_as(kind: type[P], key: str) -> P:
    """The period with this key, which must be of `kind`; PeriodError otherwise."""
    period = parse(key)
    if not isinstance(period, kind):
        raise PeriodError(f"{key!r} is no {kind.__name__.lower()}")
    return period
