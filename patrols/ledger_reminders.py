"""Reminders of the ledger: follow-up calls on their day, base-info changes before theirs, and cases that wait for
others (an answer, the end of a pause) on the day on which they come back and again until they do (R6, R9, R22).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from patrols.base_info import verifiers
from patrols.choices import CaseState, NoticeKind
from patrols.models import BaseInfoChange, Case, FollowUpCall, LedgerNorm, Reminder
from patrols.reminders import Due, Source, register

# A change is to be looked at on the spot, so it is told of before its day.
AHEAD = timedelta(days=1)


def _source(
    kind: NoticeKind,
    waiting: Callable[[date], QuerySet],
    recipients: Callable[[Collection[Any]], Mapping[Any, Collection[int]]],
    context: Callable[[Any], dict[str, Any]],
) -> Source:
    """Reminders of rows with a day, as long as they wait. `recipients` gives the people by the key of each row."""

    def due(day: date) -> list[Due]:
        rows = {row.pk: row for row in waiting(day)}
        who = recipients(rows.values())
        return [Due(kind, person, str(pk), row.due_on) for pk, row in rows.items() for person in who[pk]]

    def contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
        rows = {str(row.pk): row for row in waiting(day).filter(pk__in={each.period for each in reminders})}
        who = recipients(rows.values())
        return {
            each.pk: {"due_on": each.due_on, **context(rows[each.period])}
            for each in reminders
            if each.period in rows and each.recipient_id in who[rows[each.period].pk]
        }

    return Source((str(kind),), due, contexts)


def _calls(day: date) -> QuerySet:
    return FollowUpCall.objects.waiting().filter(due_on__lte=day).select_related("case")


def _owners(calls: Collection[FollowUpCall]) -> dict[int, Collection[int]]:
    return {call.pk: [call.owner_id] if call.owner_id else [] for call in calls}


def _changes(day: date) -> QuerySet:
    return BaseInfoChange.objects.waiting().filter(due_on__lte=day + AHEAD).select_related("village")


def _verifiers(changes: Collection[BaseInfoChange]) -> dict[UUID, Collection[int]]:
    by_village = verifiers({change.village for change in changes})
    return {change.pk: by_village[change.village_id] for change in changes}


def _waiting(kind: NoticeKind, state: CaseState) -> Source:
    """Reminders to the owner of a case that waits for others. Each names the case and the day that it is about."""

    def rows(day: date) -> QuerySet:
        return Case.objects.filter(state=state, waits_until__lte=day, owner__isnull=False)

    def asked(day: date, cases: QuerySet) -> dict[str, tuple[Any, date]]:
        every = LedgerNorm.objects.figures(day).pause_days
        days = {case: _last_before(case.waits_until, every, day) for case in cases}
        return {f"{case.pk.hex}{told:%y%m%d}": (case, told) for case, told in days.items()}

    def due(day: date) -> list[Due]:
        return [Due(kind, case.owner_id, key, told) for key, (case, told) in asked(day, rows(day)).items()]

    def contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
        found = asked(day, rows(day).filter(pk__in={each.period[:32] for each in reminders}))
        return {
            each.pk: {"due_on": case.waits_until, "name": case.number, "url": case.get_absolute_url()}
            for each in reminders
            if (case := found.get(each.period, (None,))[0]) is not None and case.owner_id == each.recipient_id
        }

    return Source((str(kind),), due, contexts)


def _last_before(first: date, every: int, day: date) -> date:
    """The last of `first` and each so many days after it that has come by `day`."""
    return first + timedelta(days=(day - first).days // every * every)


register(_waiting(NoticeKind.ANSWER_DUE, CaseState.REFERRED))
register(_waiting(NoticeKind.PAUSE_DUE, CaseState.PAUSED))
register(
    _source(
        NoticeKind.CALL_DUE,
        _calls,
        _owners,
        lambda call: {"name": call.case.number, "url": call.case.get_absolute_url()},
    )
)
register(
    _source(
        NoticeKind.BASE_INFO_DUE,
        _changes,
        _verifiers,
        lambda change: {
            "name": f"{change.village.name} {change.get_subject_display()}",
            "url": reverse("base_info_work"),
        },
    )
)
