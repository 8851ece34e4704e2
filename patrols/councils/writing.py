"""A council is opened, written by its village's people, handed in, corrected until its month is locked (R12).

Handing in takes the month's row (shared) and the meeting, in this order, as a visit does. It freezes the situation that
the council heard. A second handing in of the same text is the same council.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import CouncilState, NoticeKind
from patrols.councils.checks import mistakes_of, officers_of, require, usual_month
from patrols.councils.entries import OWN_FIELDS, PARTS, CouncilEntry, differences, entry_of
from patrols.councils.measures import carried, snapshot
from patrols.inbox import settle
from patrols.models import CouncilAttendee, CouncilMeasure, CouncilMeeting
from patrols.months import require_open
from patrols.situation.figures import situation
from patrols.situation.scope import Scope
from patrols.situation.wording import draft
from villages.models import Assignment, Officer, Village
from xinjin.audit.trail import record
from xinjin.errors import Conflict

RELATED = ("village__station", "officer")


def open_council(*, by: Any, officer: Officer, village: Village, held_on: date | None = None) -> CouncilMeeting:
    """The village's draft: the one there is, or a new one with the agenda and the situation filled in."""
    day = held_on or timezone.localdate()
    found = _draft_of(village)
    if found is not None:
        return found
    meeting = CouncilMeeting(
        village=village, officer=officer, held_on=day, situation_month=usual_month(day).key, agenda=usual_agenda()
    )
    require(mistakes_of(meeting, CouncilEntry(day, situation_month=meeting.situation_month), complete=False))
    heard = situation(Scope(village=village), meeting.analysed, timezone.localdate())
    meeting.situation = draft(heard, carried(meeting))
    try:
        with transaction.atomic():
            meeting.full_clean(validate_constraints=False)
            meeting.save(force_insert=True)
            _write_officers(meeting, officers_of(village, day))
            record(by, "open", meeting)
    except IntegrityError:
        found = _draft_of(village)
        if found is None:
            raise
        return found
    return meeting


def _draft_of(village: Village) -> CouncilMeeting | None:
    return CouncilMeeting.objects.filter(village=village, state=CouncilState.DRAFT).first()


def usual_agenda() -> str:
    """What every council does (R12)."""
    return "\n".join(
        (
            _("1. The month's security situation"),
            _("2. What became of the measures of the last council"),
            _("3. Assessment of the situation, opinions"),
            _("4. Measures until the next council"),
        )
    )


@transaction.atomic
def save_council(*, by: Any, meeting: CouncilMeeting, revision: int, entry: CouncilEntry) -> CouncilMeeting:
    """Stores what was written. What was handed in is corrected so, until its month is locked; its measures stand.

    Raises Conflict with both texts when somebody else has saved since `revision`, ValidationError with all mistakes.
    """
    was_draft = meeting.is_draft
    if not was_draft:
        _require_open(meeting.held_on, entry.held_on)
    meeting = _locked(meeting)
    stored = entry_of(meeting)
    if stored == entry:
        return meeting
    if meeting.revision != revision or meeting.is_draft != was_draft:
        mine, theirs = differences(entry, stored)
        raise Conflict(_("The council was changed elsewhere in the meantime."), mine=mine, theirs=theirs)
    if not meeting.is_draft:
        entry = replace(entry, measures=stored.measures)
    require(mistakes_of(meeting, entry, complete=not meeting.is_draft))
    changed = [name for name in (*OWN_FIELDS, *PARTS) if getattr(entry, name) != getattr(stored, name)]
    if not changed:
        return meeting
    _write(meeting, entry, stored)
    record(by, "save" if meeting.is_draft else "correct", meeting, {"fields": changed})
    return meeting


@transaction.atomic
def hold_council(*, by: Any, meeting: CouncilMeeting, revision: int) -> CouncilMeeting:
    """Hands the council in as held. Handing in again gives the same council and leaves no second trace."""
    seen_on = meeting.held_on
    _require_open(seen_on)
    meeting = _locked(meeting)
    if meeting.state == CouncilState.HELD:
        return meeting
    if meeting.revision != revision or meeting.held_on != seen_on:
        raise Conflict(_("The council was changed elsewhere in the meantime."))
    require(mistakes_of(meeting, entry_of(meeting), complete=True))
    today = timezone.localdate()
    heard = situation(Scope(village=meeting.village), meeting.analysed, today)
    meeting.figures = {
        "tally": dict(heard.figures.tally),
        "as_of": today.isoformat(),
        "measures": [snapshot(measure) for measure in carried(meeting)],
    }
    meeting.state, meeting.handed_in_at = CouncilState.HELD, timezone.now()
    meeting.revision += 1
    meeting.full_clean()
    meeting.save()
    _place_officers(meeting)
    for attendee in meeting.attendees.select_related("officer"):
        settle(attendee.officer, NoticeKind.COUNCIL_DUE, period=f"{meeting.village.code} {meeting.month.key}")
    record(by, "hand in", meeting, {"revision": meeting.revision, "analysis": meeting.situation != ""})
    meeting.refresh_from_db()
    return meeting


