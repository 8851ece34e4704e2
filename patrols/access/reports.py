"""Who may see and do what with work reports, reminders and inboxes."""

from typing import Any

from django.db.models import Q

from patrols.access.scopes import author, open_own
from patrols.choices import ReportKind, ReportState
from patrols.models import (
    InboxItem,
    Reminder,
    WorkReport,
)
from villages.access import each
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role


def to_own_unit(user: Any) -> Q:
    """Reports addressed to the unit that the user serves in."""
    return Q(addressee__officers__user=user)


def reviewable(scope: Scope, *kinds: ReportKind) -> Scope:
    """Handed-in reports of these kinds in scope; never one's own (the reviewer is not the author)."""
    return lambda user: (
        scope(user) & Q(state=ReportState.SUBMITTED, kind__in=[str(kind) for kind in kinds]) & ~author(user)
    )


def read_report(scope: Scope) -> Scope:
    """Reports in scope that have been handed in, and one's own."""
    return lambda user: scope(user) & ~Q(state=ReportState.DRAFT) | author(user)


register(
    {
        (WorkReport, "view"): {
            Role.OFFICER: author,
            **each(STATION, read_report(to_own_unit)),
            Role.UNIT_LEADER: read_report(to_own_unit),
            **each(BUREAU_WIDE, read_report(everything)),
        },
        (WorkReport, "add"): {Role.OFFICER: author},
        (WorkReport, "change"): {Role.OFFICER: open_own},
        (WorkReport, "submit"): {Role.OFFICER: open_own},
        (WorkReport, "review"): {
            Role.STATION_CHIEF: reviewable(to_own_unit, ReportKind.WEEKLY, ReportKind.MONTHLY),
            Role.UNIT_LEADER: reviewable(to_own_unit, ReportKind.MONTHLY),
        },
        (WorkReport, "return"): {
            Role.STATION_CHIEF: reviewable(to_own_unit, ReportKind.WEEKLY, ReportKind.MONTHLY),
            Role.UNIT_LEADER: reviewable(to_own_unit, ReportKind.MONTHLY),
        },
        (Reminder, "view"): {Role.BRIGADE: everything, Role.INSPECTORATE: everything},
        (InboxItem, "view"): {role: lambda user: Q(recipient__user=user) for role in (Role.OFFICER, *SUPERVISORS)},
    }
)
