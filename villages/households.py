"""Finding a household of a village: by address, and for the village's own people also by name."""

from typing import Any

from django.db.models import Q, QuerySet

from villages.masking import mask_name
from villages.models import Household, Village

FOUND_AT_ONCE = 20


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
    rows = households_of(village).order_by("address", "pk")
    text = text.strip()
    if not text:
        return rows
    found = Q(address__icontains=text)
    if by_name:
        lower = text.lower().replace(" ", "")
        found |= Q(head_name__icontains=text) | Q(pinyin__startswith=lower) | Q(initials__startswith=lower)
    return rows.filter(found)


def label(household: Household, *, in_full: bool) -> str:
    """Address and head in one line."""
    return f"{household.address} {household.head_name if in_full else mask_name(household.head_name)}"
