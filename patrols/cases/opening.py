"""A case comes into the ledger: numbered in its station's register, with owner, level and day (R6, R7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.checking import check_case, require_opening_day
from patrols.cases.clock import start_term
from patrols.cases.moves import note
from patrols.cases.notices import tell_owner, tell_red
from patrols.choices import (
    CaseAct,
    CaseCategory,
    CaseKind,
    CaseLevel,
    CaseScale,
    CaseSource,
    CaseState,
    PartyRole,
)
from patrols.ledger.deadlines import proposed_level
from patrols.models import Case, CaseParty, LedgerNorm, Register, Visit
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

    @property
    def names(self) -> list[str]:
        """The names of its parties."""
        return [party.name for party in self.parties if party.name]


def usual_level(kind: str, scale: str) -> CaseLevel:
    """The level that is proposed by kind and scale alone."""
    if scale == CaseScale.LARGE_GROUP:
        return CaseLevel.RED
    if scale == CaseScale.GROUP:
        return CaseLevel.ORANGE
    return CaseLevel.YELLOW if kind == CaseKind.DISPUTE else CaseLevel.BLUE


def earlier_disputes(
    village: Village, household: Household | None, names: list[str], day: date, within: int | None = None
) -> Any:
    """Disputes of the same household or of people of the same name in the village within the days of the norm."""
    days = LedgerNorm.objects.figures(day).repeat_days if within is None else within
    same = Q(parties__name__in=names)
    if household is not None:
        same |= Q(household=household) | Q(parties__household=household) | Q(parties__name=household.head_name)
    rows = Case.objects.filter(
        same,
        kind=CaseKind.DISPUTE,
        village=village,
        opened_on__gt=day - timedelta(days=days),
        opened_on__lte=day,
    )
    return Case.objects.filter(pk__in=rows.exclude(state=CaseState.MERGED).values("pk"))


def level_for(entry: CaseEntry, day: date) -> CaseLevel:
    """The level chosen, or the proposed one: one up for a party's second dispute within the days of the norm."""
    if entry.level:
        return CaseLevel(entry.level)
    level = usual_level(entry.kind, entry.scale)
    if entry.kind != CaseKind.DISPUTE:
        return level
    return proposed_level(level, earlier_disputes(entry.village, entry.household, entry.names, day).count())


def open_case(*, by: Any, entry: CaseEntry, id: UUID | None = None) -> Case:
    """Opens a case and starts its clock. Raises ValidationError with every mistake by field.

    Opened again by the same user with the same `id` it is the same case.
    """
    if id is not None and (known := Case.objects.filter(pk=id).first()) is not None:
        if known.opened_by_id != by.pk:
            raise Conflict(_("This identifier belongs to another record."))
        return known
    with one_winner():
        day = entry.opened_on or timezone.localdate()
        if entry.source == CaseSource.ENTERED:  # the day of a visit has been judged with its log
            require_opening_day(day)
        case = Case(
            kind=entry.kind,
            category=entry.category,
            scale=entry.scale,
            level=level_for(entry, day),
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
        parties = [party.of(case) for party in entry.parties]
        by_hand = entry.source == CaseSource.ENTERED
        check_case(case, parties, needs_party=by_hand and case.kind == CaseKind.DISPUTE)
        case.register, case.serial, case.number = next_number(entry.village.station, day.year)
        if case.is_red:
            case.red_on = timezone.localdate()
        case.save(force_insert=True)
        CaseParty.objects.bulk_create(parties)
        start_term(case, day)
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
