"""The villages and their network of named people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from villages.filters import VillageFilter
from villages.journal import entries_of, unread_by_village, unread_of
from villages.models import Officer, Village
from villages.panels import panels_for
from villages.people import branch_post, history_of, with_people
from villages.tables import VillageRow, network, present_first, village_row
from villages.views.households import household_list
from xinjin.access.engine import allows, get_allowed
from xinjin.access.views import AllowedRowsMixin

PAGE_SIZE = 50
ENTRIES_SHOWN = 5
PLACES = Village.objects.select_related("township", "station", "merged_into")


class VillageListView(AllowedRowsMixin, ListView):
    """The villages one may see, with who is responsible and where a place is empty (R1)."""

    model = Village
    template_name = "villages/village_list.html"
    paginate_by = PAGE_SIZE

    @cached_property
    def filter(self) -> VillageFilter:
        rows = Village.objects.allowed(self.request.user).select_related("township", "station")
        return VillageFilter(self.request.GET, queryset=with_people(rows, timezone.localdate()), request=self.request)

    def get_queryset(self) -> Any:
        return self.filter.qs.order_by("station__position", "code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        rows = [village_row(village, today) for village in context["page_obj"]]
        return {
            **context,
            "filter": self.filter,
            "rows": rows,
            "people_seen": people_seen(self.request.user, rows),
            "can_edit": may_edit(self.request.user),
            "unread": unread_by_village(self.request.user),
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
    village = get_allowed(request.user, with_people(PLACES, today), code=code)
    row = village_row(village, today)
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
    row = village_row(village, today)
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
