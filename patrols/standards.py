"""When a visit is up to standard (R10). Each requirement is written here once.

From this tuple come the generated column `is_up_to_standard`, the database constraint that a visit below standard
gives its reason, and the words that tell an officer what is missing. A visit is recorded as it was: below standard it
is never refused, or people invent households.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Requirement:
    """At least `minimum` (a field stamped on the visit) of `count` (a field counted at submission)."""

    count: str
    minimum: str
    label: Promise
    lacking: Promise


REQUIREMENTS = (
    Requirement(
        "household_count",
        "min_households",
        _("Households called on"),
        _("%(count)s of %(minimum)s households called on"),
    ),
    Requirement("deed_count", "min_deeds", _("Deeds"), _("%(count)s of %(minimum)s deeds")),
)
# R10, until the brigade enters a VisitStandard of its own.
DEFAULT_MINIMUMS = {"min_households": 5, "min_deeds": 1, "min_photos": 1}


def all_met() -> Q:
    """The condition that every requirement is met, for constraints and generated columns."""
    condition = Q()
    for requirement in REQUIREMENTS:
        condition &= Q(**{f"{requirement.count}__gte": F(requirement.minimum)})
    return condition


def photos_met() -> Q:
    """The condition for photos: as many as asked for, or a word on why not; no part of the standard."""
    return Q(photo_count__gte=F("min_photos")) | ~Q(photo_waiver="")


def would_meet(minimums: Mapping[str, int]) -> Q:
    """The condition that a visit would be up to other minimums than those stamped on it."""
    condition = Q()
    for requirement in REQUIREMENTS:
        condition &= Q(**{f"{requirement.count}__gte": minimums[requirement.minimum]})
    return condition


def shortfalls(counts: Mapping[str, int]) -> list[str]:
    """In words, each requirement that `counts` (counts and minimums by field name) does not meet."""
    return [
        str(requirement.lacking) % {"count": counts[requirement.count], "minimum": counts[requirement.minimum]}
        for requirement in REQUIREMENTS
        if counts[requirement.count] < counts[requirement.minimum]
    ]


def joined(words: list[str]) -> str:
    """Several shortfalls as one phrase."""
    return str(_("; ")).join(words)


def counts_of(visit: Any) -> dict[str, int]:
    """The counts and minimums of a visit by field name."""
    return {name: getattr(visit, name) for r in REQUIREMENTS for name in (r.count, r.minimum)}
