"""What a log said before, and what is said about it after its month was locked (R11)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from patrols.corrections import add_note
from patrols.forms.visits import NoteForm
from patrols.models import Visit
from patrols.versions import history
from patrols.views.sheet import detail_page
from villages.households import sees_residents
from xinjin.access import engine
from xinjin.forms import add_errors

LOGS = Visit.objects.select_related("village__station", "village__township", "officer__unit")


@require_safe
def visit_versions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each version that was handed in, with what it changed, for all who may read the log."""
    visit = engine.get_allowed(request.user, LOGS, pk=pk)
    in_full = visit.officer.user_id == request.user.pk or sees_residents(request.user, visit.village)
    context = {"visit": visit, "history": history(visit, in_full=in_full), "in_full": in_full}
    return render(request, "patrols/visit_versions.html", context)


@require_POST
def visit_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The author or the station adds a correction note."""
    visit = engine.get_allowed(request.user, LOGS, "annotate", pk=pk)
    form = NoteForm(request.POST)
    try:
        if form.is_valid():
            add_note(by=request.user, visit=visit, text=form.cleaned_data["text"], id=form.cleaned_data["id"])
            messages.success(request, _("The correction note has been added."))
            return redirect(visit)
    except ValidationError as error:
        add_errors(form, error)
    return detail_page(request, visit, note=form)
