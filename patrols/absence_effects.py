"""Which weeks an absence takes out of the duties: the same reading as the duties' own, with and without it."""

from datetime import date

from patrols import duties
from patrols.metrics import iso_week
from villages.effects import Effect, register
from villages.models import Absence, Assignment
from xinjin.periods import FIRST_YEAR, LAST_YEAR, Month, Span

# An absence without end, or a long one, is foretold for so many months.
MONTHS_SHOWN = 6


@register
def weeks_changed(absence: Absence) -> list[Effect]:
    """The months and villages whose owed weeks change; four queries and two for each reading."""
    if not FIRST_YEAR <= absence.start_on.year < LAST_YEAR:
        return []
    stored = list(Absence.objects.filter(officer=absence.officer_id).order_by("start_on", "pk"))
    others = [row.halves for row in stored if row.pk != absence.pk]
    months = _months([absence, *(row for row in stored if row.pk == absence.pk)])
    whole = Span(months[0].counted.start, months[-1].counted.end)
    person = absence.officer_id
    before = {
        row.assignment_id: row.weeks
        for row in duties.owed(whole, officer_ids=[person], away={person: [row.halves for row in stored]})
    }
    after = {
        row.assignment_id: row.weeks
        for row in duties.owed(whole, officer_ids=[person], away={person: [*others, absence.halves]})
    }
    held = Assignment.objects.filter(pk__in=before).select_related("village").order_by("village__code", "pk")
    return [
        effect
        for month in months
        for row in held
        if (effect := _effect(row, month, before[row.pk], after[row.pk])).before != effect.after
    ]


def _months(rows: list[Absence]) -> list[Month]:
    first = Month.counting(min(row.start_on for row in rows))
    last = max(row.end_on or date.max for row in rows)
    months = [first]
    while len(months) < MONTHS_SHOWN and months[-1].counted.end < last:
        months.append(months[-1].next())
    return months


def _effect(row: Assignment, month: Month, before: frozenset[int], after: frozenset[int]) -> Effect:
    weeks = month.weeks()
    return Effect(
        village=row.village,
        month=month.key,
        before=tuple(week.key for week in weeks if iso_week(week) in before),
        after=tuple(week.key for week in weeks if iso_week(week) in after),
    )
