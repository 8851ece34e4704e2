"""Pages of visits: the list, the log, its entry in one page, and the two small acts of returning and discarding."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import View

from patrols.authors import own_officer, own_visit, person_of
from patrols.briefings.heard import briefing_of
from patrols.choices import VisitState
from patrols.entries import entry_of
from patrols.forms.visits import NewVisitForm, ReturnForm, VisitForms
from patrols.last_time import companions_of_last_time
from patrols.lists import VISITS
from patrols.models import Photo, Visit
from patrols.photos import remove_photo
from patrols.views.asked import uuids
from patrols.views.photos import photo_context, take_in
from patrols.views.prints import MOST_PRINTED
from patrols.views.sheet import detail_page, side_by_side
from patrols.visit_panel import doors_hint, late_hint, panel
from patrols.visits import discard_draft, open_visit, return_visit, save_draft, submit_visit
from villages.models import Officer
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage


class VisitListView(ListPage):
    """The logs that the user may see; his own drafts first."""

    definition = VISITS
    template_name = "patrols/visit_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        user = self.request.user
        author = person_of(user) if engine.allows(user, Visit, "add") else None
        return {"new_visit": new_visit_form(author) if author else None, "most_printed": MOST_PRINTED}


def new_visit_form(author: Officer) -> NewVisitForm:
    """The button that opens a draft, with an id of its own so that a second press opens the same draft."""
    return NewVisitForm(officer=author, initial={"id": uuid4()})


@require_POST
def visit_new(request: HttpRequest) -> HttpResponse:
    """Opens a draft and goes on to write it."""
    officer = own_officer(request.user)
    form = NewVisitForm(request.POST, officer=officer)
    if not form.is_valid():
        if "village" in form.errors:
            raise Http404
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("visit_list")
    data = form.cleaned_data
    visit = open_visit(
        by=request.user,
        officer=officer,
        village=data["village"],
        visited_on=data["visited_on"] or timezone.localdate(),
        id=data["id"],
    )
    return redirect("visit_edit", visit.pk)


class VisitEditView(View):
    """The one page on which a visit is written. A post saves the draft; with action=submit it also hands it in."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        visit = own_visit(request.user, pk)
        if not visit.is_open:
            return redirect(visit)
        return self._page(visit, VisitForms(visit, stored=entry_of(visit)), [])

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        visit = own_visit(request.user, pk)
        data: Any = request.POST.copy()
        forms = VisitForms(visit, data=data)
        photo_errors = take_in(request, visit) if visit.is_open else []
        if not forms.is_valid():
            if "revision" in forms.visit.errors:
                data["revision"] = visit.revision
            return self._page(visit, forms, photo_errors)
        saved = False
        try:
            visit = save_draft(
                by=request.user,
                visit=visit,
                revision=forms.visit.cleaned_data["revision"],
                entry=forms.entry,
                page=forms.visit.open_page,
            )
            saved = True
            data["revision"] = visit.revision
            if data.get("action") == "submit" and not photo_errors:
                visit = submit_visit(by=request.user, visit=visit, revision=visit.revision)
        except Conflict as conflict:
            current = own_visit(request.user, pk)
            if not current.is_open:
                raise
            data["revision"] = current.revision
            return self._page(current, forms, photo_errors, conflict=conflict)
        except ValidationError as error:
            forms.add_errors(error)
            return self._page(own_visit(request.user, pk), forms, photo_errors, saved=saved)
        return self._done(visit, data, photo_errors)

    def _done(self, visit: Visit, data: Any, photo_errors: list[str]) -> HttpResponse:
        for error in photo_errors:
            messages.error(self.request, error)
        if data.get("action") == "submit" and not visit.is_open:
            messages.success(self.request, _("The visit has been handed in."))
            return redirect(visit)
        if visit.is_open and data.get("remove_photo"):
            photo = Photo.objects.filter(visit=visit, pk__in=uuids([data["remove_photo"]])).first()
            if photo:
                remove_photo(by=self.request.user, photo=photo)
        messages.success(self.request, _("The draft has been saved."))
        return redirect("visit_edit", visit.pk)

    def _page(
        self,
        visit: Visit,
        forms: VisitForms,
        photo_errors: list[str],
        *,
        conflict: Conflict | None = None,
        saved: bool = False,
    ) -> HttpResponse:
        latest = visit.transitions.select_related("by").order_by("-at", "-id").first()
        context = {
            "visit": visit,
            "forms": forms,
            "panel": panel(visit),
            "conflict": conflict,
            "conflict_rows": side_by_side(conflict) if conflict else [],
            "saved": saved,
            "is_stored": saved or forms.data is None,
            "returned": latest if visit.state == VisitState.RETURNED else None,
            "late_hint": late_hint(visit),
            "same_doors": doors_hint(visit),
            "last_time": companions_of_last_time(visit),
            "briefing": briefing_of(visit),
            **photo_context(visit, photo_errors),
        }
        return render(self.request, "patrols/visit_edit.html", context, status=409 if conflict else 200)


@require_safe
def visit_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything in the log, as it prints on A4."""
    visits = Visit.objects.select_related("village__station", "village__township", "officer__unit")
    visit = engine.get_allowed(request.user, visits, "view", pk=pk)
    return detail_page(request, visit)


@require_POST
def visit_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The station gives a log back with a remark."""
    visit = engine.get_allowed(request.user, Visit, "return", pk=pk)
    form = ReturnForm(request.POST)
    try:
        if form.is_valid():
            return_visit(by=request.user, visit=visit, reason=form.cleaned_data["reason"])
            messages.success(request, _("The log has been returned."))
            return redirect(visit)
    except ValidationError as error:
        add_errors(form, error)
    return detail_page(request, visit, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks once, then throws one's own draft away."""
    visit = own_visit(request.user, pk)
    if request.method == "POST":
        discard_draft(by=request.user, visit=visit)
        messages.success(request, _("The draft has been discarded."))
        return redirect("visit_list")
    if visit.state != VisitState.DRAFT:
        return redirect(visit)
    return render(request, "patrols/visit_discard.html", {"visit": visit})
