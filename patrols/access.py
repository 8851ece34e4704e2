"""Who may see and do what with visits, reports and inboxes."""

from typing import Any

from django.db.models import Q

from patrols.choices import OPEN_STATES, ReportKind, ReportState, VisitState
from patrols.models import (
    BaseInfoChange,
    Case,
    CaseLimit,
    InboxItem,
    Photo,
    PhotoHint,
    Reminder,
    Visit,
    VisitPlan,
    VisitStandard,
    WorkMonth,
    WorkReport,
)
from villages.access import each, own_station, own_villages, villages_of_own_people
from villages.choices import OfficerKind
from villages.models.dated import present
from xinjin.access.engine import Scope, everything, register
from xinjin.accounts.roles import BUREAU_WIDE, STATION, SUPERVISORS, Role


def author(user: Any) -> Q:
    """The user's own records."""
    return Q(officer__user=user)


def not_draft(scope: Scope) -> Scope:
    """Drafts belong to their author alone; a returned log stays visible."""
    return lambda user: scope(user) & ~Q(state=VisitState.DRAFT)


def own_work(user: Any) -> Q:
    """What the user wrote, where he was present, and the logs of his present villages.

    A union, as each of its parts has an index of its own; one condition over all three would read every visit.
    """
    handed_in = Visit.objects.exclude(state=VisitState.DRAFT)
    written = Visit.objects.filter(author(user)).values("pk")
    attended = handed_in.filter(attendees__officer__user=user).values("pk")
    return Q(pk__in=written.union(attended, handed_in.filter(own_villages("village__")(user)).values("pk")))


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


def submitted(scope: Scope) -> Scope:
    """Visits in scope that stand as submitted."""
    return lambda user: scope(user) & Q(state=VisitState.SUBMITTED)


def handed_in_hint(scope: Scope) -> Scope:
    """Hints on photos of logs in scope; none while one of the two logs is still a draft."""
    handed_in = ~Q(photo__visit__state=VisitState.DRAFT) & (Q(other=None) | ~Q(other__visit__state=VisitState.DRAFT))
    return lambda user: scope(user) & handed_in


def open_own(user: Any) -> Q:
    """One's own records that may still be written."""
    return author(user) & Q(state__in=[str(state) for state in OPEN_STATES])


def own_cases(user: Any) -> Q:
    """Cases of the user's present villages, and those that he has or helps with wherever they are."""
    return own_villages("village__")(user) | Q(owner__user=user) | Q(co_handlers__user=user)


def seen_cases(user: Any) -> Q:
    """The same, and what he brought into the ledger himself."""
    return own_cases(user) | Q(opened_by=user)


def verifies(user: Any) -> Q:
    """Base-info changes of villages whose community officer the user is, and of the villages of his station."""
    kinds = (OfficerKind.COMMUNITY, OfficerKind.PART_TIME)
    held = Q(village__assignments__officer__user=user, village__assignments__officer__kind__in=kinds)
    serves = Q(village__station__officers__user=user, village__station__officers__kind__in=kinds)
    return held & present("village__assignments__") | serves


def seen_changes(user: Any) -> Q:
    """Those of the user's villages, those that he found, and those that he is to verify."""
    return own_villages("village__")(user) | Q(found_by__user=user) | verifies(user)


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
        (Case, "view"): {
            Role.OFFICER: seen_cases,
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        (Case, "add"): {Role.OFFICER: own_villages("village__"), **each(STATION, own_station("village__"))},
        # What its owner and the village's people do with a case; which act in which state is choices.CASE_MOVES.
        (Case, "handle"): {Role.OFFICER: own_cases, **each(STATION, own_station("village__"))},
        # What the station alone does: close, reopen what was closed, hand to another owner, lower the level.
        (Case, "oversee"): each(STATION, own_station("village__")),
        (CaseLimit, "view"): {role: everything for role in (Role.OFFICER, *SUPERVISORS)},
        (CaseLimit, "add"): {Role.BRIGADE: everything},
        (CaseLimit, "change"): {Role.BRIGADE: everything},
        (BaseInfoChange, "view"): {
            Role.OFFICER: seen_changes,
            **each(STATION, own_station("village__")),
            Role.UNIT_LEADER: villages_of_own_people("village__"),
            **each(BUREAU_WIDE, everything),
        },
        (BaseInfoChange, "add"): {Role.OFFICER: own_villages("village__")},
        (BaseInfoChange, "verify"): {Role.OFFICER: verifies, **each(STATION, own_station("village__"))},
        (Reminder, "view"): {Role.BRIGADE: everything, Role.INSPECTORATE: everything},
        (InboxItem, "view"): {role: lambda user: Q(recipient__user=user) for role in (Role.OFFICER, *SUPERVISORS)},
    }
)
