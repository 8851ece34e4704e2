"""A case comes into the ledger: numbered in its station's register, with owner, level and day (R6, R7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.checking import check_case, require_opening_day
from patrols.cases.clock import start_term
from patrols.cases.moves import note
from patrols.cases.notices import tell_owner, tell_red
from patrols.cases.proposing import earlier_disputes, level_after
from patrols.choices import (
    CaseAct,
    CaseCategory,
    CaseKind,
    CaseLevel,
    CaseScale,
    CaseSource,
    PartyRole,
)
from patrols.models import Case, CaseParty, Register, Visit
from villages.models import Household, Officer, Unit, Village
from villages.people import responsible_on
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.races import one_winner

SUFFIX = "派出所"


@dataclass(frozen=True)
class PartyEntry:
    """Somebody whom a case is about."""

    role: str
    name: str
    phone: str = ""
    household: Household | None = None

    def of(self, case: Case, **known: Any) -> CaseParty:
        """The row, unsaved; `known` is what else is stored of it."""
        given = {"role": self.role, "name": self.name, "phone": self.phone, "household": self.household}
        return CaseParty(case=case, **{**given, **known})


@dataclass(frozen=True)
class CaseEntry:
    """What is known of a case when it is opened. No level: as proposed. No owner: the officer responsible."""

    kind: str
    village: Village
    title: str
    category: str = CaseCategory.OTHER.value
    level: str = ""
    scale: str = CaseScale.INDIVIDUAL.value
    household: Household | None = None
    detail: str = ""
    place: str = ""
    occurred_on: date | None = None
    opened_on: date | None = None
    promised_on: date | None = None
    owner: Officer | None = None
    parties: tuple[PartyEntry, ...] = ()
    source: str = CaseSource.ENTERED.value
    source_visit: Visit | None = None
    split_from: Case | None = None


def earlier_than(entry: CaseEntry) -> Any:
    """The disputes of the same household or people before what the entry says; of a concern or a lead none."""
    if entry.kind != CaseKind.DISPUTE:
        return Case.objects.none()
    return earlier_disputes(entry.village, entry.household, entry.parties, entry.opened_on or timezone.localdate())


def level_for(entry: CaseEntry) -> CaseLevel:
    """The level chosen, or the proposed one."""
    return CaseLevel(entry.level or level_after(entry.kind, entry.scale, earlier_than(entry).count()))


def drafted(by: Any, entry: CaseEntry, id: UUID | None = None) -> tuple[Case, list[CaseParty]]:
    """The case and its parties, unsaved and without a number. Raises ValidationError with every mistake by field."""
    day, by_hand = entry.opened_on or timezone.localdate(), entry.source == CaseSource.ENTERED
    case = Case(
        kind=entry.kind,
        category=entry.category,
        scale=entry.scale,
        level=level_for(entry),
        village=entry.village,
        household=entry.household,
        title=entry.title.strip(),
        detail=entry.detail.strip(),
        place=entry.place.strip(),
        occurred_on=entry.occurred_on,
        opened_on=day,
        promised_on=entry.promised_on,
        owner=entry.owner or responsible_on(entry.village, timezone.localdate()),
        source=entry.source,
        source_visit=entry.source_visit,
        split_from=entry.split_from,
        opened_by=by,
        **({"id": id} if id is not None else {}),
    )
    if by_hand:  # the day of a visit has been judged with its log
        require_opening_day(day)
    parties = [party.of(case) for party in entry.parties]
    check_case(case, parties, needs_party=by_hand and case.kind == CaseKind.DISPUTE)
    return case, parties


def open_case(*, by: Any, entry: CaseEntry, id: UUID | None = None) -> Case:
    """Opens a case and starts its clock. Raises ValidationError with every mistake by field.

    Opened again by the same user with the same `id` it is the same case.
    """
    if id is not None and (known := Case.objects.filter(pk=id).first()) is not None:
        if known.opened_by_id != by.pk:
            raise Conflict(_("This identifier belongs to another record."))
        return known
    with one_winner():
        case, parties = drafted(by, entry, id)
        case.register, case.serial, case.number = next_number(entry.village.station, case.opened_on.year)
        if case.is_red:
            case.red_on = timezone.localdate()
        case.save(force_insert=True)
        CaseParty.objects.bulk_create(parties)
        start_term(case, case.opened_on)
        case.save(update_fields=["due_on", "next_step_on"])
        note(by, case, CaseAct.OPEN)
        record(by, CaseAct.OPEN.value, case, {"kind": case.kind, "level": case.level})
        tell_owner(case, by)
        tell_red(case)
    return case


def next_number(station: Unit, year: int) -> tuple[Register, int, str]:
    """The next number of the station's year; the register's row is held until the commit, so there is no gap."""
    Register.objects.bulk_create([Register(station=station, year=year)], ignore_conflicts=True)
    register = Register.objects.select_for_update().get(station=station, year=year)
    register.last_serial += 1
    register.save(update_fields=["last_serial"])
    return register, register.last_serial, number_text(station.name, year, register.last_serial)


def number_text(station: str, year: int, serial: int) -> str:
    """The number as it is written on paper: 花源〔2026〕12号."""
    return f"{station.removesuffix(SUFFIX)}〔{year}〕{serial}号"


def claimant(household: Household) -> PartyEntry:
    """The head of a household as the one who raised something."""
    return PartyEntry(PartyRole.CLAIMANT, household.head_name, household.phone, household)
