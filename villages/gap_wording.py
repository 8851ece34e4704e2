"""Gaps in words, and what to do about each."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from villages.gaps import NEVER, Gap, GapKind
from villages.models import Assignment
from xinjin.access import engine


def about(gap: Gap) -> str:
    """What the gap speaks of, in a few words: for lists and for the inbox."""
    if gap.village is not None and gap.slot is not None:
        what, kind = gap.village.name, str(gap.slot.label)
    elif gap.absence is not None:
        what, kind = gap.absence.officer.name, gap.absence.get_kind_display()
    elif gap.officer is not None:
        what, kind = gap.officer.name, gap.officer.get_kind_display()
    else:
        return gap.unit.name if gap.unit is not None else ""
    return _("%(what)s (%(kind)s)") % {"what": what, "kind": kind}


def days(gap: Gap) -> str:
    """From when to when, in words."""
    if gap.since == NEVER:
        return _("has never held one")
    if gap.kind == GapKind.CONTACT:
        return _("nobody there since %(day)s") % {"day": f"{gap.since:%Y-%m-%d}"}
    if gap.until is None:
        return _("from %(day)s on") % {"day": f"{gap.since:%Y-%m-%d}"}
    return f"{gap.since:%Y-%m-%d} – {gap.until:%Y-%m-%d}"


def remedy(user: Any, gap: Gap) -> tuple[str, str] | None:
    """(what to do, the admin's form prefilled) for who may do it; None for others."""
    if gap.absence is not None:
        if not _works_there(user, type(gap.absence), "change"):
            return None
        return _("Name a stand-in"), reverse("admin:villages_absence_change", args=[gap.absence.pk])
    if gap.kind == GapKind.CONTACT or not _works_there(user, Assignment, "add"):
        return None
    values: dict[str, Any] = {}
    if gap.village is not None:
        values = {"village": gap.village.pk, "start_on": gap.since.isoformat()}
        if gap.kind == GapKind.PLACE_SOON:
            values["hands_over"] = "on"
    elif gap.officer is not None:
        values = {"officer": gap.officer.pk}
    words = _("Assign a village") if gap.kind == GapKind.FREE else _("Assign somebody")
    return words, f"{reverse('admin:villages_assignment_add')}?{urlencode(values)}"


def _works_there(user: Any, model: Any, action: str) -> bool:
    return user.is_staff and engine.allows(user, model, action)
