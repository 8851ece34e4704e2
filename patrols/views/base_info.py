"""Base-info changes: found, verified, forwarded. What follows is in base_info_after."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patrols.authors import reporter_of
from patrols.base_info import check_change, forward_changes, report_change
from patrols.choices import BaseInfoState
from patrols.forms.base_info import ChangeForm, CheckForm, ForwardForm
from patrols.lists import BASE_INFO
from patrols.models import BaseInfoChange, BaseInfoCheck, BaseInfoTransfer, Visit
from patrols.views.asked import uuids
from xinjin.access import engine
from xinjin.forms import add_errors
from xinjin.idempotency.pages import once_a_page
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage

PAGE_SIZE = 50


class BaseInfoList(ListPage):
    """The changes that the user may see."""

    definition = BASE_INFO
    template_name = "patrols/base_info_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        user = self.request.user
        waits = BaseInfoChange.objects.allowed(user, "verify").waiting()
        return {
            "may_add": reporter_of(user) is not None,
            "may_verify": engine.allows(user, BaseInfoChange, "verify"),
            "may_check": engine.allows(user, BaseInfoCheck, "add"),
            "may_transfer": engine.allows(user, BaseInfoTransfer, "add"),
            "waits": waits.count(),
        }


@require_safe
def base_info_work(request: HttpRequest) -> HttpResponse:
    """What waits for the user: to be verified, and to be forwarded under a receipt; with ?change= one of them."""
    if not engine.allows(request.user, BaseInfoChange, "verify"):
        raise PermissionDenied
    return _work_page(request)


def _work_page(
    request: HttpRequest, forward_form: ForwardForm | None = None, refused: tuple[Any, Form] | None = None
) -> HttpResponse:
    """The page, with what was typed when it was refused: below a receipt, or in the row of one change."""
    rows = BaseInfoChange.objects.allowed(request.user, "verify").waiting()
    if key := request.GET.get("change"):
        rows = rows.filter(pk__in=uuids([key]))
    rows = rows.select_related("village", "found_by").order_by("-state", "due_on", "created_at", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "day": timezone.localdate(),
        "forward_form": forward_form or ForwardForm(),
        "ticked": forward_form.data.getlist("changes") if forward_form else [],  # type: ignore[attr-defined]
        "refused_row": refused[0] if refused else None,
        "refused": refused[1] if refused else None,
        "is_one": bool(key),
        "has_verified": any(change.state == BaseInfoState.VERIFIED for change in page),
    }
    return render(request, "patrols/base_info_work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def base_info_new(request: HttpRequest) -> HttpResponse:
    """Writes down what was found; with ?visit= from a log that was handed in."""
    officer = reporter_of(request.user)
    if officer is None:
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
    if noted(request, form, partial(check_change, by=request.user, change=change)):
        return redirect("base_info_work")
    return _work_page(request, refused=(change.pk, form))


def noted(request: HttpRequest, form: Form, verb: Callable[..., Any]) -> bool:
    """Calls the verb with what the form says and tells so; what is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        verb(**form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    messages.success(request, _("Noted."))
    return True


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
            return redirect("base_info_work")
        except ValidationError as error:
            add_errors(form, error)
    return _work_page(request, form)
