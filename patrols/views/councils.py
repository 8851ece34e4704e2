"""Council meetings: their list, the page on which one is written, the minutes, and who has held none."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patrols.authors import person_of
from patrols.councils import comment_council, discard_council, entry_of, hold_council, open_council, save_council
from patrols.councils.checks import mistakes_of
from patrols.councils.entries import CouncilEntry, measures_of
from patrols.councils.measures import carried
from patrols.councils.page import heard_measures, measures_with_rights, situation_of
from patrols.forms.councils import (
    CommentForm,
    CouncilForm,
    EndForm,
    NewCouncilForm,
    initial_of,
    measure_formset,
)
from patrols.lists import COUNCILS
from patrols.models import CouncilMeeting, Visit
from patrols.months import is_sealed
from patrols.situation.charts import CHARTS
from patrols.situation.counting import existing_villages, without_council
from patrols.situation.tables import own_tables
from patrols.situation.tiles import situation_tiles
from patrols.situation.wording import month_words
from patrols.views.asked import chosen_month, chosen_scope
from villages.models import Officer, Village
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage
from xinjin.reporting.html import html_table

ROWS = CouncilMeeting.objects.select_related("village__station", "village__township", "officer__unit", "commented_by")
PAGE_SIZE = 50


def villages_to_hold_in(user: Any) -> Any:
    """The villages of whose council the user may write."""
    if not engine.allows(user, CouncilMeeting, "add"):
        return Village.objects.none()
    own: Any = Village.objects.filter(pk__in=Village.objects.allowed(user, "unmask").values("pk"))
    return own.existing_on(timezone.localdate()).order_by("code")


class CouncilList(ListPage):
    """The councils that the user may see; a draft leads on to where it is written."""

    definition = COUNCILS
    template_name = "patrols/council_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        user = self.request.user
        return {
            "villages": list(villages_to_hold_in(user)),
            "supervises": engine.allows(user, Visit, "supervise"),
        }


@require_POST
def council_new(request: HttpRequest) -> HttpResponse:
    """Opens the village's draft, or goes on with the one there is."""
    officer = person_of(request.user)
    if officer is None or not engine.allows(request.user, CouncilMeeting, "add"):
        raise PermissionDenied
    form = NewCouncilForm(request.POST, villages=villages_to_hold_in(request.user))
    if not form.is_valid():
        raise Http404
    meeting = open_council(by=request.user, officer=officer, **form.cleaned_data)
    return redirect("council_edit", meeting.pk)


@require_safe
def council_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes, as they print on A4. A draft is written, not read."""
    meeting = engine.get_allowed(request.user, ROWS, pk=pk)
    if meeting.is_draft:
        return redirect("council_edit", pk)
    return _minutes(request, meeting)


def _minutes(request: HttpRequest, meeting: CouncilMeeting, comment_form: CommentForm | None = None) -> HttpResponse:
    user, found = request.user, situation_of(request.user, meeting)
    may_comment = CouncilMeeting.objects.allowed(user, "comment").filter(pk=meeting.pk).exists()
    may_change = CouncilMeeting.objects.allowed(user, "change").filter(pk=meeting.pk).exists()
    context = {
        "meeting": meeting,
        "month": month_words(meeting.analysed),
        "officers": Officer.objects.filter(council_attendances__meeting=meeting).order_by("kind", "pk"),
        "found": found,
        "tables": [html_table(table) for table in own_tables(found)],
        "heard": heard_measures(meeting),
        "measures": measures_with_rights(user, measures_of(meeting)),
        "end_form": EndForm(),
        "may_change": may_change and not is_sealed(meeting.month.key),
        "comment_form": (comment_form or CommentForm(initial={"comment": meeting.comment})) if may_comment else None,
    }
    return render(request, "patrols/council_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def council_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page on which a council is written, in the order of the meeting. A post saves; `hold` also hands it in."""
    meeting = engine.get_allowed(request.user, ROWS, "change", pk=pk)
    stored = entry_of(meeting)
    if request.method != "POST":
        form = CouncilForm(meeting=meeting, initial=initial_of(meeting, stored))
        return _edit_page(request, meeting, form, measure_formset(meeting, stored))
    form = CouncilForm(request.POST, meeting=meeting)
    # What was handed in takes no measures; those of a page that does not know it yet are not lost silently.
    typed = meeting.is_draft or "measures-TOTAL_FORMS" in request.POST
    rows = measure_formset(meeting, stored, request.POST if typed else None)
    is_read = all([form.is_valid(), not typed or rows.is_valid()])
    entry = form.entry(stored, rows.entries() if typed else stored.measures)
    if not is_read:
        _show_rest(request, meeting, form, rows, entry)
        return _edit_page(request, meeting, form, rows)
    return _stored(request, meeting, form, rows, entry)


