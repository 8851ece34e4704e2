"""Who may see and do what with what the village hears: incidents, briefings, its council."""

from typing import Any

from django.db.models import Q

from patrols.choices import CouncilState
from patrols.models import Briefing, CouncilMeasure, CouncilMeeting, IncidentCount, PreventionText
from villages.access import each, own_station, own_villages, villages_of_own_people
from villages.models import Village
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role


def heard_or_given(user: Any) -> Q:
    """The briefings of the user's present villages, and those that he gave."""
    return own_villages("village__")(user) | Q(givers__officer__user=user)


def held(scope: Scope, path: str = "") -> Scope:
    """Councils (at `path`) in scope that were handed in; a draft is its village's alone."""
    return lambda user: scope(user) & Q(**{f"{path}state": CouncilState.HELD})


def written_councils(user: Any) -> Q:
    """Councils of the user's present villages, and those that he began to write while he was there."""
    return own_villages("village__")(user) | Q(officer__user=user)


def seen_councils(user: Any) -> Q:
    """The same, and those in which he sat."""
    sat_in = CouncilMeeting.objects.held().filter(attendees__officer__user=user).values("pk")
    return written_councils(user) | Q(pk__in=sat_in)


def seen_measures(user: Any) -> Q:
    """Measures of the user's present villages, and those that he has."""
    return own_villages("village__")(user) | Q(officer__user=user)


register(
    {
        (IncidentCount, "view"): {
            Role.OFFICER: own_villages("village__"),
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        # Counts come by import alone: what the reporting system says is not typed a second time.
        (IncidentCount, "add"): {Role.BRIGADE: everything},
        (IncidentCount, "change"): {Role.BRIGADE: everything},
        (PreventionText, "view"): {role: everything for role in (Role.OFFICER, *SUPERVISORS)},
        (PreventionText, "add"): {Role.BRIGADE: everything},
        (PreventionText, "change"): {Role.BRIGADE: everything},
        (Briefing, "view"): {
            Role.OFFICER: heard_or_given,
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        # Writing the week's briefing, and saying how it was given: the village's own police.
        (Village, "brief"): {Role.OFFICER: own_villages()},
        (CouncilMeeting, "view"): {
            Role.OFFICER: seen_councils,
            **each(STATION, held(own_station("village__"))),
            Role.UNIT_LEADER: held(villages_of_own_people("village__")),
            **each(BUREAU_WIDE, held(everything)),
        },
        (CouncilMeeting, "add"): {Role.OFFICER: own_villages("village__")},
        # Written by the village's people together; the verb says whether its month still takes corrections.
        (CouncilMeeting, "change"): {Role.OFFICER: written_councils},
        (CouncilMeeting, "comment"): each(STATION, held(own_station("village__"))),
        # Agreed ones only: a draft's measures are read on its own page.
        (CouncilMeasure, "view"): {
            Role.OFFICER: held(seen_measures, "meeting__"),
            **each(STATION, held(own_station("village__"), "meeting__")),
            Role.UNIT_LEADER: held(villages_of_own_people("village__"), "meeting__"),
            **each(BUREAU_WIDE, held(everything, "meeting__")),
        },
        # What followed: also after its month was locked.
        (CouncilMeasure, "end"): {
            Role.OFFICER: held(seen_measures, "meeting__"),
            **each(STATION, held(own_station("village__"), "meeting__")),
        },
    }
)
