"""The households of a village: the list, the search of the visit form, the form, and unmasking with a reason."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from villages.households import (
    FOUND_AT_ONCE,
    households_of,
    label,
    last_calls,
    reveal_households,
    search_households,
    sees_residents,
)
from villages.models import Household, Village
from villages.resident_forms import HouseholdForm, HouseholdSearchForm, UnmaskForm
from villages.roster import save_household
from xinjin.access.engine import allows, get_allowed
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.idempotency.pages import once_a_page

PER_PAGE = 20


def _village(request: HttpRequest, code: str, action: str = "view") -> Village:
    return get_allowed(request.user, Village.objects.select_related("station"), action, code=code)


def household_list(request: HttpRequest, village: Village) -> dict[str, Any]:
    """A page of the village's households, as the user may see them, with the day of the last call."""
    in_full = sees_residents(request.user, village)
    form = HouseholdSearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    page = _page(village, text, request.GET.get("page"), by_name=in_full)
    return {
        "households": page,
        "last_calls": last_calls([household.pk for household in page]),
        "search": form,
        "in_full": in_full,
        "may_reveal": not in_full and allows(request.user, Household, "reveal"),
    }


def _page(village: Village, text: str, number: Any, *, by_name: bool) -> Page:
    return Paginator(search_households(village, text, by_name=by_name), PER_PAGE).get_page(number)


@require_POST
def household_reveal(request: HttpRequest, code: str) -> HttpResponse:
    """One household, or the page of the list from which the user comes, in full in this one answer.

    Never by GET and never kept; who looked at whom and why stands in the trail. Without a reason nothing is shown.
    """
    user: Any = request.user
    village = _village(request, code)
    if not allows(user, Household, "reveal"):
        raise PermissionDenied
    form = UnmaskForm(request.POST)
    form.full_clean()
    rows = Household.objects.allowed(request.user, "reveal").filter(village=village)
    if (key := form.cleaned_data.get("household")) is not None:
        chosen = [get_object_or_404(rows, pk=key)]
    else:
        text, number = form.cleaned_data.get("q", ""), form.cleaned_data.get("page")
        page = _page(village, text, number, by_name=False)
        chosen = list(rows.filter(pk__in=[household.pk for household in page]).order_by("address", "pk"))
    shown = form.is_valid()
    if shown:
        reveal_households(by=user, households=chosen, reason=form.cleaned_data["reason"])
    context = {"village": village, "form": form, "households": chosen, "shown": shown}
    return render(request, "villages/households_revealed.html", context)


@require_safe
def household_search(request: HttpRequest, code: str) -> JsonResponse:
    """Up to 20 households for the visit form: [{"id", "label"}]."""
    village = _village(request, code)
    form = HouseholdSearchForm(request.GET)
    if not form.is_valid():
        return JsonResponse([], safe=False)
    in_full = sees_residents(request.user, village)
    found = search_households(village, form.cleaned_data["q"], by_name=in_full)[:FOUND_AT_ONCE]
    return JsonResponse([{"id": row.pk, "label": label(row, in_full=in_full)} for row in found], safe=False)


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def household_edit(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """Adds or changes a household; for the village's own people."""
    village = _village(request, code, "unmask")
    if pk is None:
        household = Household(village=village)
    else:
        household = get_allowed(request.user, households_of(village), "change", pk=pk)
    form = HouseholdForm(request.POST or None, instance=household)
    if request.method == "POST" and form.is_valid() and _saved(form, request.user):
        return redirect(f"{reverse('village_detail', args=[code])}#households")
    return render(request, "villages/household_edit.html", {"form": form, "village": village, "household": household})


def _saved(form: HouseholdForm, user: Any) -> bool:
    try:
        save_household(form.instance, by=user)
    except ValidationError as error:
        add_errors(form, error)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
    return not form.errors
