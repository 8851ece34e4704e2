"""The supervisors' first page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patrols.charts import coverage_chart
from patrols.models import Visit
from patrols.overview import base_info_tile, council_tiles, gap_tiles, station_lines, tiles, trend_wall, week_tiles
from patrols.views.overdue import overdue_for
from xinjin.access import engine


def _check(request: HttpRequest) -> None:
    if not engine.allows(request.user, Visit, "supervise"):
        raise PermissionDenied


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Figures that open their rows, the trend, and a line for each station."""
    _check(request)
    day = timezone.localdate()
    wall = trend_wall(request.user, day)
    context = {
        "day": day,
        "week": wall.weeks[-1],
        "first_week": wall.weeks[0],
        "last_week": wall.weeks[-2],
        "gap_tiles": gap_tiles(request.user, day),
        "tiles": tiles(request.user, wall, len(overdue_for(request.user, day))),
        "council_tiles": [*week_tiles(wall), base_info_tile(request.user, day), *council_tiles(request.user, day)],
        "lines": station_lines(wall),
    }
    return render(request, "patrols/overview.html", context)


@require_safe
def overview_chart(request: HttpRequest) -> HttpResponse:
    """The trend as an image."""
    _check(request)
    wall = trend_wall(request.user, timezone.localdate())
    return HttpResponse(coverage_chart(wall), content_type="image/svg+xml")
