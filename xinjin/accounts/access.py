"""Who may see and change accounts, working days and the trail: the three separated administrators."""

from xinjin.access.engine import everything, register
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import ADMIN_USERS, Role
from xinjin.audit.models import Event
from xinjin.workdays.models import WorkdayOverride

SECURITY = {Role.SECURITY_ADMIN: everything}
SYSTEM = {Role.SYSTEM_ADMIN: everything}

register(
    {
        (User, "view"): SECURITY,
        (User, "add"): SECURITY,
        (User, "change"): SECURITY,
        # Not a verb on a row: whose place of work the admin site is.
        (User, "administer"): {role: everything for role in ADMIN_USERS},
        (RoleGrant, "view"): SECURITY,
        (RoleGrant, "add"): SECURITY,
        (RoleGrant, "withdraw"): SECURITY,
        (WorkdayOverride, "view"): {**SYSTEM, Role.BRIGADE: everything},
        (WorkdayOverride, "add"): SYSTEM,
        (WorkdayOverride, "change"): SYSTEM,
        (Event, "view"): {Role.AUDIT_ADMIN: everything},
    }
)
