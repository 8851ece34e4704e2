"""Reminders of what a village still lacks of the week: visit, screening, briefing, patrol (R5, R7, R8, R22).

One for each village, in time to be of use: from the last working day but one of the week on.
"""

from datetime import date
from typing import Any

from django.urls import reverse

from patrols import duties
from patrols.choices import NoticeKind
from patrols.metrics import iso_week, weekly_counts
from patrols.models import Reminder
from patrols.reminders import Due, Source, register
from villages.models import Village
from xinjin import periods
from xinjin.periods import Week
from xinjin.workdays.calendar import workdays

# So many working days, the last of the week among them, are left when it is told what is missing.
DAYS_LEFT = 2


def due(day: date) -> list[Due]:
    """The people of the villages whose week lacks something, each for his own part of it."""
    week = Week.of(day)
    last = sorted(workdays(week))[-DAYS_LEFT:]
    if not last or day < last[0]:
        return []
    return [
        Due(NoticeKind.WEEK_DUTIES, officer, f"{village} {week.key}", last[-1]) for officer, village in _lacking(week)
    ]


def contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
    """Of those whose week goes on, or may still be entered in time, and still lacks something."""
    named = {row.pk: row.period.split(" ") for row in reminders}
    weeks = {key: periods.parse_as(Week, key) for key in {key for _code, key in named.values()}}
    running = {key: _lacking(week) for key, week in weeks.items() if day <= duties.entry_due_on(week.end)}
    names = dict(Village.objects.filter(code__in={code for code, _key in named.values()}).values_list("code", "name"))
    found = {}
    for row in reminders:
        code, key = named[row.pk]
        lacking = running.get(key, {}).get((row.recipient_id, code))
        if lacking:
            found[row.pk] = {"name": names[code], "due_on": row.due_on, "lacking": lacking, "url": reverse("today")}
    return found


def _lacking(week: Week) -> dict[tuple[int, str], list[str]]:
    """{(officer id, village code): codes of the weekly duties that he owes there and has not fulfilled}."""
    number = iso_week(week)
    owing = [item for item in duties.owed(week) if number in item.weeks]
    facts = weekly_counts(week)
    found = {item: duties.lacking_in(number, facts, item.assignment_id) for item in owing}
    codes = dict(Village.objects.existing_on(week.end).values_list("pk", "code"))
    return {
        (item.officer_id, codes[item.village_id]): [duty.code for duty in lacking]
        for item, lacking in found.items()
        if lacking and item.village_id in codes
    }


register(Source((str(NoticeKind.WEEK_DUTIES),), due, contexts))
