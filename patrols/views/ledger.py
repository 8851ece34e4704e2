"""The ledger: its list, and its figures by station."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols.ledger.figures import StationFigures, station_figures
from patrols.ledger.tables import stations_table
from patrols.lists import CASES
from patrols.models import Case, Visit
from patrols.views.asked import chosen_period
from xinjin import periods
from xinjin.access import engine
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage
from xinjin.reporting import download_table


class LedgerView(ListPage):
    """The cases that the user may see."""

    definition = CASES
    template_name = "patrols/ledger.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        user = self.request.user
        return {
            "may_add": engine.allows(user, Case, "add"),
            "supervises": engine.allows(user, Visit, "supervise"),
        }


@require_safe
def ledger_stations(request: HttpRequest) -> HttpResponse:
    """A line for each station: what stands today and what the period brought; each figure opens its rows."""
    if not engine.allows(request.user, Visit, "supervise"):
        raise PermissionDenied
    today = timezone.localdate()
    period = chosen_period(request, today)
    lines: list[StationFigures] = station_figures(Case.objects.allowed(request.user), period, today)
    if (file_format := request.GET.get("format")) is not None:
        return download_table(stations_table(lines, period, issued_on=today), file_format)
    context = {
        "period": period,
        "previous": period.previous() if period.start.year > periods.FIRST_YEAR else None,
        "next": period.next() if period.end < today else None,
        "lines": lines,
    }
    return render(request, "patrols/ledger_stations.html", context)
