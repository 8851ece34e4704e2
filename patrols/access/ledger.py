"""Who may see and do what with the ledger."""

from typing import Any

from django.db.models import Q

from patrols.models import (
    Case,
    CaseFile,
    CaseLimit,
    LedgerNorm,
)
from villages.access import each, own_station, own_villages, villages_of_own_people
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role


def own_cases(path: str = "") -> Scope:
    """Cases (at `path`) of the user's present villages, and those that he has or helps with wherever they are."""
    own = own_villages(f"{path}village__")
    return lambda user: own(user) | Q(**{f"{path}owner__user": user}) | Q(**{f"{path}co_handlers__user": user})


def seen_cases(user: Any) -> Q:
    """The same, and what he brought into the ledger himself."""
    return own_cases()(user) | Q(opened_by=user)


register(
    {
        (Case, "view"): {
            Role.OFFICER: seen_cases,
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        (Case, "add"): {Role.OFFICER: own_villages("village__"), **each(STATION, own_station("village__"))},
        # What its owner and the village's people do with a case; which act in which state is choices.CASE_MOVES.
        # They alone read residents' names in full, and open the files of its steps (decision 10).
        (Case, "handle"): {Role.OFFICER: own_cases(), **each(STATION, own_station("village__"))},
        (CaseFile, "view"): {
            Role.OFFICER: own_cases("step__case__"),
            **each(STATION, own_station("step__case__village__")),
        },
        # What the station alone does: close, reopen what was closed, hand to another owner, lower the level.
        (Case, "oversee"): each(STATION, own_station("village__")),
        (CaseLimit, "view"): {role: everything for role in (Role.OFFICER, *SUPERVISORS)},
        (CaseLimit, "add"): {Role.BRIGADE: everything},
        (CaseLimit, "change"): {Role.BRIGADE: everything},
        (LedgerNorm, "view"): {role: everything for role in (Role.OFFICER, *SUPERVISORS)},
        (LedgerNorm, "add"): {Role.BRIGADE: everything},
        (LedgerNorm, "change"): {Role.BRIGADE: everything},
    }
)
