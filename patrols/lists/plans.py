"""The list of planned visits."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from patrols.filters.visits import PlanFilter
from patrols.models import VisitPlan
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind


def _plans(user: Any) -> QuerySet:
    return VisitPlan.objects.allowed(user).with_visits().select_related("village__station", "officer__unit")


PLANS = register(
    ListDefinition(
        name="plans",
        title=gettext_lazy("Planned visits"),
        url_name="plan_list",
        model=VisitPlan,
        filterset=PlanFilter,
        rows=_plans,
        default_sort="date",
        tie=("officer__pinyin", "id"),
        columns=(
            ListColumn(
                Column("date", gettext_lazy("Date"), Kind.DATE), lambda plan: plan.planned_on, ("planned_on",)
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda plan: plan.village.station.name,
                ("village__station__position", "village__station__code"),
            ),
            ListColumn(
                Column(
                    "village",
                    gettext_lazy("Village"),
                    width=6,
                    link=lambda plan: reverse("coverage_cell", args=[plan.village.code, plan.week.key]),
                ),
                lambda plan: plan.village.name,
                ("village__pinyin", "village_id"),
                names_row=True,
            ),
            ListColumn(
                Column("officer", gettext_lazy("Officer"), width=5),
                lambda plan: plan.officer.name,
                ("officer__pinyin", "officer_id"),
            ),
            ListColumn(Column("unit", gettext_lazy("Home unit"), width=8), lambda plan: plan.officer.unit.name),
            ListColumn(Column("note", gettext_lazy("Note"), width=12), is_long=True),
            ListColumn(
                Column("outcome", gettext_lazy("Plan and visit"), width=6),
                lambda plan: str(plan.outcome.label),
                badge=lambda plan: plan.outcome.badge,
            ),
        ),
    )
)  # fmt: skip
