"""Work reports: what is owed and what there is, one report, and what its author and its reader do with it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patrols.authors import person_of
from patrols.choices import ReportState
from patrols.figures import FIGURES, records, shown
from patrols.forms.reports import NewReportForm, ReturnForm, ReviewForm, WordsForm
from patrols.lists import REPORTS
from patrols.models import WorkReport
from patrols.outstanding import outstanding
from patrols.reports import (
    WORDS,
    hand_in,
    open_report,
    return_report,
    review_report,
    save_report,
    submit_report,
    text_field,
)
from patrols.views.overdue import overdue_for
from xinjin.access import engine
from xinjin.access.engine import get_allowed
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage

WAITING_SHOWN = 10
ROWS = WorkReport.objects.select_related("officer__unit", "addressee", "reviewed_by")


class ReportList(ListPage):
    """An officer's owed reports and past ones; a supervisor's reports, those waiting for his review on top."""

    definition = REPORTS
    template_name = "patrols/report_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        user, day = self.request.user, timezone.localdate()
        officer = person_of(user) if engine.allows(user, WorkReport, "add") else None
        waiting = WorkReport.objects.allowed(user, "review").select_related("officer__unit", "addressee")
        return {
            "day": day,
            "owed": outstanding(day, officer_ids=[officer.pk]) if officer else None,
            "waiting": waiting.order_by("due_on", "id")[:WAITING_SHOWN],
            "waiting_count": waiting.count(),
            "supervises": engine.allows(user, WorkReport, "review") or officer is None,
            "overdue_count": len(overdue_for(user, day)) if officer is None else 0,
        }


@require_POST
def report_new(request: HttpRequest) -> HttpResponse:
    """Opens one's own report, or hands it in as it is."""
    if not engine.allows(request.user, WorkReport, "add"):
        raise PermissionDenied
    officer = person_of(request.user)
    form = NewReportForm(request.POST)
    if officer is None or not form.is_valid():
        raise Http404
    verb = hand_in if "hand_in" in request.POST else open_report
    try:
        report = verb(by=request.user, officer=officer, **form.cleaned_data)
    except ValidationError as error:
        return render(request, "patrols/report_refused.html", {"messages_shown": error.messages}, status=400)
    return redirect("report_detail", pk=report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report; a POST stores the author's words (`save`) or hands the report in (`submit`, `as_is`)."""
    report = get_allowed(request.user, ROWS, pk=pk)
    if request.method != "POST":
        return _page(request, report)
    # A second click on "hand in" finds the report handed in: the verb answers with the same report.
    if report.officer.user_id != request.user.pk:
        raise PermissionDenied
    if "as_is" in request.POST:
        submit_report(by=request.user, report=report)
        return redirect("report_detail", pk=pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, report, words_form=form)
    verb = submit_report if "submit" in request.POST else save_report
    try:
        verb(by=request.user, report=report, revision=form.cleaned_data["revision"], words=form.words())
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, report, words_form=form)
    except Conflict as conflict:
        report.refresh_from_db()
        return _page(request, report, conflict=conflict, status=409)
    return redirect("report_detail", pk=pk)


@require_POST
def report_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader's comment and instructions; `read` is the one-click comment that it has been read."""
    report = get_allowed(request.user, ROWS, "view", pk=pk)
    data = request.POST.copy()
    if "read" in data and not data.get("comment", "").strip():
        data["comment"] = _("Read.")
    return _read(request, report, "review", ReviewForm(data), review_report)


@require_POST
def report_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the author, with the reason."""
    report = get_allowed(request.user, ROWS, "view", pk=pk)
    return _read(request, report, "return", ReturnForm(request.POST), return_report)


def _read(request: HttpRequest, report: WorkReport, action: str, form: Any, verb: Any) -> HttpResponse:
    """What a reader does: refused to whom the role or the report does not permit it, 409 when another was faster."""
    if report.state == ReportState.SUBMITTED or not engine.allows(request.user, WorkReport, action):
        get_allowed(request.user, WorkReport, action, pk=report.pk)
    if form.is_valid():
        try:
            verb(by=request.user, report=report, **form.cleaned_data)
            return redirect("report_detail", pk=report.pk)
        except ValidationError as error:
            add_errors(form, error)
    return _page(request, report, **{f"{action}_form": form})


def _page(
    request: HttpRequest,
    report: WorkReport,
    *,
    words_form: WordsForm | None = None,
    review_form: ReviewForm | None = None,
    return_form: ReturnForm | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    may_review = WorkReport.objects.allowed(request.user, "review").filter(pk=report.pk).exists()
    mine = report.officer.user_id == request.user.pk
    stored = {name: getattr(report, name) for name in WORDS} | {"revision": report.revision}
    context = {
        "report": report,
        "span": report.span.counted,
        "figures": shown(report),
        "texts": [(text_field(name).verbose_name, getattr(report, name)) for name in WORDS],
        "words_form": (words_form or WordsForm(initial=stored)) if mine and report.is_open else None,
        "review_form": (review_form or ReviewForm()) if may_review else None,
        "return_form": (return_form or ReturnForm()) if may_review else None,
        "conflict": conflict,
        "events": [_event(row) for row in report.transitions.select_related("by").order_by("at", "id")],
    }
    return render(request, "patrols/report_detail.html", context, status=status)


TONES = {ReportState.SUBMITTED: "ok", ReportState.RETURNED: "warn", ReportState.REVIEWED: "ok"}


def _event(row: Any) -> dict[str, Any]:
    return {
        "at": row.at,
        "actor": row.by.display_name if row.by else "",
        "label": row.get_state_display(),
        "note": row.reason,
        "tone": TONES.get(ReportState(row.state), ""),
    }


@require_safe
def report_records(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The records behind one figure, each with what it adds, and their sum."""
    report = get_allowed(request.user, ROWS, pk=pk)
    if key not in FIGURES:
        raise Http404
    rows = records(report, key)
    frozen = None if report.is_open else report.figures.get(key, {}).get("value")
    context = {
        "report": report,
        "label": FIGURES[key].label,
        "span": report.span.counted,
        "rows": rows,
        "total": sum(row.n for row in rows),
        "frozen": frozen,
    }
    return render(request, "patrols/report_records.html", context)
