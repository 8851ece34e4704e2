"""The ledger: its rows with filters and downloads, and its figures by station."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from patrols.case_figures import StationFigures, station_figures
from patrols.case_filters import CaseFilter
from patrols.case_tables import ledger_table, stations_table
from patrols.case_wording import LEVEL_TONES, due_words
from patrols.models import Case, Visit
from xinjin import periods
from xinjin.access import engine
from xinjin.access.views import AllowedRowsMixin
from xinjin.periods import Period, Quarter
from xinjin.reporting import download_response
from xinjin.reporting import render as render_report

FORMATS = ("xlsx", "csv")
PAGE_SIZE = 50


def case_row(case: Case, day: date) -> dict[str, Any]:
    """A case as a list shows it."""
    words, tone = due_words(case, day)
    level_tone, shape = LEVEL_TONES[case.level]  # type: ignore[index]
    return {"case": case, "level_tone": level_tone, "shape": shape, "due_words": words, "due_tone": tone}


class LedgerView(AllowedRowsMixin, ListView):
    """The cases that the user may see. With ?format= the same rows as a file."""

    model = Case
    template_name = "patrols/ledger.html"
    paginate_by = PAGE_SIZE
    http_method_names = ["get", "head"]

    def get_queryset(self) -> Any:
        self.filter = CaseFilter(self.request.GET, queryset=super().get_queryset(), request=self.request)
        rows = self.filter.qs.listed()
        if self.request.GET.get("when") in ("overdue", "this_week"):  # what is most pressing first
            rows = rows.order_by("due_on", "id")
        return rows

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        file_format = request.GET.get("format")
        if file_format is None:
            return super().get(request, *args, **kwargs)
        if file_format not in FORMATS:
            raise Http404
        table = ledger_table(self.get_queryset(), issued_on=timezone.localdate())
        return download_response(render_report(table, file_format))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        day = timezone.localdate()
        return context | {
            "filter": self.filter,
            "rows": [case_row(case, day) for case in context["page_obj"]],
            "is_filtered": any(self.request.GET.get(name) for name in self.filter.filters),
            "may_add": engine.allows(self.request.user, Case, "add"),
            "supervises": engine.allows(self.request.user, Visit, "supervise"),
        }


@require_safe
def ledger_stations(request: HttpRequest) -> HttpResponse:
    """A line for each station: what stands today and what the period brought; each figure opens its rows."""
    if not engine.allows(request.user, Visit, "supervise"):
        raise PermissionDenied
    today = timezone.localdate()
    period = _period(request.GET.get("period"), today)
    lines: list[StationFigures] = station_figures(Case.objects.allowed(request.user), period, today)
    if (file_format := request.GET.get("format")) is not None:
        if file_format not in FORMATS:
            raise Http404
        return download_response(render_report(stations_table(lines, period, issued_on=today), file_format))
    context = {
        "period": period,
        "previous": period.previous() if period.start.year > periods.FIRST_YEAR else None,
        "next": period.next() if period.end < today else None,
        "lines": lines,
    }
    return render(request, "patrols/ledger_stations.html", context)


def _period(key: str | None, today: date) -> Period:
    try:
        return periods.parse(key) if key else Quarter.of(today)
    except periods.PeriodError as error:
        raise Http404 from error
