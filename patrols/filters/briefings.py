"""The filters of briefings and incident counts."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patrols.choices import BriefingState, BriefingWay, IncidentCategory
from patrols.filters.visits import PeriodFilter, stations_seen, villages_seen
from patrols.models import Briefing, IncidentCount
from xinjin import periods


def _period_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": "2026-W07", "size": 9})


class InWeeks(django_filters.FilterSet):
    """Rows of weeks, by period, village and station. A period takes its whole weeks."""

    period = PeriodFilter(label=_("Period"), method="in_period", widget=_period_widget())
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="village__station", queryset=stations_seen, to_field_name="code"
    )
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_seen, to_field_name="code")

    def in_period(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        span = value.counted
        return rows.filter(starts_on__range=(span.start, span.end - timedelta(days=6)))


class BriefingFilter(InWeeks):
    """Briefings by period, village, station, state, and how they were given."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=BriefingState.choices)
    way = django_filters.ChoiceFilter(
        label=_("How"), choices=BriefingWay.choices, field_name="ways", method="given_by_way"
    )
    text = django_filters.CharFilter(label=_("Text"), lookup_expr="icontains", max_length=50)

    class Meta:
        model = Briefing
        fields: list[str] = []

    def given_by_way(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(ways__contains=[value])


class IncidentFilter(InWeeks):
    """Counts by period, village, station and category."""

    category = django_filters.ChoiceFilter(label=_("Category"), choices=IncidentCategory.choices)

    class Meta:
        model = IncidentCount
        fields: list[str] = []
