"""Filters of the lists of this half of the app."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patrols.choices import ReportKind, ReportState
from patrols.models import WorkReport
from patrols.wall import CellState
from villages.choices import UnitKind
from villages.models import Unit, Village
from xinjin import periods


class ReportFilter(django_filters.FilterSet):
    """Work reports by kind, period, state, addressee, person and lateness."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ReportKind.choices)
    period = django_filters.CharFilter(label=_("Period"), method="in_period")
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices)
    addressee = django_filters.ModelChoiceFilter(
        label=_("Addressee"), queryset=Unit.objects.order_by("position", "code")
    )
    officer = django_filters.CharFilter(label=_("Officer"), method="of_officer", max_length=50)
    late = django_filters.ChoiceFilter(
        label=_("In time"),
        choices=[("no", _("in time")), ("yes", _("late"))],
        method="by_lateness",
    )

    class Meta:
        model = WorkReport
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        addressees = self.queryset.order_by().values("addressee")
        self.form.fields["addressee"].queryset = Unit.objects.filter(pk__in=addressees).order_by("position", "code")

    def in_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Reports whose period ends within the one named: a quarter holds its weeks and months."""
        try:
            span = periods.parse(value.strip())
        except periods.PeriodError:
            return queryset.none()
        return queryset.filter(Q(period=span.key) | Q(period_end_on__range=(span.start, span.end)))

    def by_lateness(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Handed in by their day, or after it."""
        return queryset.filter(submitted_at__isnull=False, is_late=value == "yes")

    def of_officer(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By number, or by part of the name or its pinyin."""
        return queryset.filter(
            Q(officer__number=value) | Q(officer__name__icontains=value) | Q(officer__pinyin__icontains=value)
        )


class CoverageFilter(django_filters.FilterSet):
    """Villages on the wall by station; `state` is applied to the cells afterwards."""

    period = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    station = django_filters.ModelChoiceFilter(
        label=_("Station"),
        queryset=Unit.objects.filter(kind=UnitKind.STATION).order_by("position", "code"),
        to_field_name="code",
    )
    state = django_filters.ChoiceFilter(
        label=_("With a week that is"),
        choices=[
            (state.value, state.label) for state in CellState if state not in (CellState.FUTURE, CellState.ABSENT)
        ],
        method="keep",
    )
    show = django_filters.ChoiceFilter(
        label=_("Show"), choices=[("plan", _("Plan and visits"))], empty_label=_("Duties done"), method="keep"
    )

    class Meta:
        model = Village
        fields: list[str] = []

    def keep(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Not a matter of rows."""
        return queryset
