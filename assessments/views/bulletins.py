"""Pages of the quarters: the list, one bulletin with its issues, and its downloads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments import bulletins
from assessments.bulletins import is_intact, proposed_number
from assessments.choices import BulletinState
from assessments.downloads import record_bulletin_download
from assessments.forms import NumberForm, ReasonForm
from assessments.models import AssessmentMonth, Bulletin
from assessments.tables import bulletin_report, bulletin_tables
from assessments.views.periods import not_begun, period_or_404
from xinjin.access import engine
from xinjin.access.engine import get_allowed
from xinjin.periods import Quarter
from xinjin.reporting import DOWNLOAD_FORMATS, download_response
from xinjin.reporting import render as render_report
from xinjin.reporting.html import html_table

SHOWN_QUARTERS = 12


def _may_look(user: Any) -> None:
    if not engine.allows(user, Bulletin, "view"):
        raise PermissionDenied


@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """The quarters with a bulletin, and for the brigade those that can have one."""
    _may_look(request.user)
    by_quarter: dict[str, list[Bulletin]] = {}
    for bulletin in Bulletin.objects.allowed(request.user).defer("snapshot").order_by("-quarter", "-version")[:200]:
        by_quarter.setdefault(bulletin.quarter, []).append(bulletin)
    may_add = engine.allows(request.user, Bulletin, "add")
    waiting: list[Quarter] = []
    if may_add:
        locked = AssessmentMonth.objects.filter(locked_at__isnull=False).order_by("-key")
        quarters = {Quarter.of(row.period.start) for row in locked[: SHOWN_QUARTERS * 3]}
        waiting = sorted((quarter for quarter in quarters if quarter.key not in by_quarter), reverse=True)
    rows = [{"quarter": key, "newest": found[0], "issues": found} for key, found in by_quarter.items()]
    return render(
        request, "assessments/bulletin_list.html", {"rows": rows, "waiting": waiting, "formats": DOWNLOAD_FORMATS}
    )


def _versions(user: Any, quarter: Quarter) -> list[Bulletin]:
    rows = Bulletin.objects.allowed(user).filter(quarter=quarter.key).select_related("issued_by", "drawn_up_by")
    return list(rows.order_by("-version"))


def _chosen(request: HttpRequest, versions: list[Bulletin]) -> Bulletin | None:
    """The issue that the address names, by default the one that is out, else the draft."""
    wanted = request.GET.get("version")
    if wanted is not None:
        found = next((row for row in versions if str(row.version) == wanted), None)
        if found is None:
            raise Http404
        return found
    issued = next((row for row in versions if row.state == BulletinState.ISSUED), None)
    return issued or next(iter(versions), None)


@require_safe
def bulletin_detail(request: HttpRequest, key: str) -> HttpResponse:
    """What the bulletin says, its seal and its issues; the brigade's acts."""
    _may_look(request.user)
    quarter = period_or_404(Quarter, key)
    if quarter.start > timezone.localdate():
        return not_begun(request, quarter, reverse("bulletin_list"))
    may_add = engine.allows(request.user, Bulletin, "add")
    versions = _versions(request.user, quarter)
    bulletin = _chosen(request, versions)
    if bulletin is None and not may_add:
        raise Http404
    context: dict[str, Any] = {"quarter": quarter, "bulletin": bulletin, "versions": versions, "may_add": may_add}
    context |= _shown(bulletin) if bulletin is not None else {}
    if may_add:
        drafts = [row for row in versions if row.state == BulletinState.DRAFT]
        context |= {
            "blockers": bulletins.blockers(quarter),
            "draft": drafts[0] if drafts else None,
            "is_issued": any(row.state == BulletinState.ISSUED for row in versions),
            "number_form": NumberForm(initial={"number": proposed_number(timezone.localdate().year)}),
            "reason_form": ReasonForm(initial={"reason": drafts[0].reason if drafts else ""}),
        }
    return render(request, "assessments/bulletin_detail.html", context)


def _shown(bulletin: Bulletin) -> dict[str, Any]:
    if not bulletin.snapshot or not is_intact(bulletin):
        return {"broken": True}
    report = bulletin_report(bulletin)
    return {
        "report": report,
        "tables": [html_table(table) for table in bulletin_tables(bulletin.snapshot)],
        "paragraphs": [{"heading": getattr(block, "text", ""), "text": block} for block in report.body],
        "formats": DOWNLOAD_FORMATS,
    }


@require_safe
def bulletin_download(request: HttpRequest, key: str, file_format: str) -> HttpResponse:
    """One of the four files, made from the sealed snapshot; each copy is noted in the trail."""
    _may_look(request.user)
    quarter = period_or_404(Quarter, key)
    bulletin = _chosen(request, _versions(request.user, quarter))
    if bulletin is None or file_format not in DOWNLOAD_FORMATS:
        raise Http404
    if not bulletin.snapshot or not is_intact(bulletin):
        return render(request, "assessments/seal_broken.html", {"bulletin": bulletin}, status=409)
    rendered = render_report(bulletin_report(bulletin), file_format)
    record_bulletin_download(by=request.user, bulletin=bulletin, file_format=file_format)
    return download_response(rendered)


@require_POST
def bulletin_draw_up(request: HttpRequest, key: str) -> HttpResponse:
    """The brigade makes the draft, anew, or again with a reason."""
    if not engine.allows(request.user, Bulletin, "add"):
        raise PermissionDenied
    quarter = period_or_404(Quarter, key)
    try:
        bulletin = bulletins.draw_up(by=request.user, quarter=quarter, reason=request.POST.get("reason", "")[:200])
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("bulletin_detail", key=key)
    messages.success(request, _("The draft is made from the locked months."))
    return redirect(f"{reverse('bulletin_detail', kwargs={'key': key})}?version={bulletin.version}")


@require_POST
def bulletin_issue(request: HttpRequest, key: str) -> HttpResponse:
    """The brigade issues the draft under its number."""
    quarter = period_or_404(Quarter, key)
    drafts = Bulletin.objects.filter(quarter=quarter.key).order_by("-version")
    newest = get_object_or_404(drafts.allowed(request.user)[:1])
    bulletin = get_allowed(request.user, Bulletin, "issue", pk=newest.pk)
    form = NumberForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        bulletins.issue(by=request.user, bulletin=bulletin, number=form.cleaned_data["number"])
        messages.success(request, _("The bulletin is issued and sealed."))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect(f"{reverse('bulletin_detail', kwargs={'key': key})}?version={bulletin.version}")
    return redirect("bulletin_detail", key=key)
