"""The plan of this week and the next on an officer's page: his villages down, the days across (R5)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from patrols.choices import OPEN_STATES, VisitState
from patrols.models import Visit, VisitPlan
from patrols.plans import plannable
from villages.models import Absence, Assignment, Officer, Village
from xinjin.periods import Span, Week
from xinjin.workdays.calendar import Special, special_days, workdays


@dataclass(frozen=True)
class PlanDay:
    """A column: a day, whether it is worked, and why if that is not plain from the day of the week."""

    day: date
    is_workday: bool
    special: Special | None
    is_today: bool
    absence: Absence | None


@dataclass(frozen=True)
class PlanCell:
    """A village on a day: the visit made or begun, the plan, or whether one may plan here."""

    day: PlanDay
    key: str
    plan: VisitPlan | None
    visit: Visit | None
    may_plan: bool

    @property
    def is_made(self) -> bool:
        """Whether the visit has been handed in."""
        return self.visit is not None and self.visit.state not in OPEN_STATES


@dataclass(frozen=True)
class PlanRow:
    """A village with its fourteen days."""

    village: Village
    cells: list[PlanCell]


@dataclass(frozen=True)
class PlanLine:
    """A plan that is still ahead, or of today: its note, and the draft if one was begun."""

    plan: VisitPlan
    visit: Visit | None
    special: Special | None


@dataclass(frozen=True)
class WeekPlan:
    """What the page shows: two weeks with their days, a row for each village, and the plans that are ahead."""

    weeks: list[tuple[Week, list[PlanDay]]]
    rows: list[PlanRow]
    lines: list[PlanLine]
    specials: list[tuple[date, Special]]
    held: list[Assignment]
    absences: list[Absence]


def week_plan(officer: Officer, today: date) -> WeekPlan:
    """The plan of this week and the next; four queries however many villages."""
    week = Week.of(today)
    span = Span(week.start, week.next().end)
    held: dict[int, list[Assignment]] = defaultdict(list)
    villages: dict[int, Village] = {}
    own = Assignment.objects.during(span).filter(officer=officer).select_related("village__station")
    for row in own.order_by("village__code", "start_on"):
        held[row.village_id].append(row)
        villages[row.village_id] = row.village
    absences = list(Absence.objects.during(span).filter(officer=officer).order_by("start_on", "id"))
    plans = {
        (plan.village_id, plan.planned_on): plan
        for plan in VisitPlan.objects.filter(officer=officer).during(span).with_visits().select_related("village")
    }
    visits = _visits(officer, span)
    worked, special, ahead = workdays(span), special_days(span), plannable(today)
    days = [
        PlanDay(
            day,
            day in worked,
            special.get(day),
            day == today,
            next((absence for absence in absences if absence.holds_on(day)), None),
        )
        for day in span.days()
    ]
    rows = [
        PlanRow(
            village,
            [
                PlanCell(
                    column,
                    f"{village.code}:{column.day:%Y-%m-%d}",
                    plans.get((pk, column.day)),
                    visits.get((pk, column.day)),
                    column.day in ahead and any(row.holds_on(column.day) for row in held[pk]),
                )
                for column in days
            ],
        )
        for pk, village in villages.items()
    ]
    lines = [
        PlanLine(cell.plan, cell.visit, cell.day.special)
        for row in rows
        for cell in row.cells
        if cell.plan is not None and not cell.is_made and cell.day.day >= today
    ]
    return WeekPlan(
        weeks=[(week, days[:7]), (week.next(), days[7:])],
        rows=rows,
        lines=sorted(lines, key=lambda line: (line.plan.planned_on, line.plan.village_id)),
        specials=sorted(special.items(), key=lambda item: item[0]),
        held=[row for rows in held.values() for row in rows],
        absences=absences,
    )


def _visits(officer: Officer, span: Span) -> dict[tuple[int, date], Visit]:
    """His visits by village and day, those that he came along to as well; one that is handed in before a draft."""
    there = Q(officer=officer) | Q(attendees__officer=officer, state=VisitState.SUBMITTED)
    rows: Any = Visit.objects.during(span).filter(there).distinct().order_by("started_at", "id")
    found: dict[tuple[int, date], Visit] = {}
    for visit in rows:
        key = (visit.village_id, visit.visited_on)
        if key not in found or found[key].state in OPEN_STATES:
            found[key] = visit
    return found
