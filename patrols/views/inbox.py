"""Reminders and notices of one person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from patrols.inbox import mark_all_read, mark_read, sentence
from patrols.models import InboxItem
from xinjin.access.engine import allows, get_allowed
from xinjin.access.views import AllowedRowsMixin


class InboxView(AllowedRowsMixin, ListView):
    """Everything that arrived, what is unread and still to be done first."""

    model = InboxItem
    template_name = "patrols/inbox.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        rows = super().get_queryset().annotate(is_done=IsNull(F("done_at"), False), is_read=IsNull(F("read_at"), False))
        return rows.order_by("is_done", "is_read", "-created_at", "-id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [(item, sentence(item)) for item in context["page_obj"]]
        context["unread"] = super().get_queryset().filter(read_at=None).count()
        return context


@require_POST
def inbox_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one item as read and goes on to what it speaks of."""
    item = get_allowed(request.user, InboxItem, pk=pk)
    mark_read(by=request.user, item=item)
    return redirect(item.context.get("url") or "inbox" if "follow" in request.POST else "inbox")


@require_POST
def inbox_read_all(request: HttpRequest) -> HttpResponse:
    """Marks everything as read."""
    if not allows(request.user, InboxItem, "view"):
        raise PermissionDenied
    mark_all_read(by=request.user)
    return redirect("inbox")
