"""Base-info changes: found, verified, forwarded; and the file for the police master database."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import ListView

from patrols.authors import person_of
from patrols.base_info import check_change, forward_changes, report_change
from patrols.choices import BaseInfoState
from patrols.filters.cases import BaseInfoFilter
from patrols.forms.base_info import ChangeForm, CheckForm, ForwardForm
from patrols.ledger.tables import base_info_table
from patrols.models import BaseInfoChange, Visit
from patrols.views.asked import uuids
from xinjin.access import engine
from xinjin.access.views import AllowedRowsMixin
from xinjin.forms import add_errors
from xinjin.reporting import download_table

PAGE_SIZE = 50


class BaseInfoList(AllowedRowsMixin, ListView):
    """The changes that the user may see; those that wait for him first. With ?format= the same rows as a file."""

    model = BaseInfoChange
    template_name = "patrols/base_info_list.html"
    paginate_by = PAGE_SIZE
    http_method_names = ["get", "head"]

    def get_queryset(self) -> Any:
        self.filter = BaseInfoFilter(self.request.GET, queryset=super().get_queryset(), request=self.request)
        rows = self.filter.qs.select_related("village__station", "found_by", "source_visit")
        return rows.order_by("-found_on", "-created_at", "id")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        file_format = request.GET.get("format")
        if file_format is None:
            return super().get(request, *args, **kwargs)
        return download_table(base_info_table(self.get_queryset(), issued_on=timezone.localdate()), file_format)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        shown = [change.pk for change in context["page_obj"]]
        able = set(BaseInfoChange.objects.allowed(user, "verify").filter(pk__in=shown).values_list("pk", flat=True))
        return context | {
            "filter": self.filter,
            "able": able,
            "day": timezone.localdate(),
            "is_filtered": any(self.request.GET.get(name) for name in self.filter.filters),
            "may_add": engine.allows(user, BaseInfoChange, "add"),
            "may_forward": engine.allows(user, BaseInfoChange, "verify"),
            "timely": _timely(self.filter.qs),
            "forward_form": ForwardForm(),
        }


def _timely(rows: Any) -> dict[str, int]:
    """Of the changes whose day has come, how many were forwarded by it; those that were not so do not count."""
    today = timezone.localdate()
    due = Q(due_on__lt=today) | Q(state=BaseInfoState.FORWARDED)
    return (
        rows.exclude(state=BaseInfoState.UNFOUNDED)
        .order_by()
        .aggregate(due=Count("pk", filter=due), kept=Count("pk", filter=Q(forwarded_on__lte=F("due_on"))))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def base_info_new(request: HttpRequest) -> HttpResponse:
    """Writes down what was found; with ?visit= from a log that was handed in."""
    officer = person_of(request.user)
    if officer is None or not engine.allows(request.user, BaseInfoChange, "add"):
        raise PermissionDenied
    visit = None
    if request.GET.get("visit"):
        visit = engine.get_allowed(request.user, Visit, "view", pk__in=uuids([request.GET["visit"]]))
    form = ChangeForm(request.POST or None, user=request.user, visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            report_change(by=request.user, found_by=officer, entry=form.entry())
            messages.success(request, _("The change has been noted and goes to the community officer."))
            again = "again" in request.POST
            return redirect(request.get_full_path() if again else (visit or "base_info_list"))
        except ValidationError as error:
            add_errors(form, error)
    return render(request, "patrols/base_info_new.html", {"form": form, "visit": visit})


@require_POST
def base_info_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The community officer has looked: it is so, or it is not."""
    change = engine.get_allowed(request.user, BaseInfoChange, "verify", pk=pk)
    form = CheckForm(request.POST)
    if form.is_valid():
        try:
            check_change(by=request.user, change=change, **form.cleaned_data)
            messages.success(request, _("Noted."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
    return redirect("base_info_list")


@require_POST
def base_info_forward(request: HttpRequest) -> HttpResponse:
    """The ticked changes were handed over under one receipt."""
    if not engine.allows(request.user, BaseInfoChange, "verify"):
        raise PermissionDenied
    rows = BaseInfoChange.objects.allowed(request.user, "verify").filter(state=BaseInfoState.VERIFIED)
    form = ForwardForm(request.POST, changes=rows)
    if form.is_valid():
        try:
            done = forward_changes(by=request.user, **form.cleaned_data)
            messages.success(request, _("Forwarded: %(count)s.") % {"count": len(done)})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
    return redirect("base_info_list")
