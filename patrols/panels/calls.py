"""What waits for a call, and what is unread, on the officer's day; the same number on the village's page."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.calls import WAITING_DAYS, waiting
from patrols.week import register_panel
from villages import panels
from villages.journal import unread_of
from villages.models import Household, Officer, Village

SHOWN = 5


def journal_panel(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """What the others wrote and he has not marked as read; nothing when all is read."""
    unread = list(unread_of(request.user)[: SHOWN + 1])
    if not unread:
        return None
    return {
        "template": "patrols/_journal_panel.html",
        "context": {"entries": unread[:SHOWN], "more": len(unread) > SHOWN, "request": request},
    }


def waiting_panel(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """The households of his villages that wait longest for a call."""
    today = timezone.localdate()
    own = Household.objects.filter(village__in=Village.objects.allowed(request.user, "call"))
    counts = waiting(own, today).order_by().values("village").annotate(rows=Count("pk"))
    total = sum(row["rows"] for row in counts)
    longest = list(waiting(own, today).select_related("village")[:SHOWN]) if total else []
    if not total:
        return None
    return {
        "template": "patrols/_waiting_panel.html",
        "context": {"total": total, "longest": longest, "days": WAITING_DAYS},
    }


def village_waiting(request: HttpRequest, village: Village) -> panels.Panel | None:
    """How many of the village's households wait for a call; for its own people."""
    if not Village.objects.allowed(request.user, "call").filter(pk=village.pk).exists():
        return None
    own = Household.objects.filter(village=village)
    context = {
        "count": waiting(own, timezone.localdate()).order_by().count(),
        "total": own.count(),
        "days": WAITING_DAYS,
        "village": village,
    }
    return {"title": _("Calls on households"), "template": "patrols/_village_waiting.html", "context": context}


register_panel(journal_panel)
register_panel(waiting_panel)
panels.register(village_waiting, order=30)
