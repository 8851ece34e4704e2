"""Finding a household of a village: by address, and for the village's own people also by name; unmasking it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from villages.masking import mask_name
from villages.models import Household, Village
from xinjin.accounts.models import User
from xinjin.audit.trail import record_many

FOUND_AT_ONCE = 20

# func(household keys) → {household: the day of its last call}; the app that keeps the calls registers it.
LastCalls = Callable[[Sequence[int]], dict[int, date]]
_last_calls: list[LastCalls] = []


def register_last_calls(last: LastCalls) -> LastCalls:
    """Who knows when a household was called on last; the newest registration answers."""
    _last_calls[:] = [last]
    return last


def last_calls(keys: Sequence[int]) -> dict[int, date]:
    """{household: the day of its last call}, without those never called on."""
    return _last_calls[0](keys) if _last_calls and keys else {}


def sees_residents(user: Any, village: Village) -> bool:
    """Whether the user is one of the village's own people, who read names and phones in full."""
    return Village.objects.allowed(user, "unmask").filter(pk=village.pk).exists()


def home_of(village: Village) -> tuple[Village, str]:
    """The village in which the households of `village` are kept, and what leads their addresses there.

    After a merger both differ (villages/mergers.py); so a log of the old village that is handed in late still finds
    the household that it speaks of.
    """
    lead = ""
    while village.merged_into is not None:
        lead, village = f"{village.name}{lead}", village.merged_into
    return village, lead


def households_of(village: Village) -> QuerySet[Household]:
    """The households of `village`, wherever they are kept by now."""
    home, lead = home_of(village)
    return home.households.filter(address__startswith=lead) if lead else home.households.all()


def search_households(village: Village, text: str, *, by_name: bool) -> QuerySet:
    """Households of `village` whose address holds `text`, or with `by_name` whose head's name, pinyin or initials do.

    Masked readers search by address alone, or the search would answer what the mask hides.
    """
    return matching(households_of(village).order_by("address", "pk"), text, by_name=by_name)


def matching(rows: QuerySet, text: str, *, by_name: bool) -> QuerySet:
    """`rows` that hold `text`. Letters are compared without case; characters as they are, which costs a third."""
    text = text.strip()
    if not text:
        return rows
    has_letters = text.upper() != text.lower()
    holds = "icontains" if has_letters else "contains"
    found = Q(**{f"address__{holds}": text})
    if by_name:
        found |= Q(**{f"head_name__{holds}": text})
    if by_name and has_letters:
        lower = text.lower().replace(" ", "")
        found |= Q(pinyin__startswith=lower) | Q(initials__startswith=lower)
    return rows.filter(found)


def label(household: Household, *, in_full: bool) -> str:
    """Address and head in one line."""
    return f"{household.address} {household.head_name if in_full else mask_name(household.head_name)}"


@transaction.atomic
def reveal_households(*, by: User, households: Sequence[Household], reason: str) -> None:
    """Writes down that `by` is shown these households in full, each one, and why; nothing is shown without."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why the names are needed.")})
    record_many(by, "reveal", [(household, {"reason": reason}) for household in households])
