"""The villages, their people and their households."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from villages.forms import HouseholdForm, HouseholdSearchForm
from villages.households import FOUND_AT_ONCE, households_of, label, search_households, sees_residents
from villages.lists import VILLAGES
from villages.models import Household, Village
from villages.names import by_code
from villages.panels import panels_for
from villages.people import branch_post, history_of, with_people
from villages.roster import save_household
from villages.tables import contacts_by_kind, village_row
from xinjin.access.engine import allows, get_allowed
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage

PAGE_SIZE = 50
HOUSEHOLDS_PER_PAGE = 20
PLACES = Village.objects.select_related("township", "station", "merged_into")


class VillageListView(ListPage):
    """The villages one may see, with who is responsible and where a place is empty (R1)."""

    definition = VILLAGES
    template_name = "villages/village_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        day = listing.filter.day
        return {
            "day": day,
            "is_past": day != timezone.localdate(),
            "can_edit": may_edit(self.request.user),
            "may_watch": allows(self.request.user, Village, "watch"),
        }


def may_edit(user: Any) -> bool:
    """Whether the user keeps villages in the admin."""
    return user.is_staff and allows(user, Village, "change")


def _village(request: HttpRequest, code: str, action: str = "view") -> Village:
    return get_allowed(request.user, PLACES, action, code=code)


@require_safe
def village_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One village: its network of named people (R3), assignments, households, and what other apps add."""
    today = timezone.localdate()
    if not PLACES.filter(code=code).exists() and (known := by_code(PLACES.allowed(request.user), code)) is not None:
        return redirect("village_detail", known.code)  # who comes by a former code
    village = get_allowed(request.user, with_people(PLACES, today), code=code)
    row = village_row(village)
    contacts = village.contacts.on(today).order_by("kind", "start_on", "pk")
    context = {
        "village": village,
        "today": today,
        "row": row,
        "post": branch_post(village, row.officer.officer if row.officer else None, today),
        "contacts": contacts_by_kind(contacts),
        "merged": village.merged.order_by("-valid_to", "code"),
        "former_names": row.former,
        "history": history_of(village)[:PAGE_SIZE],
        "panels": panels_for(request, village),
        "can_edit": may_edit(request.user),
        **_households(request, village),
    }
    return render(request, "villages/village_detail.html", context)


def _households(request: HttpRequest, village: Village) -> dict[str, Any]:
    in_full = sees_residents(request.user, village)
    form = HouseholdSearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = search_households(village, text, by_name=in_full)
    page = Paginator(rows, HOUSEHOLDS_PER_PAGE).get_page(request.GET.get("page"))
    return {"households": page, "search": form, "in_full": in_full}


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
