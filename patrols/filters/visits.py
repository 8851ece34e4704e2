"""Filters of lists, shared by pages and API."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patrols.choices import VisitState
from patrols.models import Activity, Deed, HouseholdCall, Visit, VisitPlan
from villages.choices import OfficerKind
from villages.models import Officer, Unit, Village
from xinjin import periods

STANDARD = [("met", _("Meets the standard")), ("below", _("Below standard"))]
LATE = [("no", _("in time")), ("yes", _("Entered late"))]


class PeriodField(forms.CharField):
    """The key of a period."""

    def clean(self, value: Any) -> periods.Period | None:
        text = super().clean(value)
        try:
            return periods.parse(text) if text else None
        except periods.PeriodError as error:
            raise ValidationError(_("Write a period as 2026-W07, 2026-03, 2026-Q1 or 2026.")) from error


class PeriodFilter(django_filters.Filter):
    field_class = PeriodField


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def villages_seen(request: Any) -> QuerySet:
    """The villages that the user may see."""
    return Village.objects.allowed(request.user, "view").order_by("code")


def stations_seen(request: Any) -> QuerySet:
    """The stations of those villages."""
    return Unit.objects.filter(pk__in=villages_seen(request).values("station")).order_by("position", "code")


def authors_seen(request: Any) -> QuerySet:
    """The people on the roster that the user may see and who may write logs."""
    people = Officer.objects.allowed(request.user, "view").exclude(kind=OfficerKind.STAFF)
    return people.order_by("pinyin", "number")


class VisitFilter(django_filters.FilterSet):
    """A period takes whole weeks, as the score does, so that its rows are the ones that were counted."""

    text = django_filters.CharFilter(label=_("Text"), method="containing", max_length=50)
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_seen, to_field_name="code")
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="village__station", queryset=stations_seen, to_field_name="code"
    )
    officer = django_filters.ModelChoiceFilter(label=_("Officer"), queryset=authors_seen, to_field_name="number")
    since = django_filters.DateFilter(label=_("From"), field_name="visited_on", lookup_expr="gte", widget=_day())
    until = django_filters.DateFilter(label=_("Until"), field_name="visited_on", lookup_expr="lte", widget=_day())
    period = PeriodFilter(
        label=_("Period"), method="in_period", widget=forms.TextInput(attrs={"placeholder": "2026-W07", "size": 9})
    )
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=STANDARD, method="by_standard")
    state = django_filters.ChoiceFilter(label=_("State"), choices=VisitState.choices)
    late = django_filters.ChoiceFilter(label=_("Entered"), choices=LATE, method="by_lateness")

    class Meta:
        model = Visit
        fields: list[str] = []

    def in_period(self, queryset: Any, name: str, value: periods.Period) -> Any:
        return queryset.during(value.counted)

    def by_standard(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.exclude(state=VisitState.DRAFT).filter(is_up_to_standard=value == "met")

    def by_lateness(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(submitted_at__isnull=False, is_late=value == "yes")

    def containing(self, queryset: Any, name: str, value: str) -> Any:
        """The words of the log and of its parts. Each part is looked up by its own index, not visit by visit."""

        def part(model: Any, *fields: str) -> Q:
            found = Q()
            for field in fields:
                found |= Q(**{f"{field}__icontains": value})
            return Q(pk__in=model.objects.filter(found).values("visit"))

        return queryset.filter(
            Q(summary__icontains=value)
            | Q(village__name__icontains=value)
            | Q(officer__name__icontains=value)
            | part(HouseholdCall, "raised")
            | part(Deed, "matter", "result")
            | part(Activity, "note")
        )


class PlanFilter(django_filters.FilterSet):
    """Planned visits; the week by its key, or a longer period."""

    period = PeriodFilter(
        label=_("Period"), method="in_period", widget=forms.TextInput(attrs={"placeholder": "2026-W07", "size": 9})
    )
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_seen, to_field_name="code")
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="village__station", queryset=stations_seen, to_field_name="code"
    )
    officer = django_filters.ModelChoiceFilter(label=_("Officer"), queryset=authors_seen, to_field_name="number")

    class Meta:
        model = VisitPlan
        fields: list[str] = []

    def in_period(self, queryset: Any, name: str, value: periods.Period) -> Any:
        span = value.counted
        return queryset.filter(planned_on__range=(span.start, span.end))
