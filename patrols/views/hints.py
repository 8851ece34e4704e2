"""Hints about photos: a list for those who inspect, each hint with both pictures and both logs beside each other."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import ListView

from patrols.choices import HintOutcome
from patrols.filters.photos import HintFilter
from patrols.forms.photos import JudgeForm
from patrols.models import PhotoHint, Visit
from patrols.pictures.hints import judge_hint
from xinjin.access import engine
from xinjin.access.views import AllowedRowsMixin
from xinjin.forms import add_errors

BOTH = ("photo__visit__village__station", "photo__visit__officer", "other__visit__village__station",
        "other__visit__officer", "looked_by")  # fmt: skip


class HintListView(AllowedRowsMixin, ListView):
    """The hints in scope, the newest first. A post says of one of them what came of looking."""

    model = PhotoHint
    template_name = "patrols/hint_list.html"
    context_object_name = "hints"
    paginate_by = 20
    judged: tuple[int, JudgeForm] | None = None

    def get_queryset(self) -> Any:
        self.filter = HintFilter(self.request.GET, queryset=super().get_queryset(), request=self.request)
        return self.filter.qs.select_related(*BOTH).order_by("-created_at", "-id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = shown_hints(self.request.user, context["hints"])
        for row in shown:
            if self.judged and row["hint"].pk == self.judged[0]:
                row["form"] = self.judged[1]
        return context | {
            "rows": shown,
            "filter": self.filter,
            "is_filtered": any(self.request.GET.get(name) for name in self.filter.filters),
            "may_judge": engine.allows(self.request.user, PhotoHint, "judge"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not engine.allows(request.user, PhotoHint, "judge"):
            raise PermissionDenied
        number = request.POST.get("hint", "")
        pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
        hint = engine.get_allowed(request.user, PhotoHint, "judge", pk=pk)
        form = JudgeForm(request.POST)
        if form.is_valid():
            try:
                judge_hint(by=request.user, hint=hint, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("The outcome has been recorded."))
                return redirect(request.get_full_path())
        self.judged = (hint.pk, form)
        return self.get(request, *args, **kwargs)


def shown_hints(user: Any, hints: Any) -> list[dict[str, Any]]:
    """Hints with what the user may see of the other log."""
    rows = list(hints)
    others = {hint.other.visit_id for hint in rows if hint.other}
    seen = set(Visit.objects.allowed(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return [
        {
            "hint": hint,
            "sees_other": hint.other is not None and hint.other.visit_id in seen,
            "is_new": hint.outcome == HintOutcome.NEW,
            "form": None,
        }
        for hint in rows
    ]


def hints_of(user: Any, visit: Visit) -> list[dict[str, Any]]:
    """The hints on a log's photos that the user may see; none for the people of the programme itself."""
    if not engine.allows(user, PhotoHint, "view"):
        return []
    hints = PhotoHint.objects.allowed(user).filter(photo__visit=visit).select_related(*BOTH)
    return shown_hints(user, hints.order_by("photo__position", "photo__uploaded_at", "id"))
