"""Who may see and do what with what the village hears: incidents, briefings, its council."""

from typing import Any

from django.db.models import Q

from patrols.models import Briefing, IncidentCount, PreventionText
from villages.access import each, own_station, own_villages, villages_of_own_people
from villages.models import Village
from xinjin.access.engine import everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role


def heard_or_given(user: Any) -> Q:
    """The briefings of the user's present villages, and those that he gave."""
    return own_villages("village__")(user) | Q(givers__officer__user=user)


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
    }
)
