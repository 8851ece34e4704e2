"""Reminders of the month's council in its last week, and of measures that are due (R12, R22)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from patrols import duties
from patrols.choices import NoticeKind
from patrols.councils.measures import reminder_key
from patrols.models import CouncilMeasure, CouncilMeeting, Reminder
from patrols.reminders import Due, Source, register
from villages.choices import Slot
from villages.models import Assignment, Village
from xinjin.periods import Month

# So many days before its day a measure is reminded of.
AHEAD = timedelta(days=3)


def councils_due(day: date) -> Iterable[Due]:
    """From the Monday of the month's last week on: the officers of villages whose council is still to be handed in."""
    month = Month.counting(day)
    if day < month.weeks()[-1].start:
        return []
    met = set(CouncilMeeting.objects.held().during(month.counted).values_list("village", flat=True))
    codes = dict(Village.objects.existing_on(day).values_list("pk", "code"))
    return [
        Due(NoticeKind.COUNCIL_DUE, item.officer_id, f"{codes[item.village_id]} {month.key}", month.counted.end)
        for item in duties.owed(month)
        if item.slot == Slot.OFFICER
        and item.village_id in codes
        and item.village_id not in met
        and duties.owes_council(len(item.weeks), len(month.weeks()))
    ]


def council_contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
    """Of those whose council has not been handed in meanwhile."""
    codes = {row.period.split(" ")[0] for row in reminders}
    villages = {village.code: village for village in Village.objects.filter(code__in=codes)}
    held = CouncilMeeting.objects.held().filter(village__in=villages.values())
    met = {(code, Month.counting(day).key) for code, day in held.values_list("village__code", "held_on")}
    found = {}
    for row in reminders:
        code, _space, key = row.period.partition(" ")
        if (code, key) not in met and code in villages:
            found[row.pk] = {"name": villages[code].name, "due_on": row.due_on, "url": reverse("today")}
    return found


def _due_measures(day: date) -> Any:
    return CouncilMeasure.objects.open().filter(due_on__lte=day + AHEAD).select_related("village")


def measures_due(day: date) -> Iterable[Due]:
    """Whoever has the measure; for a contact of the village its officer, who sees to it."""
    measures = list(_due_measures(day))
    villages = {measure.village_id for measure in measures if measure.officer_id is None}
    held = Assignment.objects.on(day).filter(village__in=villages, slot=Slot.OFFICER)
    holder = dict(held.values_list("village", "officer"))
    for measure in measures:
        recipient = measure.officer_id or holder.get(measure.village_id)
        if recipient is not None:
            yield Due(NoticeKind.MEASURE_DUE, recipient, reminder_key(measure), measure.due_on)


def measure_contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
    """Of those that are still open."""
    keys = {row.pk: int(row.period.rpartition(" ")[2]) for row in reminders}
    measures = CouncilMeasure.objects.open().filter(pk__in=keys.values()).select_related("village").in_bulk()
    return {
        row.pk: {
            "name": f"{measures[keys[row.pk]].village.name} {measures[keys[row.pk]].what}",
            "due_on": row.due_on,
            "url": reverse("measure", args=[keys[row.pk]]),
        }
        for row in reminders
        if keys[row.pk] in measures
    }


register(Source((str(NoticeKind.COUNCIL_DUE),), councils_due, council_contexts))
register(Source((str(NoticeKind.MEASURE_DUE),), measures_due, measure_contexts))
