"""The ledger: its list, and its figures rolled up."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols import charts
from patrols.filters.case_presets import shortcuts
from patrols.ledger.dimensions import DIMENSIONS
from patrols.ledger.figures import FEW, roll_up
from patrols.ledger.tables import roll_up_table
from patrols.ledger.trend import trend
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
            "shortcuts": shortcuts(user, self.request.GET, timezone.localdate()),
        }


@require_safe
def ledger_stations(request: HttpRequest) -> HttpResponse:
    """What stands today and what the period brought, by station, village, owner, category or level; and a year's trend.

    Each count opens its rows.
    """
    by = DIMENSIONS.get(request.GET.get("by", "station"))
    if not engine.allows(request.user, Visit, "supervise"):
        raise PermissionDenied
    if by is None:
        raise Http404
    today = timezone.localdate()
    period = chosen_period(request, today)
    found = roll_up(request.user, by, period, today)
    if (file_format := request.GET.get("format")) is not None:
        return download_table(roll_up_table(by, found.rows, period, issued_on=today), file_format)
    context = {
        "period": period,
        "today": today,
        "previous": period.previous() if period.start.year > periods.FIRST_YEAR else None,
        "next": period.next() if period.end < today else None,
        "by": by,
        "dimensions": DIMENSIONS.values(),
        "lines": found.rows,
        "total": found.total,
        "few": FEW,
        "trend": trend(Case.objects.allowed(request.user), today) if found.lines else [],
    }
    return render(request, "patrols/ledger_stations.html", context)


@require_safe
def ledger_trend(request: HttpRequest) -> HttpResponse:
    """The year's trend as a picture."""
    if not engine.allows(request.user, Visit, "supervise"):
        raise PermissionDenied
    months = trend(Case.objects.allowed(request.user), timezone.localdate())
    return HttpResponse(charts.ledger_trend(months), content_type="image/svg+xml")
