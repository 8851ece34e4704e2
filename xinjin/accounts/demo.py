"""The demo accounts: one for each way of using the product. They come with the demo's data."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinjin.accounts.models import User
from xinjin.accounts.roles import Role


@dataclass(frozen=True)
class DemoAccount:
    username: str
    label: Any
    description: Any
    roles: tuple[str, ...]


DEMO_ACCOUNTS = (
    DemoAccount("officer", _("Liaison officer"), _("logs visits, hands in reports"), (Role.OFFICER,)),
    DemoAccount("community", _("Community officer"), _("at the centre of his village"), (Role.OFFICER,)),
    DemoAccount("auxiliary", _("Auxiliary"), _("assists in the village"), (Role.OFFICER,)),
    DemoAccount("clerk", _("Station clerk"), _("keeps the roster, returns logs"), (Role.STATION_CLERK,)),
    DemoAccount("chief", _("Station chief"), _("comments on reports, signs the month"), (Role.STATION_CHIEF,)),
    DemoAccount("unitleader", _("Unit leader"), _("reads the monthly reports of his unit"), (Role.UNIT_LEADER,)),
    DemoAccount("brigade", _("Community policing brigade"), _("locks the month, issues bulletins"), (Role.BRIGADE,)),
    DemoAccount("inspector", _("Inspectorate"), _("checks coverage and records"), (Role.INSPECTORATE,)),
    DemoAccount("command", _("Command centre"), _("takes results into unit scores"), (Role.COMMAND_CENTRE,)),
    DemoAccount("bureau", _("Bureau leader"), _("reads overview and bulletins"), (Role.BUREAU_LEADER,)),
    DemoAccount("sysadmin", _("System administrator"), _("configuration, no personal data"), (Role.SYSTEM_ADMIN,)),
    DemoAccount("secadmin", _("Security administrator"), _("accounts and roles"), (Role.SECURITY_ADMIN,)),
    DemoAccount("auditor", _("Audit administrator"), _("reads the trail"), (Role.AUDIT_ADMIN,)),
)


def demo_accounts() -> list[DemoAccount]:
    """Those that are in the database and may sign in; none on a database that was left without the demo."""
    names = [account.username for account in DEMO_ACCOUNTS]
    there = set(User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True))
    return [account for account in DEMO_ACCOUNTS if account.username in there]
