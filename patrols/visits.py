"""The work log of a visit: opened, saved, handed in, returned (每次进村撰写工作日志, R5, R10, R11).

A visit's parts are written by these verbs alone. Handing in takes, in this order, the month's row (shared), the
author's row and the visit, so that neither a sealed month nor an overlapping visit can slip past the checks.
"""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.cases.from_visits import open_from_visit, tick_mistakes
from patrols.choices import VISIT_TRANSITIONS, NoticeKind, VisitState
from patrols.duties import entry_due_on
from patrols.entries import OWN_FIELDS, VisitEntry, activities_of, differences, entry_of, parts_of, write_parts
from patrols.inbox import leave_notice, settle
from patrols.models import Attendee, Visit, VisitStandard, VisitTransition
from patrols.months import hold_open, require_open
from patrols.visit_checks import (
    assignment_on,
    completeness_mistakes,
    day_mistake,
    part_mistakes,
    raise_all,
    resolve_households,
    time_mistakes,
)
from villages.choices import Slot
from villages.models import Assignment, Officer, Village
from xinjin.audit.trail import record
from xinjin.errors import Conflict

STALE = gettext_lazy("The log was saved elsewhere in the meantime.")


def open_visit(*, by: Any, officer: Officer, village: Village, visited_on: date, id: UUID | None = None) -> Visit:
    """A new draft with its author as attendee. With the same `id` again, the same draft."""
    visit = Visit(officer=officer, village=village, visited_on=visited_on)
    if id is not None:
        visit.id = id
    _stamp(visit, households=0, deeds=0)
    try:
        with transaction.atomic():
            visit.full_clean(validate_unique=False)
            visit.save(force_insert=True)
            Attendee.objects.create(visit=visit, officer=officer, visited_on=visited_on)
            record(by, "open", visit)
    except IntegrityError:
        known = Visit.objects.filter(pk=visit.pk, officer=officer).first()
        if known is None:
            raise
        return known
    return visit


@transaction.atomic
def save_draft(*, by: Any, visit: Visit, revision: int, entry: VisitEntry) -> Visit:
    """Stores what was entered, complete or not. Storing again what is stored already changes nothing.

    Raises Conflict with both texts when the log was handed in or saved elsewhere since `revision`, ValidationError
    with every message for values that no log may have.
    """
    visit = _locked(visit)
    stored = entry_of(visit)
    if stored == entry:
        return visit
    if not visit.is_open or visit.revision != revision:
        mine, theirs = differences(entry, stored)
        message = str(STALE) if visit.is_open else _("The log has been handed in and can no longer be changed.")
        raise Conflict(message, mine=mine, theirs=theirs)
    for name in OWN_FIELDS:
        setattr(visit, name, getattr(entry, name))
    parts = parts_of(visit, entry)
    raise_all(part_mistakes(parts, complete=False), time_mistakes(visit))
    write_parts(visit, parts, entry.companions)
    _stamp(visit, households=len({call.label for call in parts["calls"] if call.label}), deeds=len(parts["deeds"]))
    visit.revision += 1
    visit.full_clean()
    visit.save()
    record(by, "save", visit, {"revision": visit.revision})
    return visit


@transaction.atomic
def submit_visit(*, by: Any, visit: Visit, revision: int) -> Visit:
    """Hands the log in. Handing in again gives the same visit and leaves no second trace.

    Raises ValidationError with every mistake at once (keys as in visit_checks), Conflict when it was saved since
    `revision`.
    """
    month_is_open = bool(day_mistake(visit)) or hold_open(visit.visited_on)
    # One at a time for each author: two logs of overlapping hours cannot both pass the check.
    Officer.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.officer_id)
    seen_on, visit = visit.visited_on, _locked(visit)
    if visit.state == VisitState.SUBMITTED:
        return visit
    if visit.revision != revision or visit.visited_on != seen_on:
        raise Conflict(str(STALE))
    _complete(by, visit, month_is_open)
    if visit.submitted_at is None:  # a correction does not make a punctual log late
        visit.is_late = timezone.localdate() > entry_due_on(visit.visited_on)
    visit.submitted_at = timezone.now()
    _move(by, visit, VisitState.SUBMITTED)
    visit.full_clean()
    visit.save()
    open_from_visit(by=by, visit=visit)
    settle(visit.officer, NoticeKind.VISIT_RETURNED, url=visit.get_absolute_url())
    record(by, "submit", visit, {"revision": visit.revision, "late": visit.is_late})
    visit.refresh_from_db()
    return visit


