"""Filters of lists, shared by pages and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.choices import AssessmentState
from assessments.models import Assessment
from villages.choices import OfficerKind, UnitKind
from villages.models import Officer, Unit

KINDS = [(kind.value, kind.label) for kind in OfficerKind if kind != OfficerKind.STAFF]


def stations(request: Any) -> QuerySet:
    """All stations; rows out of scope stay out whatever is chosen."""
    return Unit.objects.filter(kind=UnitKind.STATION).order_by("position", "code")


def named(queryset: QuerySet, text: str, path: str = "") -> QuerySet:
    """The rows whose person is called so: part of the name, its pinyin or initials, or the number."""
    return queryset.filter(
        Q(**{f"{path}name__icontains": text})
        | Q(**{f"{path}number__icontains": text})
        | Q(**{f"{path}pinyin__istartswith": text})
        | Q(**{f"{path}initials__istartswith": text})
    )


class AssessmentFilter(django_filters.FilterSet):
    """The people of an assessed month."""

    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=stations, to_field_name="code")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS)
    state = django_filters.ChoiceFilter(label=_("State"), choices=AssessmentState.choices)
    text = django_filters.CharFilter(label=_("Name or number"), method="called", max_length=50)

    class Meta:
        model = Assessment
        fields: list[str] = []

    def called(self, queryset: Any, name: str, value: str) -> Any:
        return named(queryset, value, "officer__")


class PersonFilter(django_filters.FilterSet):
    """The people of a month that is not computed yet."""

    station = django_filters.ModelChoiceFilter(
        label=_("Station"), queryset=stations, to_field_name="code", field_name="station_id", method="at_station"
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS)
    text = django_filters.CharFilter(label=_("Name or number"), method="called", max_length=50)

    class Meta:
        model = Officer
        fields: list[str] = []

    def at_station(self, queryset: Any, name: str, value: Unit) -> Any:
        return queryset.filter(assignments__village__station=value).distinct()

    def called(self, queryset: Any, name: str, value: str) -> Any:
        return named(queryset, value)


class AssessmentListFilter(AssessmentFilter):
    """Assessments of all months."""

    month = django_filters.CharFilter(label=_("Month"), max_length=7)
