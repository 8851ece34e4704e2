"""Who may see and change people and places (R1–R4). Scopes follow design §3."""

from typing import Any

from django.db.models import Q

from villages.choices import OfficerKind, OfficerState
from villages.models import (
    Absence,
    Assignment,
    Household,
    Officer,
    PartyPost,
    Township,
    Unit,
    Village,
    VillageContact,
)
from villages.models.dated import present
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, Role


def own_villages(path: str = "") -> Scope:
    """Rows whose village (at `path`) the user's officer holds a place in today."""
    prefix = f"{path}assignments__"
    return lambda user: Q(**{f"{prefix}officer__user": user}) & present(prefix)


def own_station(path: str = "") -> Scope:
    """Rows whose village (at `path`) belongs to the station that the user serves at."""
    return lambda user: Q(**{f"{path}station__officers__user": user})


def villages_of_own_people(path: str = "") -> Scope:
    """Rows whose village (at `path`) is held today by somebody of the user's unit (R4)."""
    prefix = f"{path}assignments__"
    return lambda user: Q(**{f"{prefix}officer__unit__officers__user": user}) & present(prefix)


def of_own_unit(path: str = "") -> Scope:
    """Rows whose person (at `path`) belongs to the user's unit."""
    return lambda user: Q(**{f"{path}unit__officers__user": user})


def himself(path: str = "") -> Scope:
    """Rows whose person (at `path`) is the user."""
    return lambda user: Q(**{f"{path}user": user})


def each(roles: tuple[Role, ...], scope: Scope) -> dict[str, Scope]:
    """The same scope for several roles."""
    return {role: scope for role in roles}


def people_of_own_station(path: str = "") -> Scope:
    """People (at `path`) who serve at the user's unit, or hold one of its villages whatever their home unit (R4)."""
    prefix = f"{path}assignments__"
    serve = of_own_unit(path)
    return lambda user: serve(user) | Q(**{f"{prefix}village__station__officers__user": user}) & present(prefix)


def fellows(user: Any) -> Q:
    """The user himself, and the other holders of his villages."""
    own = Village.objects.filter(own_villages()(user))
    return Q(user=user) | Q(assignments__village__in=own) & present("assignments__")


def own_unit(user: Any) -> Q:
    """The unit that the user serves in."""
    return Q(officers__user=user)


def able(user: Any) -> Q:
    """All active people of a kind that holds a place in a village."""
    return Q(state=OfficerState.ACTIVE) & ~Q(kind=OfficerKind.STAFF)


def able_for_station(user: Any) -> Q:
    """Of those able, the people of the user's unit and the liaison officers of every unit (R4)."""
    return able(user) & (Q(unit__officers__user=user) | Q(kind=OfficerKind.LIAISON))


WHOLE_BUREAU = each(BUREAU_WIDE, everything)
SEE_PLACES = {
    Role.OFFICER: own_villages(),
    **each(STATION, own_station()),
    Role.UNIT_LEADER: villages_of_own_people(),
    **WHOLE_BUREAU,
}
SEE_BY_VILLAGE = {
    Role.OFFICER: own_villages("village__"),
    **each(STATION, own_station("village__")),
    Role.UNIT_LEADER: villages_of_own_people("village__"),
    **WHOLE_BUREAU,
}
KEEP_BY_VILLAGE = {**each(STATION, own_station("village__")), Role.BRIGADE: everything}
OWN_PEOPLE = {Role.OFFICER: own_villages("village__"), **each(STATION, own_station("village__"))}
KEEP_PLACES = {**each(STATION, own_station()), Role.BRIGADE: everything}
ALL_SIGNED_IN = {role: everything for role in Role if role not in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)}

# Of a village, who keeps it changes these only if he may add villages too: its code, its station, its life.
OF_THE_BRIGADE = ("code", "kind", "township", "station", "valid_from", "valid_to", "merged_into")

register(
    {
        (Unit, "view"): ALL_SIGNED_IN,
        (Unit, "add"): {Role.SYSTEM_ADMIN: everything},
        (Unit, "change"): {Role.SYSTEM_ADMIN: everything},
        (Township, "view"): ALL_SIGNED_IN,
        (Township, "add"): {Role.SYSTEM_ADMIN: everything},
        (Township, "change"): {Role.SYSTEM_ADMIN: everything},
        # Not a verb on a row: the units into which the user may place people and villages.
        (Unit, "staff"): {**each(STATION, own_unit), Role.BRIGADE: everything},
        (Village, "view"): SEE_PLACES,
        # Before whom names and phones of its residents stand in full: the village's own people.
        (Village, "unmask"): {Role.OFFICER: own_villages(), **each(STATION, own_station())},
        (Village, "add"): {Role.BRIGADE: everything},
        (Village, "change"): KEEP_PLACES,
        (Officer, "view"): {
            Role.OFFICER: fellows,
            **each(STATION, people_of_own_station()),
            Role.UNIT_LEADER: of_own_unit(),
            **WHOLE_BUREAU,
        },
        (Officer, "add"): {**each(STATION, of_own_unit()), Role.BRIGADE: everything},
        (Officer, "change"): {**each(STATION, of_own_unit()), Role.BRIGADE: everything},
        # Who may be given a place in a village.
        (Officer, "assign"): {**each(STATION, able_for_station), Role.BRIGADE: able},
        (PartyPost, "view"): {
            Role.OFFICER: himself("officer__"),
            **each(STATION, people_of_own_station("officer__")),
            Role.UNIT_LEADER: of_own_unit("officer__"),
            **WHOLE_BUREAU,
        },
        (PartyPost, "add"): {**each(STATION, people_of_own_station("officer__")), Role.BRIGADE: everything},
        (PartyPost, "change"): {**each(STATION, people_of_own_station("officer__")), Role.BRIGADE: everything},
        (Assignment, "view"): SEE_BY_VILLAGE,
        (Assignment, "add"): KEEP_BY_VILLAGE,
        (Assignment, "change"): KEEP_BY_VILLAGE,
        (Absence, "view"): {
            Role.OFFICER: himself("officer__"),
            **each(STATION, people_of_own_station("officer__")),
            Role.UNIT_LEADER: of_own_unit("officer__"),
            **WHOLE_BUREAU,
        },
        (Absence, "add"): {**each(STATION, people_of_own_station("officer__")), Role.BRIGADE: everything},
        (Absence, "change"): {**each(STATION, people_of_own_station("officer__")), Role.BRIGADE: everything},
        (Household, "view"): SEE_BY_VILLAGE,
        (Household, "unmask"): OWN_PEOPLE,
        (Household, "add"): OWN_PEOPLE,
        (Household, "change"): OWN_PEOPLE,
        (VillageContact, "view"): SEE_BY_VILLAGE,
        (VillageContact, "add"): KEEP_BY_VILLAGE,
        (VillageContact, "change"): KEEP_BY_VILLAGE,
    }
)
