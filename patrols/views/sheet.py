"""The log sheet of a visit: what its page and its A4 print show."""

from typing import Any

from django.utils.translation import gettext as _

from patrols import wording
from patrols.choices import Topic, VisitState
from patrols.entries import activities_of
from patrols.models import Photo, Visit
from patrols.views.hints import hints_of
from villages.households import sees_residents
from villages.names import name_on
from xinjin.access import engine

TONES = {VisitState.SUBMITTED: "ok", VisitState.RETURNED: "warn"}


def sheet(user: Any, visit: Visit) -> dict[str, Any]:
    """Everything in the log; residents' names in full only for the village's own people (limits on burden)."""
    attendees = list(visit.attendees.select_related("officer").order_by("officer__pinyin", "id"))
    in_full = visit.officer.user_id == user.pk or sees_residents(user, visit.village)
    return {
        "visit": visit,
        "village_name": name_on(visit.village, visit.visited_on),
        "companions": [attendee.officer for attendee in attendees if attendee.officer_id != visit.officer_id],
        "calls": [
            call_line(call, in_full) for call in visit.calls.select_related("household").order_by("position", "id")
        ],
        "deeds": [
            {"row": deed, "beneficiary": wording.beneficiary(deed, in_full=in_full)}
            for deed in visit.deeds.order_by("position", "id")
        ],
        "activities": activities_of(visit),
        "photos": visit.photos.in_order(),
        "hints": hints_of(user, visit),
        "may_inspect": engine.allows(user, Photo, "inspect"),
        "events": _events(visit),
        "names_in_full": in_full,
    }


def call_line(call: Any, in_full: bool) -> dict[str, Any]:
    """A household called on, as this reader may see it."""
    return {
        "household": wording.household(call, in_full=in_full),
        "spoke_with": wording.resident(call.spoke_with, in_full=in_full),
        "topics": [Topic(topic).label for topic in call.topics if topic in Topic.values],
        "raised": call.raised,
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
