"""Reports that were to be handed in by now: no rows of their own, so rights are asked of their addressee."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols.models import Visit, WorkReport
from patrols.outstanding import AskedFor, overdue
from villages.models import Officer, Unit
from xinjin.access import engine


def overdue_for(user: Any, day: date) -> list[AskedFor]:
    """The overdue reports that the user may see once they are handed in.

    Who sees every person of the bureau sees them all, others those addressed to their own unit.
    """
    if not engine.allows(user, WorkReport, "view"):
        return []
    found = overdue(day)
    if engine.scope(user, Officer, "view") == Q():
        return found
    units = set(Unit.objects.filter(officers__user=user).values_list("id", flat=True))
    return [item for item in found if item.addressee_id in units]


@require_safe
def report_overdue(request: HttpRequest) -> HttpResponse:
    """The overdue reports with their authors, for supervisors."""
    if not engine.allows(request.user, Visit, "supervise"):
        raise PermissionDenied
    day = timezone.localdate()
    page = Paginator(overdue_for(request.user, day), 50).get_page(request.GET.get("page"))
    officers = Officer.objects.select_related("unit").in_bulk([item.officer_id for item in page])
    units = Unit.objects.in_bulk([item.addressee_id for item in page])
    rows = [
        {
            "officer": officers[item.officer_id],
            "addressee": units[item.addressee_id],
            "item": item,
            "days": (day - item.due_on).days,
        }
        for item in page
    ]
    return render(request, "patrols/report_overdue.html", {"page_obj": page, "rows": rows, "day": day})