@transaction.atomic
def discard_council(*, by: Any, meeting: CouncilMeeting) -> None:
    """Throws a draft away. What was handed in stays."""
    meeting = _locked(meeting)
    if meeting.state != CouncilState.DRAFT:
        raise Conflict(_("Only a draft can be discarded."))
    record(by, "discard", meeting)
    meeting.delete()


@transaction.atomic
def comment_council(*, by: Any, meeting: CouncilMeeting, comment: str) -> CouncilMeeting:
    """What the station says to a council that was held; a later comment takes the place of the earlier one."""
    meeting = _locked(meeting)
    if meeting.state != CouncilState.HELD:
        raise Conflict(_("The council has not been handed in."))
    if not comment.strip():
        raise ValidationError({"comment": _("A comment is needed.")})
    meeting.comment, meeting.commented_at, meeting.commented_by = comment.strip(), timezone.now(), by
    meeting.full_clean()
    meeting.save(update_fields=["comment", "commented_at", "commented_by"])
    record(by, "comment", meeting, {"comment": meeting.comment})
    return meeting


def _require_open(*days: date) -> None:
    """The months of the days stay open until the commit; a locked one takes no council and no correction."""
    for day in sorted(set(days)):
        require_open(day)


def _locked(meeting: CouncilMeeting) -> CouncilMeeting:
    rows = CouncilMeeting.objects.select_for_update(of=("self",)).select_related(*RELATED)
    found = rows.filter(pk=meeting.pk).first()
    if found is None:
        raise Conflict(_("The draft has been discarded."))
    return found


def _write(meeting: CouncilMeeting, entry: CouncilEntry, stored: CouncilEntry) -> None:
    for name in OWN_FIELDS:
        setattr(meeting, name, getattr(entry, name))
    meeting.roles = list(entry.roles)
    meeting.revision += 1
    meeting.full_clean()
    meeting.save()
    if entry.officers != stored.officers:
        meeting.attendees.exclude(officer__in=entry.officers).delete()
        known = set(meeting.attendees.values_list("officer", flat=True))
        _write_officers(meeting, [officer for officer in entry.officers if officer.pk not in known])
    if entry.measures != stored.measures:
        _write_measures(meeting, entry)
    _place_officers(meeting)


def _write_officers(meeting: CouncilMeeting, officers: Any) -> None:
    CouncilAttendee.objects.bulk_create(
        CouncilAttendee(meeting=meeting, officer=officer, held_on=meeting.held_on) for officer in officers
    )


def _place_officers(meeting: CouncilMeeting) -> None:
    """For which assignment the meeting counts for each of those present, and whether it counts."""
    held = Assignment.objects.on(meeting.held_on).filter(village=meeting.village)
    place = dict(held.values_list("officer", "pk"))
    rows = list(meeting.attendees.all())
    for row in rows:
        row.assignment_id = place.get(row.officer_id)
        row.held_on = meeting.held_on
        row.is_counting = meeting.state == CouncilState.HELD
        row.has_analysis = meeting.situation != ""
    CouncilAttendee.objects.bulk_update(rows, ["assignment", "held_on", "is_counting", "has_analysis"])


def _write_measures(meeting: CouncilMeeting, entry: CouncilEntry) -> None:
    meeting.measures.all().delete()
    rows = []
    for position, measure in enumerate(entry.measures):
        owner = {"officer" if isinstance(measure.owner, Officer) else "contact": measure.owner}
        values: dict[str, Any] = {"what": measure.what, "due_on": measure.due_on, "position": position, **owner}
        row = CouncilMeasure(meeting=meeting, village=meeting.village, **values)
        row.full_clean(exclude=["meeting", "village"])
        rows.append(row)
    CouncilMeasure.objects.bulk_create(rows)
