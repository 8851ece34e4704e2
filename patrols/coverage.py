"""The coverage wall: in which week every village had what its officer owes it (R1, R5, R7, R8).

The wall asks about villages: a duty is met when those who held the officer's place in the week together did it, and a
week counts when somebody owed it. It is read in a constant number of queries, however many villages and weeks.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patrols import duties
from patrols.counting import WeekCounts
from patrols.duties import WEEKLY, Duty
from patrols.metrics import iso_week, weekly_counts
from patrols.wall import Cell, CellState, Row, Wall
from villages.choices import AbsenceKind, Slot
from villages.models import Absence, Assignment, Officer, Village
from xinjin.periods import Span, Week
from xinjin.workdays.calendar import Special, special_days, workdays

# Up to so many assignments are named to the database; above, it counts everybody's and the wall takes its own.
NAMED_HOLDERS = 1000


class _Holding(NamedTuple):
    pk: int
    officer: Officer
    start: date
    end: date


@dataclass(frozen=True)
class _Facts:
    """Everything that cells are decided on, read once."""

    today: date
    holdings: dict[int, list[_Holding]]
    owing: dict[int, frozenset[int]]
    counts: list[WeekCounts]
    workdays: frozenset[date]
    absences: dict[int, list[Absence]]
    special: dict[date, Special]


def build(villages: QuerySet[Village], span: Span, *, today: date) -> Wall:
    """The wall of `villages` over the whole weeks of `span`, as known on `today`; twelve queries."""
    weeks = span.weeks()
    if not weeks:
        return Wall([], [])
    whole = Span(weeks[0].start, weeks[-1].end)
    shown = list(
        villages.filter(valid_from__lte=whole.end)
        .exclude(valid_to__lt=whole.start)
        .select_related("station")
        .order_by("station__position", "station__code", "code")
    )
    facts = _read([village.pk for village in shown], whole, today)
    rows = [
        Row(village, _holder(facts, village, whole), [_cell(facts, village, week) for week in weeks])
        for village in shown
    ]
    return Wall(weeks, rows)


def _read(village_ids: list[int], whole: Span, today: date) -> _Facts:
    held = Assignment.objects.during(whole).filter(slot=Slot.OFFICER, village__in=village_ids)
    holdings: dict[int, list[_Holding]] = defaultdict(list)
    for row in held.select_related("officer").order_by("start_on", "id"):
        holdings[row.village_id].append(_Holding(row.pk, row.officer, row.start_on, row.end_on or date.max))
    named = [holding.pk for rows in holdings.values() for holding in rows]
    officers = {holding.officer.pk for rows in holdings.values() for holding in rows}
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.during(whole).filter(officer__in=officers).order_by("start_on"):
        absences[absence.officer_id].append(absence)
    holders = named if len(named) <= NAMED_HOLDERS else None
    counts = weekly_counts(whole, holders=holders)
    return _Facts(
        today=today,
        holdings=holdings,
        owing={item.assignment_id: item.weeks for item in duties.owed(whole, village_ids=village_ids)},
        counts=[counts[duty.metric] for duty in WEEKLY],
        workdays=workdays(whole),
        absences=absences,
        special=special_days(whole),
    )


def _holder(facts: _Facts, village: Village, whole: Span) -> Officer | None:
    day = min(facts.today, whole.end)
    return next((row.officer for row in facts.holdings[village.pk] if row.start <= day <= row.end), None)


def _cell(facts: _Facts, village: Village, week: Week) -> Cell:
    if week.end < village.valid_from or (village.valid_to and week.start > village.valid_to):
        return Cell(village, week, CellState.ABSENT)
    if week.start > facts.today:
        return Cell(village, week, CellState.FUTURE)
    number = iso_week(week)
    holdings = facts.holdings.get(village.pk, [])
    done = tuple(sum(counts.get((row.pk, number), 0) for row in holdings) for counts in facts.counts)
    running = facts.today in week
    if running and village.exists_on(facts.today) and not any(row.start <= facts.today <= row.end for row in holdings):
        return Cell(village, week, CellState.GAP, done, reason=_("nobody holds the officer's place today"))
    if not any(number in facts.owing.get(row.pk, ()) for row in holdings):
        state, reason = _not_owed(facts, village, week, running=running)
        return Cell(village, week, state, done, reason=reason)
    lacking = tuple(duty for duty, n in zip(WEEKLY, done, strict=True) if n < duty.minimum)
    return Cell(village, week, _judged(lacking, running=running), done, lacking)


def _judged(lacking: tuple[Duty, ...], *, running: bool) -> CellState:
    if not lacking:
        return CellState.MET
    if running:
        return CellState.RUNNING
    return CellState.MISSED if len(lacking) == len(WEEKLY) else CellState.PARTIAL


def _not_owed(facts: _Facts, village: Village, week: Week, *, running: bool) -> tuple[CellState, str]:
    """Why nobody owes the week: no officer (R1), a week of holidays, a village that began or ended, somebody away, or a
    hand-over.

    In the running week somebody is there today, so it is no gap yet.
    """
    holdings = facts.holdings.get(village.pk, [])
    days = [day for day in week.days() if day in facts.workdays]
    there = [day for day in days or week.days() if village.exists_on(day)]
    held = [day for day in there if any(row.start <= day <= row.end for row in holdings)]
    if not running and 2 * len(held) < len(there):
        return CellState.GAP, _("nobody held the officer's place for half of the week")
    if not days:
        return CellState.EXCUSED, _no_workday(facts, week)
    if 2 * len(there) < len(days):
        return CellState.EXCUSED, _("the village began or ended")
    kinds = {
        AbsenceKind(absence.kind)
        for row in holdings
        for absence in facts.absences.get(row.officer.pk, [])
        if any(absence.holds_on(day) for day in held)
    }
    return CellState.EXCUSED, _(", ").join(str(kind.label) for kind in sorted(kinds)) or _("hand-over")


def _no_workday(facts: _Facts, week: Week) -> str:
    """Why a week has no working day: the holidays in it by name."""
    special = [facts.special[day] for day in week.days() if day in facts.special]
    names = dict.fromkeys(day.name for day in special if not day.is_workday)
    return _(", ").join(names) or _("no working day")
