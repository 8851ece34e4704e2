"""The coverage wall and one of its cells."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from patrols.coverage import build
from patrols.duties import WEEKLY
from patrols.filters.reports import CoverageFilter
from patrols.models import Visit, VisitPlan
from patrols.tables import coverage_table
from patrols.views.asked import chosen_period
from patrols.wall import CellState, Row, Wall
from patrols.wall_views import DutyView, PlanView, plans_of
from villages.models import Village
from xinjin import periods
from xinjin.access import engine
from xinjin.access.engine import get_allowed
from xinjin.periods import HalfYear, Month, Period, Quarter, Week, Year
from xinjin.reporting import download_table

LEGEND = tuple(state for state in CellState if state != CellState.ABSENT)
# Weeks beyond which a cell has no room for words.
WIDEST_WITH_WORDS = 14
ZOOMS = (
    (_("Week"), Week),
    (_("Month"), Month),
    (_("Quarter"), Quarter),
    (_("Half-year"), HalfYear),
    (_("Year"), Year),
)


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Villages down, weeks across, limited to the villages that the user may see."""
    if not engine.allows(request.user, Visit, "view"):
        raise PermissionDenied
    today = timezone.localdate()
    period = chosen_period(request, today)
    context: dict[str, Any] = {"period": period, "zooms": _zooms(period, today), "legend": LEGEND, "weekly": WEEKLY}
    if period.start > today:
        return render(request, "patrols/coverage.html", context | {"is_future": True})
    filters = CoverageFilter(request.GET, queryset=Village.objects.allowed(request.user))
    wall = build(filters.qs, period, today=today)
    if filters.form.is_valid() and filters.form.cleaned_data["state"]:
        wall = wall.with_state(filters.form.cleaned_data["state"])
    by_plan = filters.form.is_valid() and filters.form.cleaned_data["show"] == "plan"
    view = PlanView(plans_of(wall), today) if by_plan else DutyView()
    if (file_format := request.GET.get("format")) is not None:
        return download_table(coverage_table(wall, period, view=view, issued_on=today), file_format)
    return render(request, "patrols/coverage.html", context | _shown(wall, view) | {"filter": filters})


def _zooms(period: Period, today: date) -> list[dict[str, Any]]:
    """The other lengths around the same day: its own last day, or today when that lies inside."""
    day = min(period.end, today) if today >= period.start else period.start
    return [{"label": label, "key": kind.of(day).key, "active": isinstance(period, kind)} for label, kind in ZOOMS]


def _shown(wall: Wall, view: DutyView | PlanView) -> dict[str, Any]:
    """The wall as the template walks it: stations with their rows, and the totals of every week."""
    groups = [
        {
            "station": station,
            "rows": [
                (row, [(cell, *view.shown(cell)) for cell in row.cells], view.total(row.cells)) for row in part.rows
            ],
            "tally": view.total(cell for row in part.rows for cell in row.cells),
        }
        for station, part in wall.by_station().items()
    ]
    columns = [[row.cells[at] for row in wall.rows] for at in range(len(wall.weeks))]
    return {
        "wall": wall,
        "groups": groups,
        "with_words": len(wall.weeks) <= WIDEST_WITH_WORDS,
        "with_plans": isinstance(view, PlanView),
        "by_week": [(week, view.total(cells)) for week, cells in zip(wall.weeks, columns, strict=True)],
        "tally": view.total(cell for row in wall.rows for cell in row.cells),
    }


@require_safe
def coverage_cell(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """One village in one week: what was owed, what was done, what is missing, and the visits."""
    village = get_allowed(request.user, Village.objects.select_related("station"), code=code)
    if not engine.allows(request.user, Visit, "view"):
        raise PermissionDenied
    try:
        span = periods.parse_as(Week, week)
    except periods.PeriodError as error:
        raise Http404 from error
    wall = build(Village.objects.filter(pk=village.pk), span, today=timezone.localdate())
    row: Row | None = wall.rows[0] if wall.rows else None
    cell = row.cells[0] if row else None
    visits = Visit.objects.allowed(request.user).counting().during(span).filter(village=village).listed()
    context = {
        "village": village,
        "week": span,
        "row": row,
        "cell": cell,
        "duties": list(zip(WEEKLY, cell.done, strict=True)) if cell and cell.done else [],
        "visits": visits[:100],
        "plans": VisitPlan.objects.allowed(request.user)
        .during(span)
        .filter(village=village)
        .with_visits()
        .select_related("officer")
        .order_by("planned_on", "officer__pinyin", "id")[:100],
    }
    return render(request, "patrols/coverage_cell.html", context)
