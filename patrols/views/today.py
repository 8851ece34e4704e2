"""The officer's week."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols.authors import person_of
from patrols.models import Visit
from patrols.same_doors import same_doors
from patrols.week import officer_week, panels_for
from xinjin.access import engine


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """His villages with what is owed and done, drafts, reports, and what else waits; for officers only."""
    if not engine.allows(request.user, Visit, "add"):
        raise PermissionDenied
    day = timezone.localdate()
    officer = person_of(request.user)
    context: dict = {"officer": officer, "day": day}
    if officer is not None:
        context["shown"] = shown = officer_week(officer, day)
        context["plan"] = shown.plan
        doors = same_doors([row.village.pk for row in shown.villages], day)
        context["doors"] = [
            (row.village, doors[row.village.pk])
            for row in shown.villages
            if row.village.pk in doors and doors[row.village.pk].is_striking
        ]
        context["panels"] = panels_for(request, officer)
    return render(request, "patrols/today.html", context)
