"""Hand-overs: the successor confirms the note that was left to him; predecessor and station write it (R1, R4)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from villages.forms import ConfirmForm, NoteForm
from villages.hand_over_notes import confirm_note, with_both_sides, write_note
from villages.models import HandOverNote
from xinjin.access.engine import get_allowed
from xinjin.access.views import AllowedRowsMixin
from xinjin.forms import add_errors


class HandOverList(AllowedRowsMixin, ListView):
    """The hand-overs that one may see, those not confirmed first."""

    model = HandOverNote
    template_name = "villages/hand_over_list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        rows = with_both_sides(super().get_queryset())
        if self.request.GET.get("state") == "open":
            rows = rows.filter(confirmed_at=None)
        return rows.order_by("-created_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "only_open": self.request.GET.get("state") == "open"}


def _note(request: HttpRequest, pk: int, action: str = "view") -> HandOverNote:
    return get_allowed(request.user, with_both_sides(HandOverNote.objects.all()), action, pk=pk)


def _page(request: HttpRequest, note: HandOverNote, **forms: Any) -> HttpResponse:
    may = {
        action: HandOverNote.objects.allowed(request.user, action).filter(pk=note.pk, confirmed_at=None).exists()
        for action in ("write", "confirm")
    }
    context = {
        "note": note,
        "may": may,
        "form": NoteForm(initial={"text": note.text, "revision": note.revision}),
        "confirm": ConfirmForm(),
        **forms,
    }
    return render(request, "villages/hand_over.html", context)


@require_safe
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over: from whom to whom, the note, what was open on the day."""
    return _page(request, _note(request, pk))


@require_POST
def hand_over_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts the note down, by the predecessor or the station."""
    note = _note(request, pk, "write")
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            write_note(by=request.user, note=note, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
    return redirect(note) if not form.errors else _page(request, note, form=form)


@require_POST
def hand_over_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The successor has read it and taken over."""
    note = _note(request, pk, "confirm")
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, note, confirm=form)
    confirm_note(by=request.user, note=note, remark=form.cleaned_data["remark"])
    return redirect(note)
