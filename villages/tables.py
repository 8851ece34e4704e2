"""Villages as the list and the page show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from villages.choices import ContactKind, Slot
from villages.models import Assignment, FormerName, Village, VillageContact


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
    exists = village.valid_from <= day and not has_ended
    return VillageRow(
        village=village,
        officer=held.get(Slot.OFFICER),
        auxiliary=held.get(Slot.AUXILIARY),
        household_count=village.household_count,
        has_ended=has_ended,
        former=list(village.former_names.all()),
        gaps=[word for slot, word in words if slot not in held] if exists else [],
    )


def contacts_by_kind(contacts: Iterable[VillageContact]) -> list[tuple[str, list[VillageContact]]]:
    """[(label of the kind, its contacts)] in the order of the network (R3); kinds without contacts too."""
    found: dict[str, list[VillageContact]] = {kind: [] for kind in ContactKind.values}
    for contact in contacts:
        found[contact.kind].append(contact)
    return [(str(ContactKind(kind).label), rows) for kind, rows in found.items()]
