"""The people on the roster: the list, and one page a person."""

from typing import Any

from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from villages.filters import OfficerListFilter
from villages.models import Absence, Assignment, Officer, PartyPost, Village
from villages.panels import officer_panels_for
from xinjin.access.engine import allows, get_allowed
from xinjin.access.views import AllowedRowsMixin
from xinjin.accounts.roles import SUPERVISORS

PAGE_SIZE = 50


class OfficerListView(AllowedRowsMixin, ListView):
    """The people whom the user may see, by unit and name; never by score."""

    model = Officer
    template_name = "villages/officer_list.html"
    context_object_name = "officers"
    paginate_by = PAGE_SIZE

    @cached_property
    def filter(self) -> OfficerListFilter:
        rows = Officer.objects.allowed(self.request.user).select_related("unit")
        return OfficerListFilter(self.request.GET, queryset=rows, request=self.request)

    def get_queryset(self) -> Any:
        held = Assignment.objects.on(timezone.localdate()).select_related("village").order_by("village__code")
        rows = self.filter.qs.prefetch_related(Prefetch("assignments", held, to_attr="present"))
        return rows.order_by("unit__position", "pinyin", "number")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(
            filter=self.filter, can_edit=user.is_staff and allows(user, Officer, "change"), **kwargs
        )


@require_safe
def officer_detail(request: HttpRequest, number: str) -> HttpResponse:
    """A person: places then and now, posts, leave, and what other apps add, each only to those who may see it.

    Whoever sees the person sees which villages he held; into a village leads only who may open it.
    """
    user: Any = request.user
    officer = get_allowed(user, Officer.objects.select_related("unit"), number=number)
    newest_first = (F("end_on").desc(nulls_first=True), "-start_on", "-pk")
    held = list(officer.assignments.select_related("village__station").order_by(*newest_first))
    posts = PartyPost.objects.allowed(user).filter(officer=officer).select_related("village", "township")
    absences = Absence.objects.allowed(user).filter(officer=officer).select_related("stand_in")
    opened = Village.objects.allowed(user).filter(pk__in=[assignment.village_id for assignment in held])
    context = {
        "officer": officer,
        "today": timezone.localdate(),
        "assignments": held,
        "open_villages": set(opened.values_list("pk", flat=True)),
        "posts": posts.order_by(*newest_first) if allows(user, PartyPost, "view") else None,
        "absences": absences.order_by("-start_on", "-pk")[:PAGE_SIZE],
        "sees_absences": _sees_absences(user, officer),
        "panels": officer_panels_for(request, officer),
        "can_edit": user.is_staff and Officer.objects.allowed(user, "change").filter(pk=officer.pk).exists(),
    }
    return render(request, "villages/officer_detail.html", context)


def _sees_absences(user: Any, officer: Officer) -> bool:
    """Whether the empty list means that there is no leave, not that it is none of the user's business."""
    return officer.user_id == user.pk or bool(user.roles & (set(SUPERVISORS)))
