"""Who may see and do what with scores and bulletins. Officers see their own; no leaderboard of persons."""

from typing import Any

from django.db.models import Q

from assessments.choices import AssessmentState, BulletinState
from assessments.models import Assessment, AssessmentMonth, Bulletin, Rubric, Signature
from villages.access import each, himself, of_own_unit, own_station
from villages.models import Officer
from villages.models.dated import present
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role

EVERY_SEAT = (Role.OFFICER, *SUPERVISORS)


def in_state(scope: Scope, state: AssessmentState) -> Scope:
    """Assessments in scope and in this state."""
    return lambda user: scope(user) & Q(state=state)


def not_himself(scope: Scope) -> Scope:
    """Nobody assesses himself."""
    return lambda user: scope(user) & ~Q(officer__user=user)


def in_own_station(user: Any) -> Q:
    """People who hold a place in a village of the user's station today."""
    return Q(assignments__village__station__officers__user=user) & present("assignments__")


def issued(user: Any) -> Q:
    """Bulletins that are out, also those that a newer issue has replaced."""
    return ~Q(state=BulletinState.DRAFT)


register(
    {
        (Rubric, "view"): each(EVERY_SEAT, everything),
        (AssessmentMonth, "view"): each(EVERY_SEAT, everything),
        (AssessmentMonth, "open"): {Role.BRIGADE: everything},
        (AssessmentMonth, "lock"): {Role.BRIGADE: lambda user: Q(locked_at=None)},
        (Signature, "view"): {**each(STATION, own_station()), **each(BUREAU_WIDE, everything)},
        # The brigade gives a signed month back to its station.
        (Signature, "return"): {Role.BRIGADE: lambda user: Q(month__locked_at=None)},
        # Not a verb on a row: whose running month, not yet stored as assessments, one may look at.
        (Officer, "score"): {
            Role.OFFICER: himself(),
            **each(STATION, in_own_station),
            Role.UNIT_LEADER: of_own_unit(),
            **each(BUREAU_WIDE, everything),
        },
        (Assessment, "view"): {
            Role.OFFICER: lambda user: Q(officer__user=user),
            **each(STATION, own_station()),
            Role.UNIT_LEADER: of_own_unit(),
            **each(BUREAU_WIDE, everything),
        },
        # The leader's comment (B1), and the station's signature under its people's month (R18).
        (Assessment, "remark"): {
            Role.STATION_CHIEF: not_himself(in_state(own_station(), AssessmentState.OPEN)),
        },
        (Assessment, "sign"): {Role.STATION_CHIEF: in_state(own_station(), AssessmentState.OPEN)},
        (Bulletin, "view"): {**each(EVERY_SEAT, issued), Role.BRIGADE: everything},
        (Bulletin, "add"): {Role.BRIGADE: everything},
        (Bulletin, "issue"): {Role.BRIGADE: lambda user: Q(state=BulletinState.DRAFT)},
    }
)
