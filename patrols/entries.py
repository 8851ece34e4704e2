"""What an officer enters about a visit, as one value: read from a form, compared with what is stored, written.

Equal values make a repeated post harmless, and unequal ones tell the writer of a stale page what differs.
"""

from dataclasses import dataclass, fields
from datetime import date, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import ActivityKind, BaseInfoAction, BaseInfoSubject, CaseKind, DeedOutcome, Topic
from patrols.models import Activity, Attendee, BaseInfoRow, Deed, HouseholdCall, Visit
from villages.models import Officer, Village

KIND_ORDER = list(ActivityKind.values)
# Fields of the entry that are fields of the visit itself.
OWN_FIELDS = (
    "village", "visited_on", "started_at", "ended_at", "summary", "photo_waiver", "shortfall_reason",
)  # fmt: skip


@dataclass(frozen=True)
class CallEntry:
    """A household called on; `household` is "address head of household" as typed."""

    household: str = ""
    spoke_with: str = ""
    topics: tuple[str, ...] = ()
    raised: str = ""
    case_kind: str = ""

    def __str__(self) -> str:
        topics = "、".join(str(Topic(topic).label) for topic in self.topics if topic in Topic.values)
        case = str(CaseKind(self.case_kind).label) if self.case_kind in CaseKind.values else ""
        return " · ".join(part for part in (self.household, self.spoke_with, topics, self.raised, case) if part)


@dataclass(frozen=True)
class DeedEntry:
    """A practical deed; incomplete while the visit is a draft."""

    beneficiary: str = ""
    matter: str = ""
    outcome: str = DeedOutcome.DONE.value
    result: str = ""

    def __str__(self) -> str:
        outcome = str(DeedOutcome(self.outcome).label) if self.outcome in DeedOutcome.values else ""
        return " · ".join(part for part in (self.beneficiary, self.matter, outcome, self.result) if part)


@dataclass(frozen=True)
class ActivityEntry:
    """A briefing, publicity, group patrol or screening during the visit."""

    kind: str
    people_count: int | None = None
    nothing_found: bool = False
    note: str = ""
    opens_case: bool = False
    case_kind: str = CaseKind.DISPUTE.value

    def __str__(self) -> str:
        people = _("%(count)s people") % {"count": self.people_count} if self.people_count is not None else ""
        nothing = _("nothing found") if self.nothing_found else ""
        case = str(CaseKind(self.case_kind).label) if self.opens_case and self.case_kind in CaseKind.values else ""
        return " · ".join(
            part for part in (str(ActivityKind(self.kind).label), people, nothing, self.note, case) if part
        )


@dataclass(frozen=True)
class BaseInfoEntry:
    """A change of the base information that was found; `change` names the record once handing in has made it."""

    subject: str = ""
    action: str = ""
    address: str = ""
    what: str = ""
    change: str = ""

    def __str__(self) -> str:
        subject = str(BaseInfoSubject(self.subject).label) if self.subject in BaseInfoSubject.values else ""
        action = str(BaseInfoAction(self.action).label) if self.action in BaseInfoAction.values else ""
        return " · ".join(part for part in (subject, action, self.address, self.what) if part)


@dataclass(frozen=True)
class VisitEntry:
    """All that the author writes of a visit. Rows are in the order of the page; photos are apart."""

    village: Village
    visited_on: date
    started_at: time | None = None
    ended_at: time | None = None
    companions: frozenset[Officer] = frozenset()
    calls: tuple[CallEntry, ...] = ()
    deeds: tuple[DeedEntry, ...] = ()
    activities: tuple[ActivityEntry, ...] = ()
    base_info: tuple[BaseInfoEntry, ...] = ()
    summary: str = ""
    photo_waiver: str = ""
    shortfall_reason: str = ""

    def __post_init__(self) -> None:
        in_order = sorted(self.activities, key=lambda row: KIND_ORDER.index(row.kind))
        object.__setattr__(self, "activities", tuple(in_order))


LABELS = {
    "companions": gettext_lazy("Companions"),
    "calls": gettext_lazy("Households called on"),
    "deeds": gettext_lazy("Deeds"),
    "activities": gettext_lazy("What was done"),
    "base_info": gettext_lazy("Base-info changes"),
}


