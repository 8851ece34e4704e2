"""The list of work reports."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from patrols.choices import ReportState
from patrols.filters.reports import ReportFilter
from patrols.lists.lateness import late_badge, lateness
from patrols.models import WorkReport
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind


def _reports(user: Any) -> QuerySet:
    return WorkReport.objects.allowed(user).select_related("officer__unit", "addressee")


REPORTS = register(
    ListDefinition(
        name="reports",
        title=gettext_lazy("Work reports"),
        url_name="report_list",
        model=WorkReport,
        filterset=ReportFilter,
        rows=_reports,
        default_sort="-report",
        tie=("kind", "officer__pinyin", "id"),
        row_class=lambda report: "is-warn" if report.state == ReportState.RETURNED else "",
        columns=(
            ListColumn(
                Column(
                    "report",
                    gettext_lazy("Report"),
                    width=8,
                    link=lambda report: reverse("report_detail", args=[report.pk]),
                ),
                lambda report: f"{report.get_kind_display()} {report.period}",
                ("period_end_on",),
                names_row=True,
            ),
            ListColumn(
                Column("officer", gettext_lazy("Officer"), width=5),
                lambda report: report.officer.name,
                ("officer__pinyin", "officer_id"),
            ),
            ListColumn(Column("unit", gettext_lazy("Unit"), width=8), lambda report: report.officer.unit.name),
            ListColumn(
                Column("addressee", gettext_lazy("Addressee"), width=8),
                lambda report: report.addressee.name,
                ("addressee__position", "addressee__code"),
            ),
            ListColumn(
                Column("due", gettext_lazy("Due"), Kind.DATE), lambda report: report.due_on, ("due_on",)
            ),
            ListColumn(
                Column("submitted", gettext_lazy("Handed in"), Kind.DATETIME),
                lambda report: report.submitted_at,
                ("submitted_at",),
            ),
            ListColumn(Column("late", gettext_lazy("In time"), width=4), lateness, badge=late_badge),
            ListColumn(
                Column("state", gettext_lazy("State"), width=5),
                lambda report: str(report.get_state_display()),
                badge=lambda report: report.state_badge,
            ),
            *(
                ListColumn(
                    Column(name, WorkReport._meta.get_field(name).verbose_name, width=16),  # type: ignore[union-attr]
                    shown=False,
                    is_long=True,
                )
                for name in ("summary", "problems", "plan", "comment", "instructions")
            ),
        ),
    )
)  # fmt: skip
