"""Log sheets on A4 for the file: one, the chosen ones, or all of a filtered list up to fifty."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols import wording
from patrols.entries import activities_of
from patrols.lists import VISITS
from patrols.models import Attendee, BaseInfoRow, Deed, HouseholdCall, Photo, Visit, VisitTransition
from patrols.views.asked import uuids
from patrols.views.sheet import call_line
from villages.models import Village
from xinjin.access import engine
from xinjin.lists.listing import Listing
from xinjin.lists.views import address

MOST_PRINTED = 50
PARTS = (
    Prefetch("attendees", Attendee.objects.select_related("officer").order_by("officer__pinyin", "id")),
    Prefetch("calls", HouseholdCall.objects.select_related("household").order_by("position", "id")),
    Prefetch("deeds", Deed.objects.order_by("position", "id")),
    Prefetch("base_info", BaseInfoRow.objects.order_by("position", "id")),
    Prefetch("photos", Photo.objects.order_by("uploaded_at", "id")),
    Prefetch("transitions", VisitTransition.objects.exclude(reason="").select_related("by").order_by("at", "id")),
    "activities",
)


def sheets(user: Any, visits: QuerySet) -> list[dict[str, Any]]:
    """Everything in these logs; residents in full only for the village's own people. A constant number of queries."""
    rows = list(visits.prefetch_related(*PARTS))
    places = {visit.village_id for visit in rows}
    own = set(Village.objects.allowed(user, "unmask").filter(pk__in=places).values_list("pk", flat=True))
    return [_sheet(visit, in_full=visit.officer.user_id == user.pk or visit.village_id in own) for visit in rows]


def _sheet(visit: Any, *, in_full: bool) -> dict[str, Any]:
    return {
        "visit": visit,
        "companions": [row.officer for row in visit.attendees.all() if row.officer_id != visit.officer_id],
        "calls": [call_line(call, in_full) for call in visit.calls.all()],
        "deeds": [
            {"row": deed, "beneficiary": wording.beneficiary(deed, in_full=in_full)} for deed in visit.deeds.all()
        ],
        "activities": activities_of(visit),
        "base_info": visit.base_info.all(),
        "photos": visit.photos.all(),
        "remarks": visit.transitions.all(),
        "names_in_full": in_full,
    }


@require_safe
def visit_print(request: HttpRequest) -> HttpResponse:
    """The sheets of the visits named by `pick`, or of the list that the query asks for, in its order."""
    if not engine.allows(request.user, Visit, "view"):
        raise PermissionDenied
    listing = Listing(VISITS, request.user, request.GET, [])
    rows = listing.rows
    if picked := uuids(request.GET.getlist("pick")):
        rows = Visit.objects.allowed(request.user).filter(pk__in=picked).order_by("visited_on", "started_at", "id")
    rows = rows.select_related("village__station", "village__township", "officer__unit")
    count = rows.count()
    context = {
        "sheets": sheets(request.user, rows[:MOST_PRINTED]),
        "count": count,
        "left_out": max(0, count - MOST_PRINTED),
        "most": MOST_PRINTED,
        "printed_at": timezone.localtime(),
        "back": address(VISITS, request.GET.urlencode()),
    }
    return render(request, "patrols/visit_print.html", context)