def activities_of(visit: Visit) -> list[Activity]:
    """The activities in the order of the page."""
    return sorted(visit.activities.all(), key=lambda activity: KIND_ORDER.index(activity.kind))


def entry_of(visit: Visit) -> VisitEntry:
    """What is stored; five queries unless the parts are prefetched."""
    return VisitEntry(
        **{name: getattr(visit, name) for name in OWN_FIELDS},
        companions=frozenset(
            attendee.officer
            for attendee in visit.attendees.select_related("officer")
            if attendee.officer_id != visit.officer_id
        ),
        calls=tuple(
            CallEntry(call.label, call.spoke_with, tuple(call.topics), call.raised, call.case_kind)
            for call in sorted(visit.calls.select_related("household"), key=lambda call: (call.position, call.pk))
        ),
        deeds=tuple(
            DeedEntry(deed.beneficiary, deed.matter, deed.outcome, deed.result)
            for deed in sorted(visit.deeds.all(), key=lambda deed: (deed.position, deed.pk))
        ),
        activities=tuple(
            ActivityEntry(
                activity.kind,
                activity.people_count,
                activity.nothing_found,
                activity.note,
                activity.opens_case,
                activity.case_kind,
            )
            for activity in activities_of(visit)
        ),
        base_info=tuple(
            BaseInfoEntry(row.subject, row.action, row.address, row.what, str(row.change_id or ""))
            for row in sorted(visit.base_info.all(), key=lambda row: (row.position, row.pk))
        ),
    )


def differences(mine: VisitEntry, theirs: VisitEntry) -> tuple[dict[str, str], dict[str, str]]:
    """({label: my text}, {label: their text}) of everything in which the two differ."""
    names = [field.name for field in fields(VisitEntry) if getattr(mine, field.name) != getattr(theirs, field.name)]
    return {label_of(name): _text(mine, name) for name in names}, {
        label_of(name): _text(theirs, name) for name in names
    }


def label_of(name: str) -> str:
    """What a field of the entry is called on the page."""
    return str(LABELS[name] if name in LABELS else Visit._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _text(entry: VisitEntry, name: str) -> str:
    value = getattr(entry, name)
    if isinstance(value, frozenset):
        return "、".join(sorted(officer.name for officer in value))
    if isinstance(value, tuple):
        return "\n".join(str(row) for row in value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value or "")


def parts_of(visit: Visit, entry: VisitEntry) -> dict[str, list]:
    """The rows of the visit's parts as they would be stored, by the prefix that names them in messages."""
    return {
        "calls": [
            HouseholdCall(
                visit=visit, entered=row.household, called_on=entry.visited_on, spoke_with=row.spoke_with,
                topics=list(row.topics), raised=row.raised, case_kind=row.case_kind, position=position,
            )
            for position, row in enumerate(entry.calls)
        ],
        "deeds": [
            Deed(
                visit=visit, visited_on=entry.visited_on, beneficiary=row.beneficiary, matter=row.matter,
                outcome=row.outcome, result=row.result, position=position,
            )
            for position, row in enumerate(entry.deeds)
        ],
        "activities": [
            Activity(
                visit=visit, visited_on=entry.visited_on, kind=row.kind, people_count=row.people_count,
                nothing_found=row.nothing_found, note=row.note, opens_case=row.opens_case,
                case_kind=row.case_kind,
            )
            for row in entry.activities
        ],
        "base_info": [
            BaseInfoRow(
                visit=visit, subject=row.subject, action=row.action, address=row.address, what=row.what,
                change_id=row.change or None, position=position,
            )
            for position, row in enumerate(entry.base_info)
        ],
    }  # fmt: skip


def write_parts(visit: Visit, parts: dict[str, list], companions: frozenset[Officer]) -> None:
    """Replaces these stored parts, and the attendees; the caller holds the visit."""
    for related, rows in parts.items():
        getattr(visit, related).all().delete()
        getattr(visit, related).bulk_create(rows)
    people = {visit.officer, *companions}
    visit.attendees.exclude(officer__in=people).delete()
    missing = people - {attendee.officer for attendee in visit.attendees.select_related("officer")}
    Attendee.objects.bulk_create(
        [Attendee(visit=visit, officer=officer, visited_on=visit.visited_on) for officer in missing]
    )
