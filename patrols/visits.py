"""The work log of a visit: opened, saved, handed in, returned (每次进村撰写工作日志, R5, R10, R11).

A visit's parts are written by these verbs alone. Handing in takes, in this order, the month's row (shared), the
author's row and the visit, so that neither a sealed month nor an overlapping visit can slip past the checks.

A draft is saved as its author types. The trail gets one "save" for a spell of writing, not one for each: it says who
wrote when, and never becomes a clock of somebody's working day. What a log said is kept whole at each handing in.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.base_info_rows import report_from_visit, with_records
from patrols.cases.from_visits import open_from_visit, tick_mistakes
from patrols.choices import VISIT_TRANSITIONS, NoticeKind, VisitState
from patrols.duties import entry_due_on
from patrols.entries import OWN_FIELDS, VisitEntry, activities_of, differences, entry_of, parts_of, write_parts
from patrols.inbox import leave_notice, settle
from patrols.models import Attendee, Visit, VisitStandard, VisitTransition
from patrols.months import hold_open, require_open
from patrols.pictures.files import drop_files_after_commit
from patrols.pictures.hints import notice_times
from patrols.versions import keep_version
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
from xinjin.audit.trail import record, record_spell
from xinjin.errors import Conflict

STALE = gettext_lazy("The log was saved elsewhere in the meantime.")
SPELL = timedelta(minutes=10)


class OpenPage(NamedTuple):
    """The page on which something was typed, and the how-manieth save of it this is."""

    id: UUID
    step: int


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
            raise Conflict(_("This identifier belongs to another record.")) from None
        return known
    return visit


@transaction.atomic
def save_draft(*, by: Any, visit: Visit, revision: int, entry: VisitEntry, page: OpenPage | None = None) -> Visit:
    """Stores what was entered, complete or not. Storing again what is stored already changes nothing.

    Raises Conflict with both texts when the log was handed in or saved elsewhere since `revision`, ValidationError
    with every message for values that no log may have. What the same open `page` saved before does not count as
    elsewhere: its answer may have been lost on the way.
    """
    visit = _locked(visit)
    stored = entry_of(visit)
    entry = replace(entry, base_info=with_records(visit, entry.base_info, stored.base_info))
    if stored == entry:
        return visit
    if not visit.is_open or visit.revision != revision and not _continues(visit, page):
        mine, theirs = differences(entry, stored)
        message = str(STALE) if visit.is_open else _("The log has been handed in and can no longer be changed.")
        raise Conflict(message, mine=mine, theirs=theirs)
    for name in OWN_FIELDS:
        setattr(visit, name, getattr(entry, name))
    parts = parts_of(visit, entry)
    raise_all(part_mistakes(parts, complete=False), time_mistakes(visit))
    # Parts as they stand follow the visit's date by themselves (migration 0002).
    write_parts(
        visit,
        {name: rows for name, rows in parts.items() if getattr(entry, name) != getattr(stored, name)},
        entry.companions,
    )
    _stamp(visit, households=len({call.label for call in parts["calls"] if call.label}), deeds=len(parts["deeds"]))
    visit.revision += 1
    visit.saved_by_page, visit.saved_by_step = page or (None, 0)
    visit.full_clean()
    visit.save()
    if visit.expiry_told_at:
        settle(visit.officer, NoticeKind.DRAFT_EXPIRING, url=edit_url(visit))
    record_spell(by, "save", visit, {"revision": visit.revision}, within=SPELL)
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
    notice_times(visit)
    open_from_visit(by=by, visit=visit)
    report_from_visit(by=by, visit=visit)
    settle(visit.officer, NoticeKind.VISIT_RETURNED, url=visit.get_absolute_url())
    settle(visit.officer, NoticeKind.DRAFT_EXPIRING, url=edit_url(visit))
    version = keep_version(visit, by=by)
    record(by, "submit", visit, {"revision": visit.revision, "late": visit.is_late, "version": version.number})
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
    if visit.state == VisitState.SUBMITTED and not visit.versions.exists():
        # Handed in before versions were kept: what the station has read is kept before its author changes it.
        keep_version(visit, by=visit.officer.user, at=visit.submitted_at)
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
    record(by, "discard", visit)
    delete_draft(visit)


def delete_draft(visit: Visit) -> None:
    """Deletes a draft and, when the transaction has held, the files of its photos; the caller holds and records it."""
    drop_files_after_commit(list(visit.photos.all()))
    settle(visit.officer, NoticeKind.DRAFT_EXPIRING, url=edit_url(visit))
    visit.delete()


def edit_url(visit: Visit) -> str:
    """Where the log is written."""
    return reverse("visit_edit", args=[visit.pk])


def _continues(visit: Visit, page: OpenPage | None) -> bool:
    """Whether the stored text is an earlier save of the same open page. A late older save does not continue it."""
    return page is not None and visit.saved_by_page == page.id and visit.saved_by_step < page.step


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
    base_info = list(visit.base_info.order_by("position", "id"))
    unknown = resolve_households(by=by, visit=visit, calls=calls)
    _stamp(visit, households=len({call.household_id for call in calls if call.household_id}), deeds=len(deeds))
    raise_all(
        completeness_mistakes(visit, month_is_open=month_is_open),
        unknown,
        tick_mistakes(calls),
        part_mistakes(
            {"calls": calls, "deeds": deeds, "activities": activities_of(visit), "base_info": base_info}, complete=True
        ),
    )
    visit.calls.bulk_update(calls, ["household"])
    held = Assignment.objects.on(visit.visited_on).filter(village=visit.village)
    place = {assignment.officer_id: assignment for assignment in held}
    for attendee in visit.attendees.all():
        attendee.assignment = place.get(attendee.officer_id)
        attendee.save(update_fields=["assignment"])
