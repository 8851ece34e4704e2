"""One case: its page with the acts as forms, its opening by hand, and the notice of a red one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patrols.cases import drafted, earlier_than, open_case
from patrols.cases.checking import NO_PARTY
from patrols.choices import CASE_MOVES, AttachmentKind, CaseAct, CaseState
from patrols.forms.case_acts import ActForm
from patrols.forms.cases import CaseForm, PartyFormSet, show_mistakes
from patrols.ledger.reading import told_of
from patrols.ledger.sheet import case_sheet, notice_sheet
from patrols.models import Case, CaseFile
from patrols.pictures.answers import send_file
from patrols.views.case_acts import ACTS, acts_on, right_for
from xinjin.access import engine
from xinjin.idempotency.pages import once_a_page

ROWS = Case.objects.select_related(
    "village__station", "village__township", "owner__unit", "leader", "household", "source_visit", "merged_into",
    "split_from", "opened_by",
)  # fmt: skip


# Unlike a work photo, what belongs to a case stays in no browser's cache.
NOT_KEPT = {"Cache-Control": "no-store, private"}


@require_safe
def case_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about the case, as it prints on one sheet."""
    return _page(request, engine.get_allowed(request.user, ROWS, "view", pk=pk))


def _page(request: HttpRequest, case: Case, bound: ActForm | None = None, act: str = "") -> HttpResponse:
    if bound is not None and ACTS[CaseAct(act)].page:
        return render(request, "patrols/case_correct.html", {"case": case, "form": bound})
    context = {**case_sheet(request.user, case), "acts": acts_on(request.user, case, bound, act)}
    return render(request, "patrols/case_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def case_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Does one act. The form comes back with what is wrong; a case that has moved on meanwhile answers 409.

    Whoever loads the address of a form that came back is led to the case.
    """
    if act not in ACTS:
        raise Http404
    entry = ACTS[CaseAct(act)]
    case = engine.get_allowed(request.user, ROWS, "view", pk=pk)
    if request.method != "POST":
        return redirect(case)
    engine.get_allowed(request.user, Case, right_for(entry.act, case), pk=pk)
    form = entry.form(request.POST, request.FILES, case=case, user=request.user, act=act)
    if form.is_valid():
        try:
            with form.given_back():
                done = entry.verb(by=request.user, case=case, **form.given())
            messages.success(request, _("Noted: %(act)s.") % {"act": entry.label})
            return redirect(done)
        except ValidationError as error:
            form.add_errors(error)
    return _page(request, case, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
def case_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A case as it stands, to be completed or put right; too much for a form beside the others."""
    act = CaseAct.CORRECT
    if request.method == "POST":
        return case_act(request, pk, act.value)
    case = engine.get_allowed(request.user, ROWS, "view", pk=pk)
    engine.get_allowed(request.user, Case, right_for(act, case), pk=pk)
    if CaseState(case.state) not in CASE_MOVES[act]:
        return redirect(case)
    return _page(request, case, ACTS[act].form(case=case, user=request.user, act=act.value), act.value)


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def case_new(request: HttpRequest) -> HttpResponse:
    """Opens a case by hand; most come from visits by one tick.

    Where the same party had disputes before and no level was chosen, the page comes back once with these and the level
    that is proposed for it: whoever opens the case has seen them.
    """
    if not engine.allows(request.user, Case, "add"):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    more: dict[str, Any] = {}
    form = CaseForm(data, user=request.user, initial={"village": request.GET.get("village", "")})
    parties: Any = PartyFormSet(data, prefix="parties", initial=[{"role": "claimant"}, {"role": "respondent"}])
    if request.method == "POST" and parties.is_valid() and not parties.entries() and form.data.get("kind") == "dispute":
        form.add_error(None, str(NO_PARTY))  # said together with what the form itself lacks
    if request.method == "POST" and all([form.is_valid(), parties.is_valid()]):
        entry = form.entry(parties.entries())
        try:
            drafted_case, _parties = drafted(request.user, entry)
            earlier = told_of(earlier_than(entry), request.user) if not entry.level else []
            if not earlier:
                case = open_case(by=request.user, entry=entry)
                messages.success(request, _("The case %(number)s has been opened.") % {"number": case.number})
                return redirect(case)
            chosen = request.POST.copy()
            chosen["level"] = drafted_case.level
            form.data = chosen
            more = {"earlier": earlier, "proposed": drafted_case.get_level_display()}
        except ValidationError as error:
            show_mistakes(form, parties, error)
    context = {"form": form, "parties": parties, "lists": [parties], "has_villages": bool(form.villages)}
    return render(request, "patrols/case_new.html", context | more)


@require_safe
def case_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file of a step, for those who handle its case. A PDF is downloaded, never opened within the site."""
    row = _seen_file(request, pk)
    named = content_disposition_header(not row.is_picture, row.download_name)
    more = NOT_KEPT | {"Content-Disposition": str(named)}
    if not row.is_picture:
        more["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return send_file(str(row.file.name), AttachmentKind(row.kind).content_type, **more)


@require_safe
def case_file_small(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The thumbnail of a picture."""
    row = _seen_file(request, pk)
    if not row.is_picture:
        raise Http404
    return send_file(row.small_name, "image/jpeg", **NOT_KEPT)


def _seen_file(request: HttpRequest, pk: UUID) -> CaseFile:
    """Not found for those who may not see the case; refused to those who see it, but not in full."""
    row = get_object_or_404(CaseFile.objects.select_related("step"), pk=pk)
    engine.get_allowed(request.user, Case, "view", pk=row.step.case_id)
    if not CaseFile.objects.allowed(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return row


@require_safe
def case_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The notice of a red case for the village's two committees, to be printed; residents stay masked on it."""
    case = engine.get_allowed(request.user, ROWS, "view", pk=pk)
    if not case.is_red:
        raise Http404
    with translation.override("zh-hans"):  # a paper of the office
        context = notice_sheet(case)
    return render(request, "patrols/case_notice.html", context)
