"""The filters of the ledger. What a text finds, and whose names it may ask for: ledger/search.py."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import (
    IN_THE_VILLAGE,
    SOLVED,
    UNRESOLVED,
    CaseCategory,
    CaseKind,
    CaseLevel,
    CaseState,
    Resolver,
)
from patrols.filters.visits import PeriodFilter, stations_seen, villages_seen
from patrols.ledger.history import open_on, overdue_on, reopened_in, resolved_in
from patrols.ledger.metrics import LATE, limits_kept
from patrols.ledger.search import found_by
from patrols.models import Case, FollowUpCall
from villages.models import Officer
from xinjin import periods
from xinjin.lists.filters import FoldedFilterSet
from xinjin.periods import Week

# How long a case has stood unresolved, in days, first and last.
AGE_BANDS: dict[str, tuple[int, int | None]] = {
    "age_7": (0, 7), "age_30": (8, 30), "age_90": (31, 90), "age_more": (91, None),
}  # fmt: skip
AGES = [
    ("age_7", _("Unresolved for up to 7 days")),
    ("age_30", _("Unresolved for 8 to 30 days")),
    ("age_90", _("Unresolved for 31 to 90 days")),
    ("age_more", _("Unresolved for over 90 days")),
]
STATES = [("unresolved", _("Not resolved")), *CaseState.choices]
WHEN = [
    ("overdue", _("Past its day")),
    ("this_week", _("Due this week")),
    ("step_due", _("Past the day of its weekly step")),
    ("answer_due", _("Referral answer due")),
    ("pause_due", _("Pause to be looked at")),
    ("call_due", _("Follow-up call due")),
    ("promise_past", _("Past what was promised")),
    ("reopened", _("Reopened")),
    *AGES,
]
# Nobody's number, so that cases without an owner can be asked for.
NO_OWNER = "none"
RESOLVERS = [("village", _("In the village")), *Resolver.choices]


def period_widget() -> forms.TextInput:
    """Where the key of a period is typed."""
    return forms.TextInput(attrs={"placeholder": "2026-Q1", "size": 8})


def day_widget() -> forms.DateInput:
    """Where a day is picked."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def owners_seen(request: Any) -> QuerySet:
    """Those who have a case that the user may see."""
    owned = Case.objects.allowed(request.user).order_by().values("owner")
    return Officer.objects.filter(pk__in=owned).order_by("pinyin", "number")


class CaseFilter(FoldedFilterSet):
    """A period takes its own days: of opening, of resolution, of a limit … What it brought is told by the moves.

    New filters come last: kept filters are compared as text in this order.
    """

    folded = ("category", "period", "resolved", "resolver", "reopened", "limit", "late", "open_on", "overdue_on")

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CaseKind.choices)
    level = django_filters.ChoiceFilter(label=_("Level"), choices=CaseLevel.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state")
    when = django_filters.ChoiceFilter(label=_("Time limit"), choices=WHEN, method="by_time")
    category = django_filters.ChoiceFilter(label=_("Category"), choices=CaseCategory.choices)
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), field_name="village__station", queryset=stations_seen, to_field_name="code"
    )
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_seen, to_field_name="code")
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"), queryset=owners_seen, to_field_name="number", null_label=_("No owner"), null_value=NO_OWNER
    )
    period = PeriodFilter(label=_("Opened in"), method="opened_in", widget=period_widget())
    resolved = PeriodFilter(label=_("Resolved in"), method="resolved_in", widget=period_widget())
    text = django_filters.CharFilter(label=_("Text"), method="containing", max_length=50)
    resolver = django_filters.ChoiceFilter(label=_("Resolved by"), choices=RESOLVERS, method="resolved_by")
    reopened = PeriodFilter(label=_("Reopened in"), method="reopened_in", widget=period_widget())
    limit = PeriodFilter(label=_("Limit ended in"), method="limit_ended_in", widget=period_widget())
    late = PeriodFilter(label=_("Late in"), method="late_in", widget=period_widget())
    open_on = django_filters.DateFilter(label=_("Not resolved on"), method="standing_on", widget=day_widget())
    overdue_on = django_filters.DateFilter(label=_("Past its day on"), method="late_on", widget=day_widget())

    class Meta:
        model = Case
        fields: list[str] = []

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(state_condition(value))

    def by_time(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(time_condition(value, timezone.localdate()))

    def opened_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        return rows.filter(opened_on__range=(value.start, value.end))

    def resolved_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        how = self.form.cleaned_data.get("resolver")
        return rows.filter(resolved_in(value, solved_by(how) if how else None))

    def resolved_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Of the resolution that holds; with a period, of the one in the period, which that filter asks for."""
        if self.form.cleaned_data.get("resolved"):
            return rows
        return rows.filter(solved_by(value), outcome__in=[str(outcome) for outcome in SOLVED])

    def reopened_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        return rows.filter(reopened_in(value))

    def limit_ended_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        return rows.filter(pk__in=limits_kept(value, as_of=timezone.localdate()).values("case"))

    def late_in(self, rows: QuerySet, name: str, value: periods.Period) -> QuerySet:
        return rows.filter(pk__in=limits_kept(value, as_of=timezone.localdate()).filter(LATE).values("case"))

    def standing_on(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        return rows.filter(open_on(value))

    def late_on(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        return rows.filter(overdue_on(value))

    def containing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(found_by(value.strip(), self.request.user))


def solved_by(resolver: str) -> Q:
    """Resolved by whom: the case says it of what holds, a move of what it was."""
    return Q(resolver__in=[str(each) for each in IN_THE_VILLAGE] if resolver == "village" else [resolver])


def state_condition(value: str) -> Q:
    """The rows that a choice of STATES means."""
    return Q(state__in=[str(state) for state in UNRESOLVED] if value == "unresolved" else [value])


def time_condition(value: str, day: date) -> Q:
    """The rows that a choice of WHEN means; the figures of the roll-up count by it too."""
    week = Week.of(day)
    if value in AGE_BANDS:
        return _age_condition(value, day)
    if value == "call_due":
        return Q(pk__in=FollowUpCall.objects.waiting().filter(due_on__lte=week.end).values("case"))
    return {
        "overdue": Q(due_on__lt=day),
        "this_week": Q(due_on__range=(day, week.end)),
        "step_due": Q(next_step_on__lt=day),
        "answer_due": Q(state=CaseState.REFERRED, waits_until__lte=week.end),
        "pause_due": Q(state=CaseState.PAUSED, waits_until__lte=week.end),
        "promise_past": Q(promised_on__lt=day, state__in=[str(state) for state in UNRESOLVED]),
        "reopened": Q(reopened_count__gt=0),
    }[value]


def _age_condition(value: str, day: date) -> Q:
    youngest, oldest = AGE_BANDS[value]
    opened = Q(opened_on__lte=day - timedelta(days=youngest))
    if oldest is not None:
        opened &= Q(opened_on__gte=day - timedelta(days=oldest))
    return opened & Q(state__in=[str(state) for state in UNRESOLVED])
