"""Filters shared by the pages and the API."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from villages.choices import OfficerKind, OfficerState, UnitKind, VillageKind
from villages.gaps import GapKind, village_ids
from villages.models import Assignment, Officer, Township, Unit, Village, VillageContact
from villages.names import called_formerly
from villages.people import with_people

GAPS = {"only": GapKind.PLACE, "soon": GapKind.PLACE_SOON}
GAP_CHOICES = [("only", _("Gaps only")), ("soon", _("Gaps to come"))]
STATES = [("ended", _("Ended or merged")), ("all", _("All"))]


def stations_of(request: Any) -> QuerySet:
    """The stations whose villages the user may see."""
    stations = Unit.objects.filter(kind=UnitKind.STATION).order_by("position", "code")
    if request is None:
        return stations.none()
    return stations.filter(pk__in=Village.objects.allowed(request.user).values("station"))


def search_villages(rows: QuerySet, text: str) -> QuerySet:
    """Villages by name, code, pinyin or initials, now or formerly, or by who is there today: a holder or a contact.

    People are found by name, pinyin or initials, holders also by number.
    """
    text = text.strip()
    lower = text.lower().replace(" ", "")
    people = Officer.objects.filter(
        Q(name__icontains=text) | Q(number__iexact=text) | Q(pinyin__startswith=lower) | Q(initials=lower)
    )
    held = Assignment.objects.on(timezone.localdate()).filter(village=OuterRef("pk"), officer__in=people)
    contacts = VillageContact.objects.on(timezone.localdate()).filter(
        Q(name__icontains=text) | Q(pinyin__startswith=lower) | Q(initials=lower), village=OuterRef("pk")
    )
    return rows.filter(
        Q(name__icontains=text)
        | Q(official_name__icontains=text)
        | Q(code__startswith=text)
        | Q(pinyin__contains=lower)
        | Q(initials__startswith=lower)
        | Exists(held)
        | called_formerly(text)
        | Exists(contacts)
    )


class VillageFilter(django_filters.FilterSet):
    """Villages by station, township, kind, text, gap and life. Without `state` only those that exist today."""

    q = django_filters.CharFilter(label=_("Search"), method="by_text", max_length=50)
    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=stations_of, field_name="station")
    township = django_filters.ModelChoiceFilter(label=_("Township"), queryset=Township.objects.order_by("code"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=VillageKind.choices)
    state = django_filters.ChoiceFilter(
        label=_("Exists"), choices=STATES, method="by_state", empty_label=_("Existing today")
    )
    gaps = django_filters.ChoiceFilter(label=_("Gaps"), choices=GAP_CHOICES, method="by_gap")

    class Meta:
        model = Village
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.existing_on(self.day)  # type: ignore[attr-defined]

    @property
    def day(self) -> date:
        """The day on which the villages exist."""
        return timezone.localdate()

    def by_text(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return search_villages(rows, value)

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(valid_to__lt=timezone.localdate()) if value == "ended" else rows

    def by_gap(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(pk__in=village_ids(timezone.localdate(), GAPS[value]))


class PeopleOfDayFilter(VillageFilter):
    """The same with their people: of today, unless another day is asked for (R1)."""

    on = django_filters.DateFilter(
        label=_("People on"), method="by_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return with_people(super().filter_queryset(queryset), self.day)

    @property
    def day(self) -> date:
        """The day whose people are shown."""
        self.form.is_valid()
        return self.form.cleaned_data.get("on") or super().day

    def by_day(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """Does not narrow by itself: which villages exist and whose people are shown follows from `day`."""
        return rows


class OfficerFilter(django_filters.FilterSet):
    """People on the roster by kind, state, unit and text."""

    q = django_filters.CharFilter(label=_("Search"), method="by_text", max_length=50)
    kind = django_filters.ChoiceFilter(choices=OfficerKind.choices)
    state = django_filters.ChoiceFilter(choices=OfficerState.choices)
    unit = django_filters.CharFilter(field_name="unit__code", max_length=30)

    class Meta:
        model = Officer
        fields: list[str] = []

    def by_text(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        lower = value.lower().replace(" ", "")
        return rows.filter(
            Q(name__icontains=value)
            | Q(number__istartswith=value)
            | Q(pinyin__startswith=lower)
            | Q(initials__startswith=lower)
        )


def units_of(request: Any) -> QuerySet:
    """The units of the people whom the user may see."""
    if request is None:
        return Unit.objects.none()
    people = Officer.objects.allowed(request.user)
    return Unit.objects.filter(pk__in=people.values("unit")).order_by("position", "code")


class OfficerListFilter(OfficerFilter):
    """The same on the page: without `state` those who serve now."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OfficerKind.choices)
    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=units_of, to_field_name="code")
    place = django_filters.ChoiceFilter(
        label=_("Place in a village"), choices=[("yes", _("Holds a place")), ("no", _("Holds none"))], method="by_place"
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*OfficerState.choices[1:], ("all", _("All"))],
        method="by_state",
        empty_label=OfficerState.ACTIVE.label,
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.active()  # type: ignore[attr-defined]

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows if value == "all" else rows.filter(state=value)

    def by_place(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        holds = Exists(Assignment.objects.on(timezone.localdate()).filter(officer=OuterRef("pk")))
        return rows.filter(holds if value == "yes" else ~holds)
