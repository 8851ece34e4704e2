"""Incident figures: a week by station or village, their course over half a year, and the counts behind each figure."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols.briefings.figures import same_week_of_year_before
from patrols.charts import incident_trend
from patrols.filters.visits import stations_seen
from patrols.incident_figures import existing, incident_table, lines, trend
from patrols.lists import INCIDENTS
from patrols.models import IncidentCount
from villages.models import Unit, Village
from xinjin import periods
from xinjin.access import engine
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage
from xinjin.periods import Week
from xinjin.reporting import download_table


def _asked(request: HttpRequest) -> tuple[QuerySet[Village], Unit | None, list[Unit]]:
    """The villages whose figures are asked for, the station that limits them, and all that could."""
    if not engine.allows(request.user, IncidentCount, "view"):
        raise PermissionDenied
    stations = list(stations_seen(request))
    code = request.GET.get("station", "")
    station = next((each for each in stations if each.code == code), None)
    if code and station is None:
        raise Http404
    villages = Village.objects.allowed(request.user, "view")
    return (villages.filter(station=station) if station else villages), station, stations


def _week(request: HttpRequest, today: date) -> Week:
    """The week asked for, by default the last one that is over."""
    key = request.GET.get("week")
    if not key:
        return Week.of(today).previous()
    try:
        return periods.parse_as(Week, key)
    except periods.PeriodError as error:
        raise Http404 from error


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """Places down, categories across; each figure opens the counts that it is made of."""
    today = timezone.localdate()
    villages, station, stations = _asked(request)
    week = _week(request, today)
    by_village = station is not None or len(stations) == 1 or request.GET.get("by") == "village"
    rows, whole = lines(existing(villages, week), week, by_village=by_village)
    if (file_format := request.GET.get("format")) is not None:
        table = incident_table(rows, whole, week, by_village=by_village, issued_on=today)
        return download_table(table, file_format)
    now, _year_before = trend(villages, week)
    context: dict[str, Any] = {
        "partial": [each.week.key for each in now if each.is_partial],
        "week": week,
        "last": Week.of(today).previous(),
        "following": week.next() if week.next().end < today else None,
        "year_before": same_week_of_year_before(week),
        "station": station,
        "stations": stations,
        "by_village": by_village,
        "lines": rows,
        "whole": whole,
        "query": f"station={station.code}" if station else "",
        "may_import": engine.allows(request.user, IncidentCount, "add"),
    }
    return render(request, "patrols/incidents.html", context)


@require_safe
def incident_chart(request: HttpRequest) -> HttpResponse:
    """The course of half a year beside the year before."""
    villages, _station, _stations = _asked(request)
    now, year_before = trend(villages, _week(request, timezone.localdate()))
    return HttpResponse(incident_trend(now, year_before), content_type="image/svg+xml")


class IncidentRows(ListPage):
    """The counts behind a figure, and their sum."""

    definition = INCIDENTS
    template_name = "patrols/incident_rows.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        return {"sum": listing.rows.order_by().aggregate(n=Sum("count"))["n"]}
