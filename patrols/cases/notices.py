"""Who is told of a case, as rows of inboxes inside the transaction of the act."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.formats import date_format

from patrols.choices import NoticeKind
from patrols.models import Case, InboxItem
from villages.choices import OfficerState
from villages.models import Officer, Unit
from xinjin.accounts.roles import STATION, Role

ABOUT_CASES = (
    NoticeKind.CASE_GIVEN, NoticeKind.CASE_RED, NoticeKind.CASE_LEADER, NoticeKind.CASE_STEP, NoticeKind.CASE_OVERDUE,
    NoticeKind.ANSWER_DUE, NoticeKind.PAUSE_DUE,
)  # fmt: skip


def holders_of(*roles: str) -> QuerySet:
    """The active people on the roster whose accounts hold one of the roles today."""
    return Officer.objects.filter(
        state=OfficerState.ACTIVE, user__is_active=True, user__grants__role__in=roles, user__grants__withdrawn_at=None
    ).distinct()


def station_people(station: Unit) -> QuerySet:
    """Chief and clerks of a station."""
    return holders_of(*STATION).filter(unit=station)


def brigade_people() -> QuerySet:
    """The people of the brigade."""
    return holders_of(Role.BRIGADE)


def told(case: Case, recipient: Officer | int, kind: NoticeKind, **context: Any) -> InboxItem:
    """An inbox row about a case, unsaved."""
    named = {"recipient": recipient} if isinstance(recipient, Officer) else {"recipient_id": recipient}
    due = date_format(case.due_on, "Y-m-d") if case.due_on else ""  # unless `context` speaks of another day
    return InboxItem(
        **named,
        kind=kind,
        context={"name": case.number, "url": case.get_absolute_url(), "due_on": due, **context},
    )


def tell_owner(case: Case, by: Any) -> None:
    """The owner finds the case in his inbox, unless he gave it to himself."""
    if case.owner is not None and (by is None or case.owner.user_id != by.pk):
        told(case, case.owner, NoticeKind.CASE_GIVEN).save()


def begin_red(case: Case, day: date) -> None:
    """The case, unsaved, is red from `day` on, or is not red: each time anew both committees are to hear of it."""
    case.red_on = day if case.is_red else None
    if case.is_red:
        case.committees_informed_on = None


def tell_red(case: Case) -> None:
    """A red case is with the station's chief and clerks the moment it is red (R7)."""
    if case.is_red:
        InboxItem.objects.bulk_create(
            [told(case, person, NoticeKind.CASE_RED) for person in station_people(case.village.station)]
        )


def settle_case(case: Case, *kinds: NoticeKind) -> None:
    """What asked for something about the case is done: all of it, or what was asked by these kinds."""
    people = set(station_people(case.village.station).values_list("pk", flat=True))
    people |= set(brigade_people().values_list("pk", flat=True)) | ({case.owner_id} if case.owner_id else set())
    InboxItem.objects.filter(
        recipient__in=people, kind__in=kinds or ABOUT_CASES, done_at=None, context__url=case.get_absolute_url()
    ).update(done_at=Now())
