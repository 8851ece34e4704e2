"""Who may see and do what with visits, their photos, plans and standards."""

from typing import Any

from django.db.models import Q

from patrols.access.scopes import author, not_draft, open_own
from patrols.choices import VisitState
from patrols.models import (
    Photo,
    PhotoHint,
    Visit,
    VisitPlan,
    VisitStandard,
    WorkMonth,
)
from villages.access import each, own_station, own_villages, villages_of_own_people
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role


def own_work(user: Any) -> Q:
    """What the user wrote, where he was present, and the logs of his present villages.

    A union, as each of its parts has an index of its own; one condition over all three would read every visit.
    """
    handed_in = Visit.objects.exclude(state=VisitState.DRAFT)
    written = Visit.objects.filter(author(user)).values("pk")
    attended = handed_in.filter(attendees__officer__user=user).values("pk")
    return Q(pk__in=written.union(attended, handed_in.filter(own_villages("village__")(user)).values("pk")))


def submitted(scope: Scope) -> Scope:
    """Visits in scope that stand as submitted."""
    return lambda user: scope(user) & Q(state=VisitState.SUBMITTED)


def handed_in_hint(scope: Scope) -> Scope:
    """Hints on photos of logs in scope; none while one of the two logs is still a draft."""
    handed_in = ~Q(photo__visit__state=VisitState.DRAFT) & (Q(other=None) | ~Q(other__visit__state=VisitState.DRAFT))
    return lambda user: scope(user) & handed_in


register(
    {
        (Visit, "view"): {
            Role.OFFICER: own_work,
            **each(STATION, not_draft(own_station("village__"))),
            Role.UNIT_LEADER: not_draft(villages_of_own_people("village__")),
            **each(BUREAU_WIDE, not_draft(everything)),
        },
        (Visit, "add"): {Role.OFFICER: author},
        (Visit, "change"): {Role.OFFICER: open_own},
        (Visit, "submit"): {Role.OFFICER: open_own},
        (Visit, "discard"): {Role.OFFICER: lambda user: author(user) & Q(state=VisitState.DRAFT)},
        # A correction note; the verb says whether the month is locked.
        (Visit, "annotate"): {
            Role.OFFICER: not_draft(author),
            **each(STATION, not_draft(own_station("village__"))),
        },
        (Visit, "return"): each(STATION, submitted(own_station("village__"))),
        # Not a verb on a row: who looks at the work of others (overview, coverage of more than one's own villages).
        (Visit, "supervise"): each(SUPERVISORS, everything),
        # The picture is seen by whoever sees its visit; what was sent lies in the vault, for inspection alone.
        (Photo, "inspect"): {Role.INSPECTORATE: lambda user: ~Q(visit__state=VisitState.DRAFT)},
        (PhotoHint, "view"): {
            **each(STATION, handed_in_hint(own_station("photo__visit__village__"))),
            **each((Role.BRIGADE, Role.INSPECTORATE), handed_in_hint(everything)),
        },
        (PhotoHint, "judge"): {Role.INSPECTORATE: handed_in_hint(everything)},
        # Those of a village know of one another's plans, and so does its station (R4).
        (VisitPlan, "view"): {
            Role.OFFICER: lambda user: author(user) | own_villages("village__")(user),
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        (VisitPlan, "add"): {Role.OFFICER: author},
        (VisitPlan, "change"): {Role.OFFICER: author},
        (VisitStandard, "view"): {role: everything for role in (Role.OFFICER, *SUPERVISORS)},
        (VisitStandard, "add"): {Role.BRIGADE: everything},
        (VisitStandard, "change"): {Role.BRIGADE: everything},
        (WorkMonth, "view"): each(SUPERVISORS, everything),
    }
)
