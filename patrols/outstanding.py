"""Which reports are asked for on a day, from whom and by when, and what has become of each (R13, R14, R22).

Reports are asked for from the last working day of their period on, and for two more periods of their kind. So whoever
starts the system on any weekday finds last week's and last month's report asked for, and a forgotten one is not asked
for for ever: the score of its month has settled it by then.

The officer's page, the list of reports, the overview and the reminders all read this module.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from patrols import duties
from patrols.choices import ReportKind, ReportState
from patrols.metrics import iso_week
from patrols.models import WorkReport
from villages.models import Officer, Village
from xinjin.periods import Month, Period, Span, Week
from xinjin.workdays.calendar import last_workday

PERIOD_OF: dict[ReportKind, type[Period]] = {ReportKind.WEEKLY: Week, ReportKind.MONTHLY: Month}
PERIODS_OPEN = 2
# ({officer id: his unit's id}, {village id: its station's id})
Units = tuple[dict[int, int], dict[int, int]]
# The states in which a report is with its reader.
HANDED_IN = (ReportState.SUBMITTED, ReportState.REVIEWED)


@dataclass(frozen=True)
class AskedFor:
    """A report asked for. `report_id` and `state` are None while its author has not opened it."""

    officer_id: int
    kind: ReportKind
    period: Period
    due_on: date
    addressee_id: int
    report_id: int | None = None
    state: str | None = None

    @property
    def is_handed_in(self) -> bool:
        """Whether it is with its reader; a returned one is asked for again."""
        return self.state in HANDED_IN


def asked_periods(day: date) -> list[tuple[ReportKind, Period]]:
    """The periods on which reports are asked for on `day`, the oldest of each kind first."""
    found: list[tuple[ReportKind, Period]] = []
    for kind, period_kind in PERIOD_OF.items():
        running = period_kind.of(day)
        back = [running]
        for _number in range(PERIODS_OPEN):
            back.append(back[-1].previous())
        opened = last_workday(running)
        if opened is None or day < opened:
            back = back[1:]
        found += [(kind, period) for period in reversed(back)]
    return found


def addressee_ids(owing: Iterable[duties.Owed], kind: ReportKind, units: Units | None = None) -> dict[int, int]:
    """{officer id: unit id} to whom each reports: weekly the station of his (first) village, monthly his own unit."""
    first: dict[int, int] = {}
    for item in owing:
        first.setdefault(item.officer_id, item.village_id)
    unit_of, station_of = units or units_of(first, first.values())
    if kind == ReportKind.MONTHLY:
        return {officer: unit_of[officer] for officer in first}
    return {officer: station_of[village] for officer, village in first.items()}


def units_of(officers: Iterable[int], villages: Iterable[int]) -> Units:
    """({officer id: his unit}, {village id: its station}); two queries."""
    return (
        dict(Officer.objects.filter(pk__in=set(officers)).values_list("id", "unit_id")),
        dict(Village.objects.filter(pk__in=set(villages)).values_list("id", "station_id")),
    )


def asked_span(day: date) -> Span:
    """The whole weeks of every period on which reports are asked for on `day`."""
    spans = [period.counted for _kind, period in asked_periods(day)]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def asked_for(
    day: date, *, officer_ids: Iterable[int] | None = None, owing: list[duties.Owed] | None = None
) -> list[AskedFor]:
    """Every report asked for on `day`, handed in or not; a constant number of queries however many people.

    `owing` is what they owe over asked_span(day) and possibly more, where the caller has read it already.
    """
    periods = asked_periods(day)
    if owing is None:
        owing = duties.owed(asked_span(day), officer_ids=officer_ids)
    people = {item.officer_id for item in owing}
    reports = {
        (officer, kind, key): (pk, state)
        for pk, officer, kind, key, state in WorkReport.objects.filter(
            officer__in=people, period__in=[period.key for _kind, period in periods]
        ).values_list("id", "officer_id", "kind", "period", "state")
    }
    found = []
    units = units_of(people, {item.village_id for item in owing})
    for kind, period in periods:
        weeks = {iso_week(week) for week in period.weeks()}
        in_period = [item for item in owing if item.weeks & weeks]
        due_on = duties.report_due_on(kind, period)
        for officer, unit in addressee_ids(in_period, kind, units).items():
            pk, state = reports.get((officer, str(kind), period.key), (None, None))
            found.append(AskedFor(officer, kind, period, due_on, unit, pk, state))
    return found


def outstanding(
    day: date, *, officer_ids: Iterable[int] | None = None, owing: list[duties.Owed] | None = None
) -> list[AskedFor]:
    """The reports asked for and not handed in, those due first."""
    waiting = [item for item in asked_for(day, officer_ids=officer_ids, owing=owing) if not item.is_handed_in]
    return sorted(waiting, key=lambda item: (item.due_on, item.kind, item.officer_id))


def overdue(day: date) -> list[AskedFor]:
    """The reports asked for whose day has passed."""
    return [item for item in outstanding(day) if item.due_on < day]
