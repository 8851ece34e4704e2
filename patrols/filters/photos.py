"""Filters of the list of hints about photos."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from patrols.choices import HintKind, HintOutcome
from patrols.filters.visits import PeriodFilter, stations_seen
from patrols.models import PhotoHint
from xinjin import periods


class HintFilter(django_filters.FilterSet):
    """By kind, station and period of the log, and by what came of looking."""

    outcome = django_filters.ChoiceFilter(label=_("What came of it"), choices=HintOutcome.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=HintKind.choices)
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="photo__visit__village__station", queryset=stations_seen, to_field_name="code"
    )
    period = PeriodFilter(
        label=_("Period"), method="in_period", widget=forms.TextInput(attrs={"placeholder": "2026-W07", "size": 9})
    )

    class Meta:
        model = PhotoHint
        fields: list[str] = []

    def in_period(self, queryset: Any, name: str, value: periods.Period) -> Any:
        span = value.counted
        return queryset.filter(photo__visit__visited_on__range=(span.start, span.end))
