"""The filters of base-info changes; the figures count by the same conditions, so each opens to its rows."""

from datetime import date

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import BaseInfoState, BaseInfoSubject, CheckOutcome
from patrols.filters.cases import period_widget
from patrols.filters.visits import PeriodFilter, stations_seen, villages_seen
from patrols.models import BaseInfoChange
from xinjin import periods

TIMELY = [("owed", _("Due, or forwarded")), ("kept", _("Forwarded in time")), ("late", _("Not in time"))]
CHECKS = [("judged", _("Checked")), *CheckOutcome.choices, ("none", _("Not drawn"))]
TRANSFERRED = [("no", _("Not handed over yet")), ("yes", _("Handed over in a file"))]


def timely_condition(value: str, day: date) -> Q:
    """The changes that a choice of TIMELY means on `day`; what was found not to be so by its day is nobody's."""
    dismissed = Q(state=BaseInfoState.UNFOUNDED, checked_on__lte=F("due_on"))
    owed = ~dismissed & (Q(due_on__lt=day) | Q(forwarded_on__isnull=False))
    kept = Q(forwarded_on__lte=F("due_on"))
    return {"owed": owed, "kept": owed & kept, "late": owed & (Q(forwarded_on=None) | ~kept)}[value]


def check_condition(value: str) -> Q:
    """The changes that a choice of CHECKS means."""
    if value == "none":
        return Q(spot_check=None)
    if value == "judged":
        return Q(spot_check__outcome__in=(CheckOutcome.ACCURATE, CheckOutcome.WRONG))
    return Q(spot_check__outcome=value)


class BaseInfoFilter(django_filters.FilterSet):
    """Base-info changes by state, subject, village, station, days, and what checks found."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[*BaseInfoState.choices, ("late", _("Past its day"))], method="by_state"
    )
    subject = django_filters.ChoiceFilter(label=_("Subject"), choices=BaseInfoSubject.choices)
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="village__station", queryset=stations_seen, to_field_name="code"
    )
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_seen, to_field_name="code")
    period = PeriodFilter(label=_("Found in"), method="found_in", widget=period_widget())
    due = PeriodFilter(label=_("Due in"), method="due_in", widget=period_widget())
    timely = django_filters.ChoiceFilter(label=_("Timeliness"), choices=TIMELY, method="by_time")
    check = django_filters.ChoiceFilter(label=_("Spot check"), choices=CHECKS, method="by_check")
    transferred = django_filters.ChoiceFilter(label=_("Master database"), choices=TRANSFERRED, method="by_transfer")
    change = django_filters.UUIDFilter(field_name="pk", widget=forms.HiddenInput)

    class Meta:
        model = BaseInfoChange
        fields: list[str] = []

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.late(timezone.localdate()) if value == "late" else rows.filter(state=value)  # type: ignore[attr-defined]

    def found_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        return rows.filter(found_on__range=(value.start, value.end))

    def due_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        return rows.filter(due_on__range=(value.start, value.end))

    def by_time(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(timely_condition(value, timezone.localdate()))

    def by_check(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(check_condition(value))

    def by_transfer(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(state=BaseInfoState.FORWARDED, transfer__isnull=value == "no")
