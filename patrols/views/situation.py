"""The month's situation analysis of a village, a station or the bureau: page, charts, files, incidents (R12)."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols.filters.councils import IncidentFilter
from patrols.models import CouncilMeeting, IncidentCount
from patrols.situation import wording
from patrols.situation.charts import CHARTS
from patrols.situation.figures import Situation, situation
from patrols.situation.report import situation_report
from patrols.situation.tables import own_tables, place_tables
from patrols.situation.tiles import council_tiles, situation_tiles
from patrols.views.asked import chosen_month, chosen_scope, month_of, places_of
from xinjin import periods
from xinjin.access import engine
from xinjin.reporting import DOWNLOAD_FORMATS, download_response
from xinjin.reporting import render as render_report
from xinjin.reporting.html import html_table

PAGE_SIZE = 50


def _found(request: HttpRequest) -> Situation:
    if not engine.allows(request.user, CouncilMeeting, "view"):
        raise PermissionDenied
    return situation(chosen_scope(request), chosen_month(request), timezone.localdate())


@require_safe
def situation_page(request: HttpRequest) -> HttpResponse:
    """The analysis; with ?format= the document."""
    found = _found(request)
    if (file_format := request.GET.get("format")) is not None:
        if file_format not in DOWNLOAD_FORMATS:
            raise Http404
        return download_response(render_report(situation_report(found), file_format))
    month, today = found.month, timezone.localdate()
    context: dict[str, Any] = {
        "found": found,
        "month": month,
        "month_words": wording.month_words(month),
        "previous": month.previous() if month.start.year > periods.FIRST_YEAR else None,
        "next": month.next() if month.end < today else None,
        "places": places_of(request.user),
        "chosen": urlencode(found.scope.query),
        "query": urlencode({"month": month.key, **found.scope.query}),
        "tiles": situation_tiles(found),
        "council_tiles": council_tiles(found),
        "sentences": [*wording.sentences(found.figures, month), wording.councils_sentence(found.figures)],
        "own_tables": [html_table(table) for table in own_tables(found)],
        "tables": [html_table(table) for table in place_tables(found)],
        "notes": wording.notes(found),
        "formats": DOWNLOAD_FORMATS,
    }
    return render(request, "patrols/situation.html", context)


@require_safe
def situation_chart(request: HttpRequest, chart: str) -> HttpResponse:
    """One of its charts."""
    if chart not in CHARTS:
        raise Http404
    found = _found(request)
    return HttpResponse(CHARTS[chart](found.figures, found.month), content_type="image/svg+xml")


@require_safe
def situation_incidents(request: HttpRequest, key: str) -> HttpResponse:
    """The counts behind a figure of incidents, week by week, and their sum."""
    if not engine.allows(request.user, IncidentCount, "view"):
        raise PermissionDenied
    month = month_of(key)
    rows = IncidentCount.objects.allowed(request.user).during(month)
    filtered = IncidentFilter(request.GET, queryset=rows, request=request)
    counts = filtered.qs.filter(count__gt=0).select_related("village__station")
    page = Paginator(counts.order_by("starts_on", "village__code", "category", "pk"), PAGE_SIZE)
    context = {
        "month": month,
        "month_words": wording.month_words(month),
        "filter": filtered,
        "page_obj": page.get_page(request.GET.get("page")),
        "total": counts.order_by().aggregate(total=Sum("count"))["total"] or 0,
        "is_known": rows.exists(),
    }
    return render(request, "patrols/situation_incidents.html", context)
