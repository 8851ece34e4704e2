"""The households that have waited longest for a call; for the people of their villages (R10)."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from patrols.calls import WAITING_DAYS, waiting
from villages.choices import HouseholdTag
from villages.households import matching
from villages.models import Household, Village
from xinjin.access.engine import allows

PAGE_SIZE = 50


def own_villages(request: Any) -> QuerySet:
    """The villages whose households are the user's to call on."""
    return Village.objects.allowed(request.user, "call").order_by("code") if request else Village.objects.none()


class WaitingFilter(django_filters.FilterSet):
    """Households of one's own villages that nobody called on for so many days, by village, tag and text."""

    days = django_filters.ChoiceFilter(
        label=_("Not called on for (days)"),
        choices=[(str(days), str(days)) for days in (30, 60, 180, 365)],
        empty_label=str(WAITING_DAYS),
        method="keep",
    )
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=own_villages, to_field_name="code")
    tag = django_filters.ChoiceFilter(label=_("Tag"), choices=HouseholdTag.choices, method="by_tag")
    q = django_filters.CharFilter(label=_("Address, name, pinyin or initials"), method="by_text", max_length=50)

    class Meta:
        model = Household
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        return waiting(rows, timezone.localdate(), int(self.form.cleaned_data.get("days") or WAITING_DAYS))

    def keep(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows  # filter_queryset has the number

    def by_tag(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(tags__contains=[value])

    def by_text(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return matching(rows, value, by_name=True)


class WaitingListView(ListView):
    """Those never called on first, then the longest wait."""

    template_name = "patrols/waiting_list.html"
    context_object_name = "households"
    paginate_by = PAGE_SIZE

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not allows(request.user, Village, "call"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def filter(self) -> WaitingFilter:
        rows = Household.objects.filter(village__in=own_villages(self.request)).select_related("village")
        return WaitingFilter(self.request.GET, queryset=rows, request=self.request)

    def get_queryset(self) -> QuerySet:
        return self.filter.qs if self.filter.form.is_valid() else self.filter.qs.none()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter=self.filter, **kwargs)
        today = timezone.localdate()
        for household in context["households"]:
            last = household.last_called_on
            household.waited = (today - last).days if last else None
        return {**context, "is_filtered": any(self.request.GET.get(name) for name in self.filter.filters)}
