"""The facts of work reports, counted for the person by period key (R13, R14)."""

from django.db.models import Count, QuerySet

from patrols.choices import ReportKind, ReportState
from patrols.models import WorkReport
from xinjin.periods import Month, Period


def report_rows(periods: list[Period]) -> QuerySet:
    """The work reports handed in for any of the periods."""
    return WorkReport.objects.filter(
        period__in=[period.key for period in periods],
        kind__in=[ReportKind.WEEKLY, ReportKind.MONTHLY],
        state__in=[ReportState.SUBMITTED, ReportState.REVIEWED],
    )


def on_time_by_officer(month: Month) -> QuerySet:
    """(officer, reports handed in by their day) of the month and its weeks."""
    handed_in = report_rows([month, *month.weeks()]).filter(is_late=False)
    return handed_in.order_by().values_list("officer").annotate(n=Count("id"))


def reports_on_time(month: Month) -> dict[int, int]:
    """{officer id: reports handed in by their day} of the month and its weeks; one query."""
    return dict(on_time_by_officer(month))