def _stored(request: HttpRequest, meeting: CouncilMeeting, form: Any, rows: Any, entry: CouncilEntry) -> HttpResponse:
    try:
        saved = save_council(by=request.user, meeting=meeting, revision=form.cleaned_data["revision"], entry=entry)
        form.data = form.data.copy()
        form.data["revision"] = saved.revision
        if "hold" in request.POST:
            held = hold_council(by=request.user, meeting=saved, revision=saved.revision)
            messages.success(request, _("The council has been handed in."))
            return redirect(held)
    except ValidationError as error:
        _show(form, rows, error)
        _show_rest(request, meeting, form, rows, entry)
        return _edit_page(request, meeting, form, rows)
    except Conflict as conflict:
        meeting.refresh_from_db()
        form.data = form.data.copy()
        form.data["revision"] = meeting.revision
        return _edit_page(request, meeting, form, rows, conflict=conflict, status=409)
    messages.success(request, _("Saved."))
    return redirect("council_edit" if saved.is_draft else "council_detail", saved.pk)


def _show_rest(request: HttpRequest, meeting: CouncilMeeting, form: Any, rows: Any, entry: CouncilEntry) -> None:
    """What else is wrong, at fields of which nothing has been said: everything is told at once."""
    rest = mistakes_of(meeting, entry, complete="hold" in request.POST or not meeting.is_draft)
    said = set(form.errors)
    for number, row in enumerate(rows.kept if rows.is_bound else ()):
        said |= {f"measures-{number}-{name}" for name in row.errors}
    _show(form, rows, ValidationError({key: told for key, told in rest.items() if key not in said}))


def _show(form: CouncilForm, rows: Any, error: ValidationError) -> None:
    """Messages of the verb beside their fields, those of measures in their rows."""
    for key, errors in error.error_dict.items() if hasattr(error, "error_dict") else [(None, error)]:
        part, _dash, rest = (key or "").partition("-")
        number, _dash, field = rest.partition("-")
        if part == "measures" and number.isdigit() and rows.kept:
            rows.add_error(int(number), field, errors)
        else:
            form.add_error(key if key in form.fields else None, errors)


def _edit_page(
    request: HttpRequest, meeting: CouncilMeeting, form: Any, rows: Any, *, conflict: Any = None, status: int = 200
) -> HttpResponse:
    found = situation_of(request.user, meeting)
    context = {
        "meeting": meeting,
        "form": form,
        "rows": rows,
        "conflict": conflict,
        "both": [(label, text, conflict.theirs.get(label, "")) for label, text in conflict.mine.items()]
        if conflict
        else [],
        "found": found,
        "month": month_words(meeting.analysed),
        "tiles": situation_tiles(found),
        "carried": measures_with_rights(request.user, carried(meeting)) if meeting.is_draft else [],
        "heard": heard_measures(meeting),
        "own": measures_of(meeting) if not meeting.is_draft else [],
        "is_sealed": is_sealed(meeting.month.key),
    }
    return render(request, "patrols/council_edit.html", context, status=status)


@require_POST
def council_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throws a draft away."""
    meeting = engine.get_allowed(request.user, ROWS, "change", pk=pk)
    discard_council(by=request.user, meeting=meeting)
    messages.success(request, _("The draft has been discarded."))
    return redirect("council_list")


@require_POST
def council_comment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the station says to it."""
    meeting = engine.get_allowed(request.user, ROWS, "comment", pk=pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _minutes(request, meeting, comment_form=form)
    comment_council(by=request.user, meeting=meeting, **form.cleaned_data)
    return redirect(meeting)


@require_safe
def council_chart(request: HttpRequest, pk: UUID, chart: str) -> HttpResponse:
    """A chart of the situation that the council hears."""
    if chart not in CHARTS:
        raise Http404
    meeting = engine.get_allowed(request.user, ROWS, pk=pk)
    found = situation_of(request.user, meeting)
    return HttpResponse(CHARTS[chart](found.figures, found.month), content_type="image/svg+xml")


@require_safe
def council_missing(request: HttpRequest) -> HttpResponse:
    """The villages whose council has not met in the month, with their officers."""
    if not engine.allows(request.user, CouncilMeeting, "view"):
        raise PermissionDenied
    month = chosen_month(request)
    scope = chosen_scope(request)
    page = Paginator(without_council(scope, month), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"month": month, "month_words": month_words(month), "scope": scope, "page_obj": page}
    context["villages"] = existing_villages(scope, month.counted.end)  # asked when nothing is missing
    return render(request, "patrols/council_missing.html", context)
