"""Who may see and change people and places (R1–R4). Scopes follow design §3."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from villages.choices import OfficerKind, OfficerState
from villages.models import (
    Absence,
    Assignment,
    FormerName,
    GapNorm,
    HandOverNote,
    Household,
    JournalEntry,
    Officer,
    PartyPost,
    Township,
    Unit,
    Village,
    VillageContact,
)
from villages.models.dated import present
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role
from xinjin.lists.models import SavedFilter, Sharing


def units_of(user: Any) -> QuerySet:
    """The unit that the user serves in; as a subquery, so that a scope by it joins nothing of which there are many."""
    return Unit.objects.filter(officers__user=user)


def own_villages(path: str = "") -> Scope:
    """Rows whose village (at `path`) the user's officer holds a place in today."""
    prefix = f"{path}assignments__"
    return lambda user: Q(**{f"{prefix}officer__user": user}) & present(prefix)


def own_station(path: str = "") -> Scope:
    """Rows whose village (at `path`) belongs to the station that the user serves at."""
    return lambda user: Q(**{f"{path}station__in": units_of(user)})


def villages_of_own_people(path: str = "") -> Scope:
    """Rows whose village (at `path`) is held today by somebody of the user's unit (R4)."""
    prefix = f"{path}assignments__"
    return lambda user: Q(**{f"{prefix}officer__unit__officers__user": user}) & present(prefix)


def of_own_unit(path: str = "") -> Scope:
    """Rows whose person (at `path`) belongs to the user's unit."""
    return lambda user: Q(**{f"{path}unit__in": units_of(user)})


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


def predecessor(user: Any) -> Q:
    """Hand-overs of places that the user gave up."""
    return Q(ended__officer__user=user)


def successor(user: Any) -> Q:
    """Hand-overs of places that the user took over."""
    return Q(begun__officer__user=user)


def either_side(user: Any) -> Q:
    """Hand-overs of places that the user gave up or took over."""
    return predecessor(user) | successor(user)


def own_unit(user: Any) -> Q:
    """The unit that the user serves in."""
    return Q(officers__user=user)


def kept_for(user: Any) -> Q:
    """Filters that the user keeps, and those shared with his unit or with everybody. They hold a question, no rows."""
    unit = Q(sharing=Sharing.UNIT, owner__officer__unit__officers__user=user)
    return Q(owner=user) | unit | Q(sharing=Sharing.ALL)


def able(user: Any) -> Q:
    """All active people of a kind that holds a place in a village."""
    return Q(state=OfficerState.ACTIVE) & ~Q(kind=OfficerKind.STAFF)


def able_for_station(user: Any) -> Q:
    """Of those able, the people of the user's unit and the liaison officers of every unit (R4)."""
    return able(user) & (Q(unit__officers__user=user) | Q(kind=OfficerKind.LIAISON))


# How long an author may correct what he wrote in the journal.
CORRECTABLE = timedelta(hours=24)


def fresh_own(user: Any) -> Q:
    """What the user wrote himself in the last 24 hours."""
    return Q(author__user=user, written_at__gte=timezone.now() - CORRECTABLE)


def written_by(user: Any) -> Q:
    """What the user wrote himself."""
    return Q(author__user=user)


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
OWN_VILLAGES = {Role.OFFICER: own_villages(), **each(STATION, own_station())}
AUTHOR_AND_STATION = {Role.OFFICER: written_by, **each(STATION, own_station("village__"))}
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
        (Village, "unmask"): OWN_VILLAGES,
        # Not verbs on a row of theirs: who writes in its journal, and who sees which households wait for a call.
        (Village, "inform"): OWN_VILLAGES,
        (Village, "call"): OWN_VILLAGES,
        (Village, "add"): {Role.BRIGADE: everything},
        (Village, "change"): KEEP_PLACES,
        (Village, "merge"): {Role.BRIGADE: everything},
        (Village, "rename"): {Role.BRIGADE: everything},
        # Not a verb on a row: who looks after gaps (R1).
        (Village, "watch"): each(SUPERVISORS, everything),
        (FormerName, "view"): SEE_BY_VILLAGE,
        (GapNorm, "view"): each(SUPERVISORS, everything),
        (GapNorm, "add"): {Role.BRIGADE: everything},
        (GapNorm, "change"): {Role.BRIGADE: everything},
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
        (HandOverNote, "view"): {
            Role.OFFICER: either_side,
            **each(STATION, own_station("begun__village__")),
            Role.UNIT_LEADER: of_own_unit("begun__officer__"),
            **WHOLE_BUREAU,
        },
        (HandOverNote, "write"): {Role.OFFICER: predecessor, **each(STATION, own_station("begun__village__"))},
        (HandOverNote, "confirm"): {Role.OFFICER: successor},
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
        # In full for one answer, with a reason that is logged.
        (Household, "reveal"): WHOLE_BUREAU,
        (Household, "add"): OWN_PEOPLE,
        (Household, "change"): OWN_PEOPLE,
        (SavedFilter, "view"): {role: kept_for for role in (Role.OFFICER, *SUPERVISORS)},
        (SavedFilter, "change"): {role: lambda user: Q(owner=user) for role in (Role.OFFICER, *SUPERVISORS)},
        (VillageContact, "view"): SEE_BY_VILLAGE,
        (VillageContact, "add"): KEEP_BY_VILLAGE,
        (VillageContact, "change"): KEEP_BY_VILLAGE,
        (JournalEntry, "view"): SEE_BY_VILLAGE,
        (JournalEntry, "read"): OWN_PEOPLE,
        (JournalEntry, "correct"): {Role.OFFICER: fresh_own, **each(STATION, fresh_own)},
        (JournalEntry, "pin"): AUTHOR_AND_STATION,
        # Who of the village's people has read it: for its author and the station.
        (JournalEntry, "follow"): AUTHOR_AND_STATION,
    }
)
