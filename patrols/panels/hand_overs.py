"""The officer's week shows the hand-overs that wait for him: to be confirmed, or for his note."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from patrols.week import register_panel
from villages.hand_over_notes import with_both_sides
from villages.models import HandOverNote, Officer


def waiting(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """The open notes of the person, or None."""
    to_confirm, to_write = Q(begun__officer=officer), Q(ended__officer=officer, text="")
    rows = with_both_sides(HandOverNote.objects.filter(to_confirm | to_write, confirmed_at=None))
    notes = list(rows.order_by("-created_at", "-pk"))
    if not notes:
        return None
    return {"template": "villages/_today_hand_overs.html", "context": {"notes": notes, "officer": officer}}


register_panel(waiting, is_wide=True)
