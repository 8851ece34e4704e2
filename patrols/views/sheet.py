"""The log sheet of a visit: what its page and its A4 print show."""

from typing import Any

from django.utils.translation import gettext as _

from patrols import wording
from patrols.choices import Topic, VisitState
from patrols.entries import activities_of
from patrols.models import BaseInfoChange, Case, Visit
from villages.households import sees_residents

TONES = {VisitState.SUBMITTED: "ok", VisitState.RETURNED: "warn"}


def sheet(user: Any, visit: Visit) -> dict[str, Any]:
    """Everything in the log; residents' names in full only for the village's own people (limits on burden)."""
    attendees = list(visit.attendees.select_related("officer").order_by("officer__pinyin", "id"))
    in_full = visit.officer.user_id == user.pk or sees_residents(user, visit.village)
    return {
        "visit": visit,
        "companions": [attendee.officer for attendee in attendees if attendee.officer_id != visit.officer_id],
        "calls": [_call(call, in_full) for call in visit.calls.select_related("household").order_by("position", "id")],
        "deeds": [
            {"row": deed, "beneficiary": wording.beneficiary(deed, in_full=in_full)}
            for deed in visit.deeds.order_by("position", "id")
        ],
        "activities": activities_of(visit),
        "photos": visit.photos.order_by("uploaded_at", "id"),
        "cases": Case.objects.allowed(user).filter(source_visit=visit).order_by("created_at", "id"),
        "base_info_changes": BaseInfoChange.objects.allowed(user)
        .filter(source_visit=visit)
        .order_by("created_at", "id"),
        "events": _events(visit),
        "names_in_full": in_full,
    }


def _call(call: Any, in_full: bool) -> dict[str, Any]:
    return {
        "household": wording.household(call, in_full=in_full),
        "spoke_with": wording.resident(call.spoke_with, in_full=in_full),
        "topics": [Topic(topic).label for topic in call.topics if topic in Topic.values],
        "raised": call.raised,
        "case_kind": call.get_case_kind_display() if call.case_kind else "",
    }


def _events(visit: Visit) -> list[dict[str, Any]]:
    opened = {"at": visit.created_at, "actor": visit.officer.name, "label": _("Opened"), "note": "", "tone": ""}
    changes = [
        {
            "at": row.at,
            "actor": row.by.display_name if row.by else "",
            "label": row.get_state_display(),
            "note": row.reason,
            "tone": TONES.get(VisitState(row.state), ""),
        }
        for row in visit.transitions.select_related("by").order_by("at", "id")
    ]
    return [opened, *changes]
