"""Villages as the list and the page show them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.choices import ContactKind, OfficerKind, Slot
from villages.models import Assignment, FormerName, PartyPost, Village, VillageContact


@dataclass(frozen=True)
class VillageRow:
    """A village of the list with its people of the day; `gaps` names the places that nobody holds (R1)."""

    village: Village
    officer: Assignment | None
    auxiliary: Assignment | None
    household_count: int
    has_ended: bool
    gaps: list[str]
    former: list[FormerName]


def village_row(village: Any) -> VillageRow:
    """A row from a village of people.with_people()."""
    day = village.people_on
    held = {assignment.slot: assignment for assignment in village.present}
    has_ended = village.valid_to is not None and village.valid_to < day
    words = ((Slot.OFFICER, _("Officer missing")), (Slot.AUXILIARY, _("Auxiliary missing")))
    return VillageRow(
        village=village,
        officer=held.get(Slot.OFFICER),
        auxiliary=held.get(Slot.AUXILIARY),
        household_count=village.household_count,
        has_ended=has_ended,
        former=list(village.former_names.all()),
        gaps=[word for slot, word in words if slot not in held] if village.exists_on(day) else [],
    )


@dataclass(frozen=True)
class Node:
    """A place of the village's network: who stands there, and what for (R3). Without a name it is empty."""

    place: str
    purpose: str
    name: str = ""
    badge: str = ""
    phone: str = ""
    belongs: str = ""
    since: date | None = None
    number: str = ""
    is_gap: bool = False


# What each is there for (R3, R4).
PURPOSES = {
    OfficerKind.COMMUNITY: gettext_lazy("At the centre: leads the village's security work and guides the auxiliary."),
    OfficerKind.PART_TIME: gettext_lazy(
        "At the centre besides his work at the station: leads the village's security work."
    ),
    OfficerKind.LIAISON: gettext_lazy("In support: in the village every week, answers to the station for it."),
    OfficerKind.AUXILIARY: gettext_lazy("Assists: comes along on visits and patrols, helps keep the records."),
    ContactKind.COMMITTEE: gettext_lazy("The link: settles disputes at the source together with the police."),
    ContactKind.GRID_MEMBER: gettext_lazy("The link: knows the households of the grid and passes on what changes."),
    ContactKind.VOLUNTEER: gettext_lazy("The link: patrols with the police and warns the neighbours."),
}


def _held(slot: Slot, assignment: Assignment | None, seen: Collection[int], post: PartyPost | None = None) -> Node:
    if assignment is None:
        return Node(place=str(slot.label), purpose=_("Nobody holds this place."), is_gap=True)
    officer = assignment.officer
    belongs = [officer.unit.name, str(post.get_kind_display()) if post else ""]
    return Node(
        place=str(slot.label),
        purpose=str(PURPOSES[OfficerKind(officer.kind)]),
        name=officer.name,
        badge=str(officer.get_kind_display()) if slot == Slot.OFFICER else "",
        phone=officer.phone,
        belongs=" · ".join(part for part in belongs if part),
        since=assignment.start_on,
        number=officer.number if officer.pk in seen else "",
    )


def network(
    row: VillageRow, post: PartyPost | None, contacts: Iterable[VillageContact], seen: Collection[int]
) -> list[Node]:
    """The network of named people (R3): officer, auxiliary, station, then the link; kinds without anybody too.

    `seen`: the people whose pages the reader may open.
    """
    station = row.village.station
    nodes = [
        _held(Slot.OFFICER, row.officer, seen, post),
        _held(Slot.AUXILIARY, row.auxiliary, seen),
        Node(
            place=_("Station"),
            purpose=_("Leads: hears the weekly report, comments and instructs."),
            name=station.name,
            phone=station.phone,
        ),
    ]
    found: dict[str, list[VillageContact]] = {kind: [] for kind in ContactKind.values}
    for contact in contacts:
        found[contact.kind].append(contact)
    for kind, people in found.items():
        place, purpose = str(ContactKind(kind).label), str(PURPOSES[ContactKind(kind)])
        nodes += [
            Node(place, purpose, name=row.name, phone=row.phone, belongs=row.post, since=row.start_on) for row in people
        ] or [Node(place, purpose)]
    return nodes


def present_first(contacts: Iterable[VillageContact], day: date) -> list[VillageContact]:
    """Contacts in force by kind, then those still to come, then the former ones, the newest first."""
    order = {kind: position for position, kind in enumerate(ContactKind.values)}

    def key(row: VillageContact) -> tuple:
        if row.holds_on(day):
            return (0, order[row.kind], row.pinyin, row.pk)
        return (1 if row.start_on > day else 2, -(row.end_on or row.start_on).toordinal(), row.pinyin, row.pk)

    return sorted(contacts, key=key)
