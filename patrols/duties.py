"""Who owes what for which period, and which fact fulfils it. Each duty is defined here once (R5, R7, R8, R12–R14).

The officer's week, the coverage wall, reminders and the denominators of the score all read this module.

A week is owed by an assignment when its holder is there for at least half of the week's working days, counted in half
days: within the assignment and not absent. A week without working days is owed by nobody. So a hand-over in mid-week or
a leave does not make anyone late, and what is not owed leaves the denominator; it is never counted as zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrols.choices import ActivityKind, ReportKind
from patrols.counting import WeekCounts
from patrols.metrics import iso_week
from villages.choices import Slot
from villages.models import Absence, Assignment
from villages.models.absence import Halves, half_day, halves
from xinjin.periods import Month, Period, Span, Week
from xinjin.workdays.calendar import workday_after, workdays


@dataclass(frozen=True)
class Duty:
    """`metric` must reach `minimum` in each week, or in the month where `monthly`.

    `mostly`: owed by whoever owes more than half of the month's weeks. `attended`: what suffices for auxiliaries.
    """

    code: str
    rule: str
    label: Promise
    lacking: Promise
    metric: str
    minimum: int = 1
    monthly: bool = False
    mostly: bool = False
    attended: str = ""

    def metric_of(self, slot: str) -> str:
        """The fact that fulfils the duty for the holder of a place."""
        return self.attended if self.attended and slot == Slot.AUXILIARY else self.metric

    def owed_in(self, weeks: int, month: Month) -> int:
        """How much of a monthly duty is owed by who owes so many weeks of the month."""
        if self.mostly:
            return self.minimum if owes_council(weeks, len(month.weeks())) else 0
        return min(self.minimum, weeks)


DUTIES = (
    Duty("visit", "R5", _("Weekly visit"), _("no visit"), "visits"),
    Duty("screening", "R7", _("Dispute screening"), _("no dispute screening"), ActivityKind.SCREENING.value),
    Duty("briefing", "R8", _("Briefing"), _("no briefing"), ActivityKind.BRIEFING.value),
    Duty("group_patrol", "R8", _("Group patrol"), _("no group patrol"), ActivityKind.GROUP_PATROL.value),
    Duty(
        "publicity",
        "R8",
        _("Publicity"),
        _("publicity fewer than 2 times"),
        ActivityKind.PUBLICITY.value,
        2,
        monthly=True,
    ),
    Duty(
        "council",
        "R12",
        _("Council"),
        _("no council with situation analysis"),
        "council_analyses",
        monthly=True,
        mostly=True,
        attended="council_meetings",
    ),
)
WEEKLY = tuple(duty for duty in DUTIES if not duty.monthly)
MONTHLY = tuple(duty for duty in DUTIES if duty.monthly)
# Working days after the end of the period by which a report is owed.
REPORT_DAYS = {ReportKind.WEEKLY: 1, ReportKind.MONTHLY: 2}
# Working days after the end of its week until which a log is not marked as entered late.
ENTRY_DAYS = 2


def report_due_on(kind: ReportKind, period: Period) -> date:
    """The day by which the report on `period` is to be handed in."""
    return workday_after(period.end, REPORT_DAYS[kind])


def entry_due_on(visited_on: date) -> date:
    """The day until which the log of a visit is not late."""
    return workday_after(Week.of(visited_on).end, ENTRY_DAYS)


class Owed(NamedTuple):
    """An assignment that owes something in a span, the ISO weeks that it owes, and where its holder belongs."""

    assignment_id: int
    officer_id: int
    village_id: int
    slot: str
    weeks: frozenset[int]
    kind: str = ""
    unit_id: int = 0
    station_id: int = 0


def held_in(span: Span) -> QuerySet:
    """The assignments held at some time in `span`, as `owed` reads them."""
    return (
        Assignment.objects.during(span)
        .order_by("id")
        .values_list(
            "id", "officer_id", "village_id", "slot", "start_on", "end_on",
            "officer__kind", "officer__unit_id", "village__station_id",
        )
    )  # fmt: skip


def owed(
    span: Span,
    *,
    officer_ids: Iterable[int] | None = None,
    village_ids: Iterable[int] | None = None,
    away: Mapping[int, Sequence[Halves]] | None = None,
) -> list[Owed]:
    """The assignments held in the whole weeks of `span`, with the weeks that each owes; three queries.

    `away` answers "what if": {officer id: his absences} instead of those that are stored.
    """
    weeks = span.weeks()
    if not weeks:
        return []
    whole = Span(weeks[0].start, weeks[-1].end)
    held = held_in(whole)
    if officer_ids is not None:
        held = held.filter(officer__in=officer_ids)
    if village_ids is not None:
        held = held.filter(village__in=village_ids)
    days_of = _workdays_by_week(weeks, whole)
    absences = _absences(whole) if away is None else away
    everything = frozenset(days_of)
    return [
        Owed(
            pk,
            officer,
            village,
            slot,
            everything
            if start <= whole.start and (end is None or end >= whole.end) and officer not in absences
            else _owed_weeks(days_of, start, end or date.max, absences.get(officer, ())),
            kind,
            unit,
            station,
        )
        for pk, officer, village, slot, start, end, kind, unit, station in held.iterator(chunk_size=20_000)
    ]


def _workdays_by_week(weeks: list[Week], whole: Span) -> dict[int, list[date]]:
    """{ISO week: its working days}, weeks without any left out."""
    found: dict[int, list[date]] = defaultdict(list)
    for day in sorted(workdays(whole)):
        found[iso_week(Week.of(day))].append(day)
    return dict(found)


def _absences(span: Span) -> dict[int, list[Halves]]:
    found: dict[int, list[Halves]] = defaultdict(list)
    rows = Absence.objects.during(span).values_list("officer", "start_on", "end_on", "from_noon", "until_noon")
    for officer, start, end, from_noon, until_noon in rows:
        found[officer].append(halves(start, end, from_noon=from_noon, until_noon=until_noon))
    return dict(found)


def _owed_weeks(days_of: dict[int, list[date]], start: date, end: date, absences: Sequence[Halves]) -> frozenset[int]:
    def there(day: date) -> int:
        """How many halves of the day he is there."""
        if not start <= day <= end:
            return 0
        morning, afternoon = half_day(day, afternoon=False), half_day(day, afternoon=True)
        return 2 - sum(first <= half <= last for half in (morning, afternoon) for first, last in absences)

    return frozenset(week for week, days in days_of.items() if sum(map(there, days)) >= len(days))


def lacking_in(week: int, facts: Mapping[str, WeekCounts], assignment_id: int) -> list[Duty]:
    """The weekly duties that an assignment has not fulfilled in an ISO week, whether it owes them or not."""
    return [duty for duty in WEEKLY if facts[duty.metric].get((assignment_id, week), 0) < duty.minimum]


def owes_council(weeks: int, of_month: int) -> bool:
    """Whether the month's council (R12) is owed by who owes so many of its weeks: more than half of them.

    So a hand-over in mid-month or a long leave makes nobody late, and of two holders at most one owes it.
    """
    return 2 * weeks > of_month


def reports_owed(owing: Iterable[Owed], month: Month, *, as_of: date | None = None) -> dict[int, int]:
    """{officer id: weekly and monthly reports owed for `month`}; with `as_of`, only those already due then."""
    weeks: dict[int, frozenset[int]] = {}
    for item in owing:
        known = weeks.get(item.officer_id)
        weeks[item.officer_id] = item.weeks if known is None else known | item.weeks
    due = {iso_week(week): report_due_on(ReportKind.WEEKLY, week) for week in month.weeks()}
    monthly_due = report_due_on(ReportKind.MONTHLY, month)

    def number(owed_weeks: frozenset[int]) -> int:
        weekly = sum(1 for week in owed_weeks if as_of is None or due[week] < as_of)
        return weekly + (1 if owed_weeks and (as_of is None or monthly_due < as_of) else 0)

    # Most people owe the same weeks: each run of weeks is counted once.
    numbers = {owed_weeks: number(owed_weeks) for owed_weeks in set(weeks.values())}
    return {officer: numbers[owed_weeks] for officer, owed_weeks in weeks.items()}
