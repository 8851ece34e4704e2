"""Which level is proposed for a case: by kind and scale, one up for a party's second dispute not long after (R7)."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from patrols.choices import CaseKind, CaseLevel, CaseScale, CaseState
from patrols.ledger.deadlines import proposed_level
from patrols.models import Case, CaseParty, LedgerNorm
from villages.models import Household, Village


def usual_level(kind: str, scale: str) -> CaseLevel:
    """The level that is proposed by kind and scale alone."""
    if scale == CaseScale.LARGE_GROUP:
        return CaseLevel.RED
    if scale == CaseScale.GROUP:
        return CaseLevel.ORANGE
    return CaseLevel.YELLOW if kind == CaseKind.DISPUTE else CaseLevel.BLUE


def level_after(kind: str, scale: str, earlier: int) -> CaseLevel:
    """The same, where the party had `earlier` disputes."""
    level = usual_level(kind, scale)
    return proposed_level(level, earlier) if kind == CaseKind.DISPUTE else level


def earlier_disputes(
    village: Village, household: Household | None, people: Iterable[Any], day: date, than: Case | None = None
) -> Any:
    """Disputes of the same household or the same people not long before `day`, or before the case `than`.

    Not long is as many days as the norm says.

    In the village a name is enough. In the other villages of its station a name says little: there the phone must be
    the same too. A matter that was split off is no repetition of the one that it was split from.
    """
    days = LedgerNorm.objects.figures(day).repeat_days
    known = {(person.name, person.phone) for person in people if person.name}
    known |= {(household.head_name, household.phone)} if household else set()
    rows = Case.objects.filter(
        Q(village=village) & _named(household, known) | Q(village__station=village.station_id) & _reached(known),
        kind=CaseKind.DISPUTE,
        opened_on__gt=day - timedelta(days=days),
        opened_on__lte=day,
    ).exclude(state=CaseState.MERGED)
    return rows if than is None else rows.filter(_before(than)).exclude(_of_one_matter(than))


def _named(household: Household | None, known: set[tuple[str, str]]) -> Q:
    names = {name for name, _phone in known}
    parties = Q(name__in=names) | (Q(household=household) if household else Q())
    same = Q(pk__in=CaseParty.objects.filter(parties).order_by().values("case"))
    return same | Q(household=household) if household else same


def _reached(known: set[tuple[str, str]]) -> Q:
    """Of the same name and phone, as it was typed or in digits alone."""
    pairs = {(name, each) for name, phone in known if phone for each in (phone, re.sub(r"\D", "", phone))}
    if not pairs:
        return Q(pk__in=[])
    parties, heads = Q(), Q()
    for name, phone in sorted(pairs):
        parties |= Q(name=name, phone=phone)
        heads |= Q(head_name=name, phone=phone)
    return Q(pk__in=CaseParty.objects.filter(parties).order_by().values("case")) | Q(
        household__in=Household.objects.filter(heads).order_by().values("pk")
    )


def _before(case: Case) -> Q:
    """Opened before the case: on an earlier day, or earlier on its day."""
    same_time = Q(created_at=case.created_at, serial__lt=case.serial)
    return Q(opened_on__lt=case.opened_on) | Q(opened_on=case.opened_on) & (
        Q(created_at__lt=case.created_at) | same_time
    )


def _of_one_matter(case: Case) -> Q:
    one = Q(pk=case.pk) | Q(split_from=case)
    return one | Q(pk=case.split_from_id) | Q(split_from=case.split_from_id) if case.split_from_id else one
