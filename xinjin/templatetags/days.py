"""Days as short as they can be understood: without the year while it is this one."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()


@register.filter
def short_day(day: date | None) -> str:
    """03-09; 2025-03-09 in another year."""
    return "" if day is None else _short(day, day)


@register.filter
def short_time(at: datetime | None) -> str:
    """03-09 17:40; 2025-03-09 17:40 in another year."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{_short(local.date(), local)} {date_format(local, 'H:i')}"


def _short(day: date, shown: date) -> str:
    return date_format(shown, "m-d" if day.year == timezone.localdate().year else "Y-m-d")
