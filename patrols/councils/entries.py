"""What is written of a council, as a value: it can be compared, and shown beside what another one wrote."""

from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from patrols.choices import CouncilRole
from patrols.models import CouncilMeasure, CouncilMeeting
from villages.models import Officer, VillageContact


@dataclass(frozen=True)
class MeasureEntry:
    """A measure to be agreed on. Its owner is an officer or a contact of the village."""

    what: str
    owner: Officer | VillageContact | None
    due_on: date | None

    @property
    def text(self) -> str:
        """In one line."""
        owner = self.owner.name if self.owner else "—"
        return f"{self.what}（{owner}，{self.due_on.isoformat() if self.due_on else '—'}）"


@dataclass(frozen=True)
class CouncilEntry:
    """A council as written. `officers` are those of the police who were there."""

    held_on: date
    started_at: time | None = None
    ended_at: time | None = None
    place: str = ""
    chair: str = ""
    expected_count: int | None = None
    present_count: int | None = None
    roles: tuple[str, ...] = ()
    officers: tuple[Officer, ...] = ()
    situation_month: str = ""
    agenda: str = ""
    situation: str = ""
    minutes: str = ""
    decisions: str = ""
    measures: tuple[MeasureEntry, ...] = ()


PARTS = ("officers", "measures")
OWN_FIELDS = tuple(field.name for field in fields(CouncilEntry) if field.name not in PARTS)


def entry_of(meeting: CouncilMeeting) -> CouncilEntry:
    """The stored meeting as a value."""
    own = {name: getattr(meeting, name) for name in OWN_FIELDS}
    own["roles"] = ordered(meeting.roles)
    return CouncilEntry(
        **own,
        officers=tuple(row.officer for row in meeting.attendees.select_related("officer").order_by("officer_id")),
        measures=tuple(MeasureEntry(row.what, row.officer or row.contact, row.due_on) for row in measures_of(meeting)),
    )


def ordered(roles: Any) -> tuple[str, ...]:
    """The roles in the order of their choices, each once."""
    return tuple(role.value for role in CouncilRole if role in roles)


def measures_of(meeting: CouncilMeeting) -> list[CouncilMeasure]:
    """The meeting's own measures in their order, with their owners."""
    return list(meeting.measures.select_related("officer", "contact").order_by("position", "id"))


def differences(mine: CouncilEntry, theirs: CouncilEntry) -> tuple[dict[str, str], dict[str, str]]:
    """What differs, in words: what was meant to be stored, and what is stored."""
    told: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for field in fields(CouncilEntry):
        values = getattr(mine, field.name), getattr(theirs, field.name)
        if values[0] != values[1]:
            for side, value in zip(told, values, strict=True):
                side[_label(field.name)] = _words(field.name, value)
    return told


def _label(name: str) -> str:
    if name in PARTS:
        return _("police present") if name == "officers" else _("measures")
    return str(CouncilMeeting._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(name: str, value: Any) -> str:
    if name == "measures":
        return "\n".join(measure.text for measure in value) or "—"
    if name == "officers":
        return "、".join(officer.name for officer in value) or "—"
    if name == "roles":
        return "、".join(str(CouncilRole(role).label) for role in value) or "—"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "—" if value in (None, "") else str(value)