@transaction.atomic
def return_visit(*, by: Any, visit: Visit, reason: str) -> Visit:
    """Gives a log back to its author, who finds the reason in the inbox. Not in a locked month."""
    require_open(visit.visited_on)
    visit = _locked(visit)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say what is to be corrected.")})
    _move(by, visit, VisitState.RETURNED, reason)
    visit.save(update_fields=["state", "revision", "saved_at"])
    record(by, "return", visit, {"reason": reason})
    url = visit.get_absolute_url()
    leave_notice(visit.officer, NoticeKind.VISIT_RETURNED, name=str(visit), url=url, reason=reason)
    return visit


@transaction.atomic
def discard_draft(*, by: Any, visit: Visit) -> None:
    """Throws a draft away with its photos. What was handed in once stays."""
    visit = _locked(visit)
    if visit.state != VisitState.DRAFT:
        raise Conflict(_("Only a draft can be discarded."))
    files = [(photo.file.storage, str(photo.file.name)) for photo in visit.photos.all()]
    record(by, "discard", visit)
    visit.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))


def _locked(visit: Visit) -> Visit:
    """The visit as it stands now, held until the commit."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("village", "officer")
    found = rows.filter(pk=visit.pk).first()
    if found is None:
        raise Conflict(_("The draft has been discarded."))
    return found


def _move(by: Any, visit: Visit, state: VisitState, reason: str = "") -> None:
    if state not in VISIT_TRANSITIONS[VisitState(visit.state)]:
        raise Conflict(_("The log is no longer in a state that permits this."))
    visit.state = state
    visit.revision += 1
    transition = VisitTransition(visit=visit, state=state, by=by, reason=reason)
    transition.full_clean(exclude=("visit", "by"))
    transition.save()


def _stamp(visit: Visit, *, households: int, deeds: int) -> None:
    """Counts, and the norms of the day for the author's place in the village (R10)."""
    held = assignment_on(visit)
    slot = held.slot if held else visit.officer.slot or Slot.OFFICER
    for name, minimum in VisitStandard.objects.minimums(slot, visit.visited_on).items():
        setattr(visit, name, minimum)
    visit.household_count, visit.deed_count = households, deeds
    visit.photo_count = visit.photos.count()


def _complete(by: Any, visit: Visit, month_is_open: bool) -> None:
    """Everything that handing in demands and fixes, or one ValidationError with all that is wrong."""
    calls = list(visit.calls.select_related("household").order_by("position", "id"))
    deeds = list(visit.deeds.order_by("position", "id"))
    unknown = resolve_households(by=by, visit=visit, calls=calls)
    _stamp(visit, households=len({call.household_id for call in calls if call.household_id}), deeds=len(deeds))
    raise_all(
        completeness_mistakes(visit, month_is_open=month_is_open),
        unknown,
        tick_mistakes(calls),
        part_mistakes({"calls": calls, "deeds": deeds, "activities": activities_of(visit)}, complete=True),
    )
    visit.calls.bulk_update(calls, ["household"])
    held = Assignment.objects.on(visit.visited_on).filter(village=visit.village)
    place = {assignment.officer_id: assignment for assignment in held}
    for attendee in visit.attendees.all():
        attendee.assignment = place.get(attendee.officer_id)
        attendee.save(update_fields=["assignment"])
