"""The list of weekly briefings, and that of incident counts behind every figure of them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from patrols.filters.briefings import BriefingFilter, IncidentFilter
from patrols.models import Briefing, IncidentCount
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.periods import Week
from xinjin.reporting import Column, Kind


def _briefings(user: Any) -> QuerySet:
    return Briefing.objects.allowed(user).select_related("village__station")


def _with_givers(rows: QuerySet) -> QuerySet:
    return rows.prefetch_related("givers__officer")


def _givers(briefing: Briefing) -> str | None:
    return "、".join(sorted(giver.officer.name for giver in briefing.givers.all())) or None


BRIEFINGS = register(
    ListDefinition(
        name="briefings",
        title=gettext_lazy("Weekly briefings"),
        url_name="briefing_list",
        model=Briefing,
        filterset=BriefingFilter,
        rows=_briefings,
        default_sort="-week",
        tie=("village__code", "id"),
        row_class=lambda row: "" if row.is_given else "is-muted",
        columns=(
            ListColumn(
                Column("week", gettext_lazy("Week"), width=6, link=lambda row: row.get_absolute_url()),
                lambda row: row.week.key,
                ("starts_on",),
                names_row=True,
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda row: row.village.station.name,
                ("village__station__position", "village__station__code"),
            ),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=6),
                lambda row: row.village.name,
                ("village__pinyin", "village_id"),
            ),
            ListColumn(
                Column("state", gettext_lazy("State"), width=4),
                lambda row: str(row.get_state_display()),
                badge=lambda row: row.state_badge,
            ),
            ListColumn(
                Column("given_on", gettext_lazy("Given on"), Kind.DATE), lambda row: row.given_on, ("given_on",)
            ),
            ListColumn(Column("ways", gettext_lazy("How"), width=9), lambda row: row.ways_in_words or None),
            ListColumn(Column("givers", gettext_lazy("By whom"), width=7), _givers, prepare=_with_givers),
            ListColumn(
                Column("audience", gettext_lazy("To whom"), width=8), lambda row: row.audience or None, shown=False
            ),
            ListColumn(
                Column("people", gettext_lazy("People reached"), Kind.INTEGER),
                lambda row: row.people_count,
                ("people_count",),
            ),
            ListColumn(Column("text", gettext_lazy("Text of the briefing"), width=20), shown=False, is_long=True),
        ),
    )
)  # fmt: skip


def _incidents(user: Any) -> QuerySet:
    return IncidentCount.objects.allowed(user).select_related("village__station")


INCIDENTS = register(
    ListDefinition(
        name="incidents",
        title=gettext_lazy("Incident counts"),
        url_name="incident_rows",
        model=IncidentCount,
        filterset=IncidentFilter,
        rows=_incidents,
        default_sort="-week",
        tie=("-count", "village__code", "category", "id"),
        row_class=lambda row: "" if row.count else "is-muted",
        columns=(
            ListColumn(
                Column("week", gettext_lazy("Week"), width=6),
                lambda row: Week.of(row.starts_on).key,
                ("starts_on",),
                names_row=True,
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda row: row.village.station.name,
                ("village__station__position", "village__station__code"),
            ),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=6),
                lambda row: row.village.name,
                ("village__pinyin", "village_id"),
            ),
            ListColumn(
                Column("category", gettext_lazy("Category"), width=8),
                lambda row: str(row.get_category_display()),
                ("category",),
            ),
            ListColumn(
                Column("count", gettext_lazy("Incidents"), Kind.INTEGER), lambda row: row.count, ("count",)
            ),
        ),
    )
)  # fmt: skip
