"""Which days are worked: statutory holidays and make-up workdays of China, with overrides from the database.

A year whose notice is not published yet (the library then knows no make-up day) counts Monday to Friday; checks.py
and the administrator's page say so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinjin.periods import Span
from xinjin.workdays.models import WorkdayOverride


@cache
def _year(year: int) -> tuple[bool, frozenset[date]]:
    """(whether the notice is known, the workdays by the library alone)."""
    china = holidays.country_holidays("CN", years=year)
    known = any(day.year == year for day in china.weekend_workdays)
    span = Span(date(year, 1, 1), date(year, 12, 31))
    worked = china.is_working_day if known else (lambda day: day.weekday() < 5)
    return known, frozenset(day for day in span.days() if worked(day))


# What was read within `read_once`: nothing yet, or the one mapping. None outside of it.
_read: ContextVar[list[Mapping[date, bool]] | None] = ContextVar("overrides", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it the overrides (a few rows a year) are read once, however many days are asked for."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def _overrides() -> Mapping[date, bool]:
    """{day: whether it is worked}, of all years."""
    kept = _read.get()
    if kept:
        return kept[0]
    found = dict(WorkdayOverride.objects.values_list("day", "is_workday"))
    if kept is not None:
        kept.append(found)
    return found


def is_known(year: int) -> bool:
    """Whether the year's notice is known, from the library or as overrides."""
    return _year(year)[0] or WorkdayOverride.objects.filter(day__year=year).exists()


def workdays(span: Span) -> frozenset[date]:
    """The working days in `span`; one query, or none within `read_once`."""
    return _worked(span, _overrides())


def _worked(span: Span, overrides: Mapping[date, bool]) -> frozenset[date]:
    days = {day for year in range(span.start.year, span.end.year + 1) for day in _year(year)[1] if day in span}
    for day, worked in overrides.items():
        if day in span:
            (days.add if worked else days.discard)(day)
    return frozenset(days)


@dataclass(frozen=True)
class Special:
    """Why a day is worked or not when its day of the week does not tell: the name of a holiday, a make-up workday."""

    name: str
    is_workday: bool


@cache
def _names(year: int, language: str) -> dict[date, str]:
    """The holidays of the year by name; a day off that is made up for elsewhere has the name of the nearest holiday."""
    china = holidays.country_holidays("CN", years=year, language=language)
    plain = {day: re.split(r" ?[(（;]", name)[0] for day, name in china.items()}
    own = {day: name for day, name in plain.items() if name not in ("休息日", "Day off")}
    return {day: own[min(own, key=lambda other: (abs(other - day), other))] for day in plain} if own else {}


def special_days(span: Span) -> dict[date, Special]:
    """The holidays and make-up workdays in `span` by name; one query, or none within `read_once`."""
    overrides = _overrides()
    worked = _worked(span, overrides)
    language = "en_US" if (get_language() or "").startswith("en") else "zh_CN"
    found = {}
    for day in span.days():
        is_worked, name = day in worked, _names(day.year, language).get(day, "")
        if is_worked and day.weekday() >= 5:
            found[day] = Special(_("make-up workday"), True)
        elif not is_worked and (name or day in overrides or day.weekday() < 5):
            found[day] = Special(name or _("day off"), False)
    return found


def is_workday(day: date) -> bool:
    """Whether `day` is worked."""
    return day in workdays(Span(day, day))


def workday_after(day: date, count: int = 1) -> date:
    """The `count`th working day after `day`."""
    if count < 1:
        raise ValueError("count must be at least 1")
    # No run of days off in China is longer than ten; the margin covers any override.
    ahead = Span(day + timedelta(days=1), day + timedelta(days=count * 3 + 30))
    return _nth(sorted(workdays(ahead)), count, after=day)


def last_workday(span: Span) -> date | None:
    """The last working day in `span`, or None when nothing in it is worked."""
    return max(workdays(span), default=None)


def _nth(days: Iterable[date], count: int, *, after: date) -> date:
    found = list(days)
    if len(found) < count:
        raise ValueError(f"fewer than {count} working days after {after}")
    return found[count - 1]
