"""Planning visits on the officer's page, and the list of what is planned for those who work with him."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from patrols.authors import own_officer
from patrols.lists import PLANS
from patrols.models import VisitPlan
from patrols.plans import drop_plan, plan_visit, plannable
from patrols.week_plan import week_plan
from villages.models import Assignment, Officer
from xinjin.access.engine import get_allowed
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage
from xinjin.periods import Week


class PlanListView(ListPage):
    """Who plans to be where, this week and the next; for the people of a village and those who lead them."""

    definition = PLANS
    template_name = "patrols/plan_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        week = Week.of(timezone.localdate())
        return {"weeks": [(week, _("This week")), (week.next(), _("Next week"))]}


@require_POST
def plan_new(request: HttpRequest) -> HttpResponse:
    """Plans a visit: `pick` is "village code:day"."""
    officer = own_officer(request.user)
    code, _colon, day = request.POST.get("pick", "").partition(":")
    span = plannable(timezone.localdate())
    held = Assignment.objects.during(span).filter(officer=officer, village__code=code).select_related("village")
    row = held.first() if code.isdigit() else None
    if row is None:
        raise Http404
    try:
        plan_visit(by=request.user, officer=officer, village=row.village, planned_on=_day(day))
    except ValidationError as error:
        return _week(request, officer, error)
    return _week(request, officer)


@require_POST
def plan_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drops one's own plan (`drop`), or writes its note."""
    officer = own_officer(request.user)
    plan = get_allowed(request.user, VisitPlan.objects.select_related("village", "officer"), "change", pk=pk)
    try:
        if "drop" in request.POST:
            drop_plan(by=request.user, plan=plan)
        else:
            note = request.POST.get("note", "")
            plan_visit(by=request.user, officer=officer, village=plan.village, planned_on=plan.planned_on, note=note)
    except ValidationError as error:
        return _week(request, officer, error)
    return _week(request, officer)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _week(request: Any, officer: Officer, error: ValidationError | None = None) -> HttpResponse:
    """The plan anew for htmx; for a browser without a script the page."""
    if not request.htmx:
        for message in error.messages if error else ():
            messages.error(request, message)
        return redirect(f"{reverse('today')}#week-plan")
    today = timezone.localdate()
    context = {"plan": week_plan(officer, today), "day": today, "plan_errors": error.messages if error else []}
    return render(request, "patrols/_today_plan.html", context)
