"""The villages and their network of named people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from villages.journal import entries_of, unread_of
from villages.lists import VILLAGES
from villages.models import Officer, Village
from villages.names import by_code
from villages.panels import panels_for
from villages.people import branch_post, history_of, with_people
from villages.tables import VillageRow, network, present_first, village_row
from villages.views.households import household_list
from xinjin.access.engine import allows, get_allowed
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage

PAGE_SIZE = 50
ENTRIES_SHOWN = 5
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


def people_seen(user: Any, rows: list[VillageRow]) -> set[int]:
    """The holders of places whose pages the user may open: not everybody may whom a village names."""
    held = [assignment for row in rows for assignment in (row.officer, row.auxiliary) if assignment is not None]
    people = Officer.objects.allowed(user).filter(pk__in=[assignment.officer_id for assignment in held])
    return set(people.values_list("pk", flat=True))


def may_edit(user: Any) -> bool:
    """Whether the user keeps villages in the admin."""
    return user.is_staff and allows(user, Village, "change")


@require_safe
def village_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One village: its network of named people (R3), assignments, households, and what other apps add."""
    today = timezone.localdate()
    if not PLACES.filter(code=code).exists() and (known := by_code(PLACES.allowed(request.user), code)) is not None:
        return redirect("village_detail", known.code)  # who comes by a former code
    village = get_allowed(request.user, with_people(PLACES, today), code=code)
    row = village_row(village)
    contacts = village.contacts.on(today).order_by("kind", "start_on", "pk")  # type: ignore[attr-defined]
    post = branch_post(village, row.officer.officer if row.officer else None, today)
    entries = entries_of(request.user).filter(village=village)
    context = {
        "village": village,
        "today": today,
        "row": row,
        "network": network(row, post, contacts, people_seen(request.user, [row])),
        "entries": entries.order_by("-is_pinned", "-written_at", "-id")[:ENTRIES_SHOWN],
        "unread": set(unread_of(request.user).filter(village=village).values_list("pk", flat=True)),
        "merged": village.merged.order_by("-valid_to", "code"),
        "former_names": row.former,
        "history": history_of(village)[:PAGE_SIZE],
        "panels": panels_for(request, village),
        "can_edit": may_edit(request.user),
        **household_list(request, village),
    }
    return render(request, "villages/village_detail.html", context)


@require_safe
def village_phones(request: HttpRequest, code: str) -> HttpResponse:
    """The phone list of a village, to be printed; and its contacts, present and former, with their days."""
    today = timezone.localdate()
    village = get_allowed(request.user, with_people(PLACES, today), code=code)
    row = village_row(village)
    contacts = list(village.contacts.all())
    in_force = [contact for contact in present_first(contacts, today) if contact.holds_on(today)]
    context = {
        "village": village,
        "today": today,
        "network": network(row, None, in_force, people_seen(request.user, [row])),
        "contacts": present_first(contacts, today),
        "can_edit": may_edit(request.user),
    }
    return render(request, "villages/village_phones.html", context)
