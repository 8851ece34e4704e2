"""The roles. What each may do stands in the access.py of each app; who has one is a RoleGrant."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICER = "officer", _("Officer")
    STATION_CLERK = "station_clerk", _("Station clerk")
    STATION_CHIEF = "station_chief", _("Station chief")
    UNIT_LEADER = "unit_leader", _("Unit leader")
    BRIGADE = "brigade", _("Community policing brigade")
    INSPECTORATE = "inspectorate", _("Inspectorate")
    COMMAND_CENTRE = "command_centre", _("Command centre")
    BUREAU_LEADER = "bureau_leader", _("Bureau leader")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


# Three people: nobody holds two of these (GB/T 22239, separation of the three administrators).
SEPARATED = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
STATION = (Role.STATION_CLERK, Role.STATION_CHIEF)
BUREAU_WIDE = (Role.BRIGADE, Role.INSPECTORATE, Role.COMMAND_CENTRE, Role.BUREAU_LEADER)
SUPERVISORS = (*STATION, Role.UNIT_LEADER, *BUREAU_WIDE)
# Those whose work is in the browser admin.
ADMIN_USERS = (*STATION, Role.BRIGADE, *SEPARATED)
