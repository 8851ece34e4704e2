"""The page of gaps (R1, R4)."""

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from villages.gap_wording import about, days, remedy
from villages.gaps import Gap, GapKind, find, visible
from villages.models import GapNorm, HandOverNote, Village
from xinjin.access.engine import allows

PER_PAGE = 50


@require_safe
def gap_list(request: HttpRequest) -> HttpResponse:
    """Every gap that the user may see, by kind, and what to do about each."""
    if not allows(request.user, Village, "watch"):
        raise PermissionDenied
    day = timezone.localdate()
    gaps = visible(request.user, find(day))
    kind = request.GET.get("kind", "")
    shown = [gap for gap in gaps if gap.kind == kind] if kind in GapKind.values else gaps
    counts = Counter(gap.kind for gap in gaps)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "day": day,
        "kinds": [(each, counts[each]) for each in GapKind],
        "kind": kind if kind in GapKind.values else "",
        "total": len(gaps),
        "page_obj": page,
        "rows": [_row(request.user, gap) for gap in page],
        "figures": GapNorm.objects.figures(day),
        "unconfirmed": HandOverNote.objects.allowed(request.user).filter(confirmed_at=None).count(),
    }
    return render(request, "villages/gap_list.html", context)


def _row(user: Any, gap: Gap) -> dict[str, Any]:
    stations = {village.station.name for village in ([gap.village] if gap.village else gap.villages)}
    return {
        "gap": gap,
        "about": about(gap),
        "days": days(gap),
        "stations": sorted(stations),
        "remedy": remedy(user, gap),
    }
