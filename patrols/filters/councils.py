"""The filters of councils, their measures and the incidents that were counted. No person is searched for."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import CouncilState, IncidentCategory, MeasureState
from patrols.filters.visits import PeriodFilter, stations_seen, villages_seen
from patrols.models import CouncilMeasure, CouncilMeeting, IncidentCount
from xinjin import periods


def _period() -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": "2026-03", "size": 8})


class _Places(django_filters.FilterSet):
    """By village and by station."""

    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="village__station", queryset=stations_seen, to_field_name="code"
    )
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_seen, to_field_name="code")


class CouncilFilter(_Places):
    """A period takes whole weeks, as the score does."""

    period = PeriodFilter(label=_("Held in"), method="held_in", widget=_period())
    state = django_filters.ChoiceFilter(label=_("State"), choices=CouncilState.choices)
    analysis = django_filters.ChoiceFilter(
        label=_("Situation analysis"), choices=[("yes", _("with")), ("no", _("without"))], method="by_analysis"
    )
    text = django_filters.CharFilter(label=_("Text"), method="containing", max_length=50)

    class Meta:
        model = CouncilMeeting
        fields: list[str] = []

    def held_in(self, rows: Any, name: str, value: periods.Period) -> Any:
        return rows.during(value.counted)

    def by_analysis(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(has_analysis=value == "yes")

    def containing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        fields = ("village__name", "agenda", "situation", "minutes", "decisions")
        found = Q(pk__in=CouncilMeasure.objects.filter(what__icontains=value).values("meeting"))
        for field in fields:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


class MeasureFilter(_Places):
    """A period is that in which the measure was agreed on, in whole weeks."""

    period = PeriodFilter(label=_("Agreed on in"), method="agreed_in", widget=_period())
    state = django_filters.ChoiceFilter(label=_("State"), choices=MeasureState.choices)
    when = django_filters.ChoiceFilter(
        label=_("Time limit"), choices=[("overdue", _("Past its day"))], method="by_time"
    )
    text = django_filters.CharFilter(label=_("Text"), method="containing", max_length=50)

    class Meta:
        model = CouncilMeasure
        fields: list[str] = []

    def agreed_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        span = value.counted
        return rows.filter(meeting__held_on__range=(span.start, span.end))

    def by_time(self, rows: Any, name: str, value: str) -> Any:
        return rows.overdue(timezone.localdate())

    def containing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(what__icontains=value) | Q(result__icontains=value) | Q(village__name__icontains=value))


class IncidentFilter(_Places):
    """The counts behind a figure of the situation."""

    category = django_filters.ChoiceFilter(label=_("Category"), choices=IncidentCategory.choices)

    class Meta:
        model = IncidentCount
        fields: list[str] = []
