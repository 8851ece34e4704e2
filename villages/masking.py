"""Residents' names and phones as those see them who are not the village's own people (limits on burden and privacy)."""

import re
from collections.abc import Iterable

STAR = "*"


def mask_name(name: str) -> str:
    """The first character and a star for each other one: 张三 → 张*; a single character stays hidden."""
    name = name.strip()
    if len(name) < 2:
        return STAR if name else ""
    return name[0] + STAR * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Three digits, stars, four digits; of a short number the last two: 13912342046 → 139****2046."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return STAR * 4 if phone.strip() else ""
    if len(digits) < 11:
        return STAR * max(len(digits) - 2, 1) + digits[-2:] if len(digits) > 2 else STAR * len(digits)
    return digits[:3] + STAR * (len(digits) - 7) + digits[-4:]


def hide_names(text: str, names: Iterable[str]) -> str:
    """The text with these names masked: people write them into what a matter is about."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text
