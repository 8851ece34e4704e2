"""Who may see and do what with what the village hears: incidents, briefings, its council."""

from patrols.models import IncidentCount
from villages.access import each, own_station, own_villages, villages_of_own_people
from xinjin.access.engine import everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, Role

register(
    {
        (IncidentCount, "view"): {
            Role.OFFICER: own_villages("village__"),
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        (IncidentCount, "import"): {Role.BRIGADE: everything},
    }
)
