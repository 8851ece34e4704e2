"""Who may see and do what with base-info changes, their spot checks and their hand-over."""

from typing import Any

from django.db.models import Q

from patrols.choices import CheckOutcome
from patrols.models import BaseInfoChange, BaseInfoCheck, BaseInfoTransfer
from villages.access import each, own_station, own_villages, villages_of_own_people
from villages.choices import OfficerKind
from villages.models.dated import present
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, Role


def verifies(user: Any) -> Q:
    """Base-info changes of villages whose community officer the user is, and of the villages of his station."""
    kinds = (OfficerKind.COMMUNITY, OfficerKind.PART_TIME)
    held = Q(village__assignments__officer__user=user, village__assignments__officer__kind__in=kinds)
    serves = Q(village__station__officers__user=user, village__station__officers__kind__in=kinds)
    return held & present("village__assignments__") | serves


def seen_changes(user: Any) -> Q:
    """Those of the user's villages, those that he found, and those that he is to verify."""
    return own_villages("village__")(user) | Q(found_by__user=user) | verifies(user)


def judged_by_another(scope: Scope) -> Scope:
    """Checks in scope that wait; never by who found or verified the change himself."""
    return lambda user: (
        scope(user)
        & Q(outcome=CheckOutcome.WAITING)
        & ~Q(change__found_by__user=user)
        & (Q(change__checked_by=None) | ~Q(change__checked_by=user))
    )


register(
    {
        (BaseInfoChange, "view"): {
            Role.OFFICER: seen_changes,
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        (BaseInfoChange, "add"): {Role.OFFICER: own_villages("village__")},
        (BaseInfoChange, "verify"): {Role.OFFICER: verifies, **each(STATION, own_station("village__"))},
        (BaseInfoCheck, "view"): {
            Role.OFFICER: own_villages("change__village__"),
            **each(STATION, own_station("change__village__")),
            Role.UNIT_LEADER: villages_of_own_people("change__village__"),
            **each(BUREAU_WIDE, everything),
        },
        (BaseInfoCheck, "add"): {**each(STATION, own_station("change__village__")), Role.BRIGADE: everything},
        (BaseInfoCheck, "judge"): {
            **each(STATION, judged_by_another(own_station("change__village__"))),
            Role.BRIGADE: judged_by_another(everything),
        },
        # Which changes the user may draw by lot.
        (BaseInfoChange, "draw"): {**each(STATION, own_station("village__")), Role.BRIGADE: everything},
        (BaseInfoTransfer, "view"): {Role.BRIGADE: everything},
        (BaseInfoTransfer, "add"): {Role.BRIGADE: everything},
    }
)
