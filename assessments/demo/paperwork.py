"""The weekly and monthly reports of the demo (R13, R14); the demo people have left the last ones open."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from assessments.demo import phrases
from assessments.demo.roster import Roster
from patrols import duties, figures
from patrols.choices import ReportKind, ReportState
from patrols.models import ReportTransition, WorkReport
from villages.models import Assignment, Officer, Unit
from xinjin.accounts.models import User
from xinjin.periods import Month, Period, Span, Week

# They find their last reports waiting, and a reminder in the inbox.
LEFT_OPEN = ("officer", "community", "auxiliary")


def make_paperwork(roster: Roster) -> None:
    """Reports on every week and month that is over; most in time, some late, a few missing."""
    maker = _Maker(roster)
    weeks = [week for week in Span(roster.since, roster.today).weeks() if week.end < roster.today]
    months = [month for month in _months(roster) if month.end < roster.today]
    for week in weeks:
        maker.make(ReportKind.WEEKLY, week, is_last=week == weeks[-1])
    for month in months:
        maker.make(ReportKind.MONTHLY, month, is_last=month == months[-1])
    WorkReport.objects.bulk_create(maker.reports, batch_size=2000)
    ReportTransition.objects.bulk_create(
        [transition for report in maker.reports for transition in _transitions(report)], batch_size=5000
    )


def _transitions(report: WorkReport) -> list[ReportTransition]:
    found = [
        ReportTransition(
            report=report, state=ReportState.SUBMITTED, at=report.submitted_at or timezone.now(), by=report.officer.user
        )
    ]
    if report.reviewed_at:
        reviewed = ReportTransition(
            report=report, state=ReportState.REVIEWED, at=report.reviewed_at, by=report.reviewed_by
        )
        found.append(reviewed)
    return found


def _months(roster: Roster) -> list[Month]:
    month, found = Month.of(roster.since), []
    while month.start <= roster.today:
        found.append(month)
        month = month.next()
    return found


class _Maker:
    def __init__(self, roster: Roster) -> None:
        self.roster, self.random = roster, roster.random
        self.reports: list[WorkReport] = []
        span = Span(Week.of(roster.since).start, roster.today)
        self.counts = {key: metric.counts(span) for key, metric in figures.FIGURES.items()}
        self.officers = {o.pk: o for o in Officer.objects.select_related("user", "unit")}
        self.villages = {
            assignment.pk: assignment.village for assignment in Assignment.objects.select_related("village__station")
        }
        self.leaders: dict[int, User] = {
            unit: leader.user for unit, leader in [*roster.chiefs.items(), *roster.leaders.items()] if leader.user
        }
        self.left_open = set(User.objects.filter(username__in=LEFT_OPEN).values_list("officer", flat=True))
        self.units = {unit.pk: unit for unit in Unit.objects.all()}

    @cache  # noqa: B019 - one maker, and it lives as long as its answers
    def due_on(self, kind: ReportKind, period: Period) -> date:
        return duties.report_due_on(kind, period)

    def make(self, kind: ReportKind, period: Period, *, is_last: bool) -> None:
        owing: dict[int, list[duties.Owed]] = defaultdict(list)
        for item in duties.owed(period):
            if item.weeks:
                owing[item.officer_id].append(item)
        missing = 0.25 if is_last and kind == ReportKind.WEEKLY else 0.06 if is_last else 0.03
        for officer_id, items in owing.items():
            open_still = is_last and officer_id in self.left_open
            if not open_still and self.random.random() >= missing:
                self.reports.append(self._report(kind, period, self.officers[officer_id], items, is_last=is_last))

    def _report(
        self, kind: ReportKind, period: Period, officer: Officer, owing: list[duties.Owed], *, is_last: bool
    ) -> WorkReport:
        random, words = self.random, phrases()
        due_on = self.due_on(kind, period)
        village = self.villages[owing[0].assignment_id]
        unit = village.station if kind == ReportKind.WEEKLY else self.units[officer.unit_id]
        late = not is_last and random.random() < 0.05
        handed_in_on = min(due_on + timedelta(days=2 if late else -random.randrange(0, 2)), self.roster.today)
        handed_in_on = max(handed_in_on, period.end)
        handed_in_at = timezone.make_aware(datetime.combine(handed_in_on, time(16, random.randrange(60))))
        report = WorkReport(
            kind=kind,
            officer=officer,
            period=period.key,
            period_end_on=period.end,
            due_on=due_on,
            addressee=unit,
            state=ReportState.SUBMITTED,
            figures=figures.of(owing, self.counts, period),
            summary=random.choice(words["report_summaries"]),
            problems=random.choice(words["report_problems"]),
            plan=random.choice(words["report_plans"]),
            submitted_at=handed_in_at,
            is_late=handed_in_on > due_on,
            revision=1,
        )
        reviewer = self.leaders.get(unit.pk)
        if reviewer is not None and reviewer != officer.user and not is_last and self._was_read(period):
            report.state = ReportState.REVIEWED
            report.comment = random.choice(words["comments"])
            report.instructions = random.choice(words["instructions"])
            report.reviewed_by = reviewer
            report.reviewed_at = handed_in_at + timedelta(hours=16)
        return report

    def _was_read(self, period: Period) -> bool:
        """Leaders have caught up with everything older than three weeks."""
        return period.end < self.roster.today - timedelta(weeks=3) or self.random.random() < 0.7
