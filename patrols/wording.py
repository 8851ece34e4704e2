"""Residents in a visit as a reader may see them: in full for the village's own people, masked for all others."""

from patrols.models import Deed, HouseholdCall
from villages.masking import mask_name


def resident(name: str, *, in_full: bool) -> str:
    """A resident's name."""
    return name if in_full else mask_name(name)


def household(call: HouseholdCall, *, in_full: bool) -> str:
    """Address and head of the household called on."""
    if in_full or not call.label:
        return call.label
    if call.household:
        return f"{call.household.address} {mask_name(call.household.head_name)}"
    address, _space, head = call.label.rpartition(" ")
    return f"{address} {mask_name(head)}".strip()


def beneficiary(deed: Deed, *, in_full: bool) -> str:
    """For whom a deed was done."""
    return resident(deed.beneficiary, in_full=in_full)
