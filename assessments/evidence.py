"""A record behind a score as one row of a page: day, place, what it is, and its own page.

No resident's name and no address appears here; the record's own page shows them to those who may see them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from patrols.models import (
    Activity,
    BaseInfoChange,
    BaseInfoCheck,
    BriefingGiver,
    CaseTerm,
    CouncilMeeting,
    Deed,
    FollowUpCall,
    HouseholdCall,
    Visit,
    WorkReport,
)


@dataclass(frozen=True)
class EvidenceRow:
    """One record."""

    day: date
    place: str
    what: str
    url: str
    note: str = ""


def evidence_rows(records: Iterable[Any]) -> list[EvidenceRow]:
    """One row for each record; household calls of one visit share a row, as they have nothing else to tell here."""
    rows = []
    for _key, same in groupby(records, key=lambda record: getattr(record, "visit_id", None) or record.pk):
        parts = list(same)
        if isinstance(parts[0], HouseholdCall):
            told = _("Household calls: %(count)s") % {"count": len(parts)}
            rows.append(replace(evidence_row(parts[0]), what=told))
        else:
            rows += [evidence_row(part) for part in parts]
    return rows


def _dated_row(record: Any) -> EvidenceRow:
    """A record with a day by which it was to be done: when it was done, and whether in time."""
    if isinstance(record, BaseInfoChange):
        what = _changed(record)
        return EvidenceRow(
            record.due_on,
            record.village.name,
            what,
            record.get_absolute_url(),
            _kept(record.due_on, record.forwarded_on),
        )
    case = record.case
    if isinstance(record, FollowUpCall):
        what = _("Follow-up call %(number)s") % {"number": record.number}
        note = _kept(record.due_on, record.done_on)
    else:
        what = record.get_ending_display() if record.ending else _("not resolved yet")
        note = _kept(record.due_on, record.ended_on)
    return EvidenceRow(
        record.due_on,
        case.village.name,
        f"{case.number} {case.get_category_display()} · {what}",
        case.get_absolute_url(),
        note,
    )


def _changed(change: BaseInfoChange) -> str:
    return f"{change.get_subject_display()} · {change.get_action_display()}"


def _kept(due_on: date, done_on: date | None) -> str:
    """When it was done, beside the day by which it was due."""
    if done_on is None:
        return _("not done")
    day = f"{done_on:%m-%d}" if done_on.year == due_on.year else f"{done_on:%Y-%m-%d}"
    return _("%(day)s, in time") % {"day": day} if done_on <= due_on else _("%(day)s, too late") % {"day": day}


def evidence_row(record: Any) -> EvidenceRow:
    """The row of a visit, of a part of one, of a report, of a briefing, of a council, or of a record with a day."""
    if isinstance(record, CaseTerm | FollowUpCall | BaseInfoChange):
        return _dated_row(record)
    if isinstance(record, BaseInfoCheck):
        change, outcome, day = record.change, record.get_outcome_display(), record.judged_on or record.drawn_on
        return EvidenceRow(day, change.village.name, _changed(change), change.get_absolute_url(), outcome)
    if isinstance(record, BriefingGiver):
        briefing = record.briefing
        told = " ".join((_("Weekly briefing"), briefing.week.key))
        return EvidenceRow(record.given_on, briefing.village.name, told, briefing.get_absolute_url())
    if isinstance(record, CouncilMeeting):
        note = _("with situation analysis") if record.has_analysis else _("without situation analysis")
        return EvidenceRow(record.held_on, record.village.name, _("Council"), record.get_absolute_url(), note)
    if isinstance(record, WorkReport):
        note = _("late") if record.is_late else _("on time")
        return EvidenceRow(
            record.due_on,
            record.period,
            record.get_kind_display(),
            reverse("report_detail", kwargs={"pk": record.pk}),
            note,
        )
    visit = record if isinstance(record, Visit) else record.visit
    return EvidenceRow(
        visit.visited_on,
        visit.village.name,
        _what(record),
        reverse("visit_detail", kwargs={"pk": visit.pk}),
        _("entered late") if visit.is_late else "",
    )


def _what(record: Any) -> str:
    if isinstance(record, Deed):
        return " · ".join((_("Deed"), record.get_outcome_display()))
    if isinstance(record, Activity):
        people = _("%(count)s people") % {"count": record.people_count} if record.people_count else ""
        found = _("nothing found") if record.nothing_found else ""
        return " · ".join(filter(None, (record.get_kind_display(), people, found)))
    return _("Visit")
