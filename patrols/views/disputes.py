"""The weekly notice of disputes: which villages have reported, and the paper of one of them (R7)."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from patrols.choices import NoticeRecipient
from patrols.coverage import build
from patrols.dispute_notices import deliver_notice, editions
from patrols.forms.disputes import DeliverForm, deliver_form
from patrols.ledger.notice_report import notice_report
from patrols.ledger.week_of_disputes import substance, week_of_disputes
from patrols.ledger.weeks_reported import LACKING, weeks_reported
from patrols.models import DisputeNotice
from villages.models import Village
from xinjin import periods
from xinjin.access import engine
from xinjin.forms import add_errors
from xinjin.periods import Week
from xinjin.reporting import Heading, Report, ReportTable, download_response
from xinjin.reporting import render as render_file
from xinjin.reporting.html import html_table

LABELS = {
    "silent": gettext_lazy("Without screening"),
    "unreported": gettext_lazy("Not handed to both committees"),
    "unsent": gettext_lazy("Not reported to the station"),
}
NOW = "now"


def _week(key: str) -> Week:
    """A week that has begun; 404 for anything else."""
    try:
        week = periods.parse_as(Week, key)
    except periods.PeriodError as error:
        raise Http404 from error
    if week.start > timezone.localdate():
        raise Http404
    return week


@require_safe
def dispute_notices(request: HttpRequest) -> HttpResponse:
    """A line for each village that the user sees: what its screening found, and whether the week was reported."""
    if not engine.allows(request.user, DisputeNotice, "view"):
        raise PermissionDenied
    today = timezone.localdate()
    week = _week(request.GET.get("week") or Week.of(today).previous().key)
    lacking = request.GET.get("lacking", "")
    if lacking and lacking not in LACKING:
        raise Http404
    lines = weeks_reported(build(Village.objects.allowed(request.user), week, today=today), week)
    context = {
        "week": week,
        "next": week.next() if week.end < today else None,
        "lines": [line for line in lines if getattr(line, LACKING[lacking])] if lacking else lines,
        "lacking": lacking,
        "choices": [("", _("All villages"), len(lines))]
        + [(key, label, sum(getattr(line, LACKING[key]) for line in lines)) for key, label in LABELS.items()],
        "by_station": len({line.row.village.station_id for line in lines}) > 1,
    }
    return render(request, "patrols/dispute_notices.html", context)


@require_safe
def dispute_notice(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """The paper, made from the week's records by opening it; what was handed over stays as it was."""
    village = _seen_village(request, code)
    return _page(request, village, _week(week), deliver_form(village))


class Paper(NamedTuple):
    """The paper that is shown, the row that keeps it, what was handed over last by recipient, and the news since."""

    report: Report
    kept: DisputeNotice | None
    handed: dict[str, DisputeNotice]
    has_changed: bool


def _seen_village(request: HttpRequest, code: str) -> Village:
    village = engine.get_allowed(request.user, Village.objects.select_related("station"), code=code)
    if not engine.allows(request.user, DisputeNotice, "view"):
        raise PermissionDenied
    return village


def _paper(village: Village, week: Week, of: str = "", edition: str = "") -> Paper:
    """The paper as the recipient `of` got it (the last edition, or `edition`), or as the committees have it.

    It is made anew until then, and for `of` "now". What is shown to those who hand it over is what that keeps.
    """
    rows = list(editions(village, week).select_related("by"))
    handed = {row.recipient: row for row in rows}
    now = week_of_disputes(village, week, timezone.localdate())
    kept = None if of == NOW else handed.get(of) or handed.get(NoticeRecipient.COMMITTEES)
    if kept is not None and edition:
        kept = next((row for row in rows if row.recipient == kept.recipient and str(row.edition) == edition), kept)
    last = kept or handed.get(NoticeRecipient.COMMITTEES)
    content, issued_on = (kept.content, kept.delivered_on) if kept else (now, timezone.localdate())
    has_changed = last is not None and substance(last.content) != substance(now)
    return Paper(notice_report(content, issued_on=issued_on), kept, handed, has_changed)


def _asked(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("of", ""), request.GET.get("edition", "")


def _page(request: HttpRequest, village: Village, week: Week, form: DeliverForm) -> HttpResponse:
    with translation.override("zh-hans"):  # a paper of the office
        report, kept, handed, has_changed = _paper(village, week, *_asked(request))
        blocks = [_block(block) for block in report.body]
    own = Village.objects.allowed(request.user, "report_disputes")
    committees, station = (handed.get(recipient) for recipient in NoticeRecipient)
    is_anew = kept is None and bool(handed)
    context = {
        "village": village,
        "week": week,
        "next": week.next() if week.end < timezone.localdate() else None,
        "report": report,
        "blocks": blocks,
        "committees": committees,
        "station": station,
        "kept": kept,
        "is_anew": is_anew,
        "has_changed": has_changed,
        # To whom what is shown can be handed over.
        "open_to": {
            "committees": kept is None and (committees is None or has_changed),
            "station": station is None or is_anew and has_changed or _lags(station, committees),
        },
        "may_deliver": own.filter(pk=village.pk).exists(),
        "form": form,
    }
    return render(request, "patrols/dispute_notice.html", context)


def _lags(station: DisputeNotice, committees: DisputeNotice | None) -> bool:
    """Whether the committees have got another edition since the station got its own."""
    return committees is not None and substance(station.content) != substance(committees.content)


def _block(block: Any) -> dict[str, Any]:
    """A part of the paper as the template shows it."""
    if isinstance(block, ReportTable):
        return {"table": html_table(block)}
    if isinstance(block, Heading):
        return {"heading": block.text, "run_in": block.run_in}
    return {"text": block}


@require_safe
def dispute_notice_pdf(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """The same paper as a PDF."""
    village = _seen_village(request, code)
    with translation.override("zh-hans"):
        report = _paper(village, _week(week), *_asked(request)).report
    return download_response(render_file(report, "pdf"))


@require_POST
def dispute_notice_deliver(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """The notice was handed to both committees, or goes to the station."""
    _seen_village(request, code)
    village = engine.get_allowed(request.user, Village.objects.select_related("station"), "report_disputes", code=code)
    span = _week(week)
    form = DeliverForm(request.POST)
    if form.is_valid():
        try:
            notice = deliver_notice(by=request.user, village=village, week=span, **form.cleaned_data)
            messages.success(request, _("Noted: %(act)s.") % {"act": notice.get_recipient_display()})
            return redirect(notice)
        except ValidationError as error:
            add_errors(form, error)
    return _page(request, village, span, form)
