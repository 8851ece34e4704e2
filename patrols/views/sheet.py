"""The log sheet of a visit: what its page and its A4 print show."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from patrols import wording
from patrols.authors import reporter_of
from patrols.choices import Topic, VisitState
from patrols.entries import activities_of
from patrols.forms.visits import NoteForm, ReturnForm
from patrols.ledger.reading import read_by, title_of
from patrols.models import BaseInfoChange, Case, Photo, Visit
from patrols.months import is_sealed
from patrols.versions import changes
from patrols.views.hints import hints_of
from patrols.visit_checks import day_mistake
from villages.households import sees_residents
from villages.names import name_on
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.periods import Month

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
        "cases": [
            (case, title_of(case))
            for case in read_by(Case.objects.allowed(user), user)
            .filter(source_visit=visit)
            .order_by("created_at", "id")
        ],
        "base_info_changes": BaseInfoChange.objects.allowed(user)
        .filter(source_visit=visit)
        .order_by("created_at", "id"),
        "base_info_rows": visit.base_info.filter(change=None).order_by("position", "id"),
        "events": _events(visit),
        "notes": visit.notes.select_related("by").order_by("at", "id"),
        **_versions(visit, in_full),
        "names_in_full": in_full,
    }


def detail_page(
    request: HttpRequest, visit: Visit, *, form: ReturnForm | None = None, note: NoteForm | None = None
) -> HttpResponse:
    """The page of a log, with what the reader may do with it; `form` or `note` when one was refused."""
    may = {
        action: Visit.objects.allowed(request.user, action).filter(pk=visit.pk).exists()
        for action in ("change", "return", "discard", "annotate")
    }
    is_locked = not day_mistake(visit) and is_sealed(Month.counting(visit.visited_on).key)
    may |= {
        "return": may["return"] and not is_locked,
        "annotate": may["annotate"] and is_locked,
        "report_change": visit.is_counting and reporter_of(request.user) is not None,
    }
    context = {
        **sheet(request.user, visit),
        "may": may,
        "form": form or ReturnForm(),
        "note_form": note or NoteForm(initial={"id": uuid4()}),
        "is_locked": is_locked,
    }
    return render(request, "patrols/visit_detail.html", context)


def side_by_side(conflict: Conflict) -> list[tuple[str, str, str]]:
    """(label, my text, their text) of everything in which the two differ."""
    return [(label, mine, conflict.theirs.get(label, "")) for label, mine in conflict.mine.items()]


def call_line(call: Any, in_full: bool) -> dict[str, Any]:
    """A household called on, as this reader may see it."""
    return {
        "household": wording.household(call, in_full=in_full),
        "spoke_with": wording.resident(call.spoke_with, in_full=in_full),
        "topics": [Topic(topic).label for topic in call.topics if topic in Topic.values],
        "raised": call.raised,
        "case_kind": call.get_case_kind_display() if call.case_kind else "",
    }


def _versions(visit: Visit, in_full: bool) -> dict[str, Any]:
    """Whether there are versions to look at, and what the author changed after the log was returned to him."""
    latest = list(visit.versions.order_by("-number")[:2])
    found: dict[str, Any] = {"has_versions": bool(latest)}
    if visit.state == VisitState.SUBMITTED and len(latest) == 2:
        new, old = latest
        found["corrected"] = {"version": new, "changes": changes(old.entry, new.entry, in_full=in_full)}
    return found


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
