"""What the page of a visit asks for while it is written: saving as one types, and households to choose from."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patrols.authors import own_visit
from patrols.calls import OFFERED, waiting_longest
from patrols.forms.half_typed import complaints, save_readable
from patrols.forms.visits import VisitForms
from patrols.models import Visit
from patrols.views.sheet import side_by_side
from patrols.visit_panel import doors_hint
from villages.households import label, sees_residents
from villages.models import Household, Village
from villages.resident_forms import HouseholdSearchForm
from xinjin.errors import Conflict


@require_http_methods(["GET", "HEAD", "POST"])
def visit_autosave(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Saves what stands on the page, as far as it can be read; a GET says what is stored, for a page that comes back.

    200 with what could not be saved by field, 409 with both texts, 400 for what no page of ours sends.
    """
    visit = own_visit(request.user, pk)
    if request.method != "POST":
        return _stored(visit)
    forms = VisitForms(visit, data=request.POST)
    forms.is_valid()
    rows_are_counted = all(formset.management_form.is_valid() for formset in forms.formsets)
    if "revision" in forms.visit.errors or not rows_are_counted:
        return JsonResponse({"complaints": {"": [_("This page could not be read. Load it again.")]}}, status=400)
    try:
        visit = save_readable(by=request.user, visit=visit, forms=forms)
    except Conflict as conflict:
        return _conflict(request, pk, conflict)
    return _stored(visit, complaints=complaints(forms))


def _stored(visit: Visit, **more: Any) -> JsonResponse:
    return JsonResponse(
        {
            "revision": visit.revision,
            "is_open": visit.is_open,
            "at": f"{timezone.localtime():%H:%M:%S}",
            "url": visit.get_absolute_url(),
            "same_doors": doors_hint(visit),
            **more,
        }
    )


def _conflict(request: HttpRequest, pk: UUID, conflict: Conflict) -> JsonResponse:
    """Both texts, and the revision that the person has then seen."""
    current = Visit.objects.filter(pk=pk).first()
    answer = {
        "message": conflict.message,
        "rows": side_by_side(conflict),
        "revision": current.revision if current else None,
        "is_open": bool(current and current.is_open),
        "url": current.get_absolute_url() if current else None,
    }
    return JsonResponse(answer, status=409)


@require_safe
def visit_households(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Households for a row of the log, those not called on for longest first: [{"label", "hint"}].

    Of the villages whose residents the author may read in full; the village comes with the page, where it may differ
    from the stored one.
    """
    visit = own_visit(request.user, pk)
    form = HouseholdSearchForm(request.GET)
    code = request.GET.get("village", "").replace("\x00", "")
    village = get_object_or_404(Village, code=code) if code else visit.village
    if not form.is_valid() or not sees_residents(request.user, village):
        return JsonResponse([], safe=False)
    found = waiting_longest(village, form.cleaned_data["q"])[:OFFERED]
    return JsonResponse([{"label": label(row, in_full=True), "hint": _hint(row)} for row in found], safe=False)


def _hint(household: Household) -> str:
    day = household.last_called_on  # type: ignore[attr-defined]
    return _("last called on %(day)s") % {"day": date_format(day, "Y-m-d")} if day else _("not called on yet")
