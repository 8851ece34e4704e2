"""What follows on forwarded base-info changes: figures, spot checks, and the files for the police master database."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patrols.base_info_checks import draw_checks, judge_check
from patrols.base_info_transfer import hand_over_changes, waiting_changes
from patrols.choices import CheckOutcome
from patrols.forms.base_info import DrawForm, JudgeCheckForm
from patrols.ledger.base_info_figures import figures, total
from patrols.ledger.tables import base_info_table
from patrols.models import BaseInfoChange, BaseInfoCheck, BaseInfoTransfer
from patrols.views.asked import chosen_period
from patrols.views.base_info import noted
from villages.models import Unit
from xinjin import periods
from xinjin.access import engine
from xinjin.forms import add_errors
from xinjin.idempotency.pages import once_a_page
from xinjin.periods import Month
from xinjin.reporting import download_response
from xinjin.reporting import render as render_file

PAGE_SIZE = 50


@require_safe
def base_info_figures(request: HttpRequest) -> HttpResponse:
    """How timely changes were forwarded and how accurate they were: by station, and by village of one station."""
    if not engine.allows(request.user, BaseInfoChange, "view"):
        raise PermissionDenied
    today = timezone.localdate()
    period = chosen_period(request, today)
    rows = BaseInfoChange.objects.allowed(request.user)
    stations = list(Unit.objects.filter(pk__in=rows.order_by().values("village__station")).order_by("position", "code"))
    code = request.GET.get("station", "")
    station = get_object_or_404(Unit, pk__in=[each.pk for each in stations], code=code) if code else None
    if station is None and len(stations) == 1:
        station = stations[0]
    if station is not None:
        rows = rows.filter(village__station=station)
    lines = figures(rows, period, today, by_village=station is not None)
    context = {
        "period": period,
        "previous": period.previous() if period.start.year > periods.FIRST_YEAR else None,
        "next": period.next() if period.end < today else None,
        "station": station,
        "has_many": len(stations) > 1,
        "lines": lines,
        "total": total(lines),
        "place": "village" if station is not None else "station",
    }
    return render(request, "patrols/base_info_figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def base_info_checks(request: HttpRequest) -> HttpResponse:
    """The spot checks: those that wait first. A POST draws more by lot."""
    if not engine.allows(request.user, BaseInfoCheck, "view"):
        raise PermissionDenied
    form = _draw_form(request.POST or None)
    may_draw = engine.allows(request.user, BaseInfoCheck, "add")
    if request.method == "POST":
        if not may_draw:
            raise PermissionDenied
        if form.is_valid():
            among = BaseInfoChange.objects.allowed(request.user, "draw")
            try:
                drawn = draw_checks(
                    by=request.user, among=among, span=form.cleaned_data["period"], count=form.cleaned_data["count"]
                )
                messages.success(request, _("Drawn by lot: %(count)s.") % {"count": len(drawn)})
                return redirect("base_info_checks")
            except ValidationError as error:
                add_errors(form, error)
    return _checks_page(request, form if may_draw else None)


def _draw_form(data: Any = None) -> DrawForm:
    return DrawForm(data, initial={"period": Month.of(timezone.localdate()).previous().key})


def _checks_page(
    request: HttpRequest, form: DrawForm | None, refused: tuple[int, JudgeCheckForm] | None = None
) -> HttpResponse:
    waits = Case(When(outcome=CheckOutcome.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = BaseInfoCheck.objects.allowed(request.user).select_related(
        "change__village__station", "change__found_by", "judged_by"
    )
    page = Paginator(rows.order_by(waits, "-drawn_on", "-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [row.pk for row in page]
    able = set(BaseInfoCheck.objects.allowed(request.user, "judge").filter(pk__in=shown).values_list("pk", flat=True))
    context: dict[str, Any] = {"page_obj": page, "able": able, "form": form}
    context |= {"refused_row": refused[0], "refused": refused[1]} if refused else {}
    return render(request, "patrols/base_info_checks.html", context)


@require_POST
def base_info_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked whether a drawn change was accurate."""
    check = engine.get_allowed(request.user, BaseInfoCheck, "judge", pk=pk)
    form = JudgeCheckForm(request.POST)
    if noted(request, form, partial(judge_check, by=request.user, check=check)):
        return redirect("base_info_checks")
    may_draw = engine.allows(request.user, BaseInfoCheck, "add")
    return _checks_page(request, _draw_form() if may_draw else None, refused=(check.pk, form))


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def base_info_transfers(request: HttpRequest) -> HttpResponse:
    """The files for the master database; a POST makes the next one of everything that waits."""
    if not engine.allows(request.user, BaseInfoTransfer, "view"):
        raise PermissionDenied
    if request.method == "POST":
        if not engine.allows(request.user, BaseInfoTransfer, "add"):
            raise PermissionDenied
        transfer = hand_over_changes(by=request.user)
        messages.success(request, _("Handed over: %(count)s. Download the file below.") % {"count": transfer.count})
        return redirect("base_info_transfers")
    rows = BaseInfoTransfer.objects.allowed(request.user).select_related("made_by").order_by("-made_at", "-id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "patrols/base_info_transfers.html", {"page_obj": page, "waiting": waiting_changes().count()})


@require_safe
def base_info_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one hand-over: the same rows however often it is downloaded."""
    transfer = engine.get_allowed(request.user, BaseInfoTransfer, "view", pk=pk)
    rows = transfer.changes.select_related("village__station", "found_by").order_by("forwarded_on", "created_at", "id")
    with translation.override("zh-hans"):
        table = base_info_table(rows, issued_on=timezone.localdate(transfer.made_at))
        stem = "_".join((_("Base-info changes"), f"{timezone.localtime(transfer.made_at):%Y%m%d}", str(transfer.pk)))
    return download_response(render_file(table, "csv", stem=stem))
