"""Residents in a visit as a reader may see them: in full for the village's own people, masked for all others."""

from patrols.models import Deed, HouseholdCall
from villages.masking import mask_name


def resident(name: str, *, in_full: bool) -> str:
    """A resident's name."""
    return name if in_full else mask_name(name)


def household(call: HouseholdCall, *, in_full: bool) -> str:
    """Address and head of the household called on."""
    if call.household and not in_full:
        return f"{call.household.address} {mask_name(call.household.head_name)}"
    return household_in_words(call.label, in_full=in_full)


def household_in_words(text: str, *, in_full: bool) -> str:
    """Address and head of a household as somebody typed them."""
    if in_full or not text:
        return text
    address, _space, head = text.rpartition(" ")
    return f"{address} {mask_name(head)}".strip()


def beneficiary(deed: Deed, *, in_full: bool) -> str:
    """For whom a deed was done."""
    return resident(deed.beneficiary, in_full=in_full)
