"""An officer's week: his villages, what each is owed and what is done, and what else waits for him (R5, R7, R8).

Apps above put panels beside it with `register_panel`, such as the score so far.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext as _

from patrols import duties
from patrols.choices import OPEN_STATES, VisitState
from patrols.counting import WeekCounts
from patrols.duties import DUTIES, Duty, Owed
from patrols.metrics import council_counts, iso_week, weekly_counts
from patrols.models import Attendee, Visit
from patrols.outstanding import AskedFor, asked_span, outstanding
from patrols.week_plan import WeekPlan, week_plan
from villages.models import Absence, Officer, Village
from xinjin.periods import Month, Span, Week
from xinjin.workdays.calendar import workdays

# func(request, officer) → {"template": …, "context": …}, or None when there is nothing to show.
Panel = Callable[[HttpRequest, Officer], dict[str, Any] | None]
# {panel: whether it needs the wide column}
_panels: dict[Panel, bool] = {}


def register_panel(panel: Panel, *, is_wide: bool = False) -> None:
    """Adds a panel beside the officer's week, or below it where its rows need room; again, it changes nothing."""
    _panels[panel] = is_wide


def panels_for(request: HttpRequest, officer: Officer) -> list[dict[str, Any]]:
    """What the registered panels have to show, each with `is_wide`."""
    found = [(panel(request, officer), is_wide) for panel, is_wide in _panels.items()]
    return [{**shown, "is_wide": is_wide} for shown, is_wide in found if shown is not None]


@dataclass(frozen=True)
class DutyStatus:
    """A duty in the running week (or month): how much of it is done."""

    duty: Duty
    done: int
    minimum: int
    is_owed: bool

    @property
    def tone(self) -> str:
        """The badge's tone: done, still owed, or not owed."""
        if self.minimum and self.done >= self.minimum:
            return "ok"
        return "warn" if self.is_owed else "muted"

    @property
    def words(self) -> str:
        """How it stands, in words."""
        if self.minimum and self.done >= self.minimum:
            return _("done")
        if not self.is_owed:
            return _("not owed")
        if self.minimum > 1:
            return _("%(done)s of %(minimum)s") % {"done": self.done, "minimum": self.minimum}
        return _("still owed")


@dataclass(frozen=True)
class VillageWeek:
    """One of the officer's villages: this week's duties, and what last week lacked."""

    village: Village
    duties: list[DutyStatus]
    left_over: list[Duty]
    last_visit_on: date | None


@dataclass(frozen=True)
class OfficerWeek:
    """What the page of `/today/` shows."""

    week: Week
    month: Month
    workday_count: int
    villages: list[VillageWeek]
    drafts: list[Visit]
    reports: list[AskedFor]
    absences: list[Absence]
    plan: WeekPlan


def officer_week(officer: Officer, day: date) -> OfficerWeek:
    """The officer's week on `day`; a constant number of queries however many villages."""
    week, month = Week.of(day), Month.counting(day)
    whole = Span(min(month.counted.start, week.previous().start), max(month.counted.end, week.end))
    plan = week_plan(officer, day)
    held = [row for row in plan.held if row.holds_on(day)]
    holders = [row.pk for row in held]
    asked = asked_span(day)
    # Read once, for the duties of these weeks and for the reports on earlier ones.
    reach = Span(min(whole.start, asked.start), max(whole.end, asked.end))
    owed = duties.owed(reach, officer_ids=[officer.pk])
    owing = {item.assignment_id: item for item in owed}
    facts = weekly_counts(whole, holders=holders) | council_counts(whole, holders=holders)
    last_visits = _last_visits(holders)
    return OfficerWeek(
        week=week,
        month=month,
        workday_count=len(workdays(week)),
        villages=[
            VillageWeek(
                village=row.village,
                duties=[_status(duty, owing[row.pk], facts[duty.metric_of(row.slot)], week, month) for duty in DUTIES],
                left_over=_left_over(owing[row.pk], facts, week.previous()),
                last_visit_on=last_visits.get(row.pk),
            )
            for row in held
        ],
        drafts=list(Visit.objects.filter(officer=officer, state__in=OPEN_STATES).listed()),
        reports=outstanding(day, officer_ids=[officer.pk], owing=owed),
        absences=[row for row in plan.absences if any(row.holds_on(each) for each in week.days())],
        plan=plan,
    )


def _status(duty: Duty, owing: Owed, counts: WeekCounts, week: Week, month: Month) -> DutyStatus:
    if duty.monthly:
        weeks = [iso_week(each) for each in month.weeks()]
        owed_weeks = len(owing.weeks & set(weeks))
        done = sum(counts.get((owing.assignment_id, number), 0) for number in weeks)
        minimum = duty.owed_in(owed_weeks, month)
        return DutyStatus(duty, done, minimum, minimum > 0)
    number = iso_week(week)
    return DutyStatus(duty, counts.get((owing.assignment_id, number), 0), duty.minimum, number in owing.weeks)


def _left_over(owing: Owed, facts: dict[str, WeekCounts], week: Week) -> list[Duty]:
    number = iso_week(week)
    if number not in owing.weeks:
        return []
    return duties.lacking_in(number, facts, owing.assignment_id)


def _last_visits(holders: list[int]) -> dict[int, date]:
    rows = Attendee.objects.filter(assignment__in=holders, visit__state=VisitState.SUBMITTED).order_by()
    return dict(rows.values_list("assignment").annotate(last=Max("visit__visited_on")))
