"""Forgotten drafts: told of in time, then deleted with their photos; what was handed in once never is (R5, R11).

A draft holds residents' data that no log vouches for, so it does not lie about for ever. Like the reminders, this
asks the database for the time and the rows for what is due; run twice, late or by two workers, it does each thing once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from patrols.choices import DRAFT_DAYS, DRAFT_WARNING_DAYS, NoticeKind, VisitState
from patrols.inbox import leave_notice
from patrols.models import InboxItem, Visit
from patrols.visits import delete_draft, edit_url
from xinjin.audit.trail import record

BATCH = 200


@dataclass(frozen=True)
class Tidied:
    """What one run did."""

    told: int
    deleted: int


def tidy_drafts(*, at: datetime | None = None) -> Tidied:
    """Deletes what has expired, then tells of what will, by the clock of the database or as of `at`."""
    now = at or _database_time()
    deleted = told = 0
    while count := _delete_batch(now):
        deleted += count
    while count := _tell_batch(now):
        told += count
    return Tidied(told, deleted)


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _forgotten(now: datetime, days: int) -> QuerySet[Visit]:
    """Drafts in which nobody has written for so many days, held by this transaction."""
    rows = Visit.objects.filter(state=VisitState.DRAFT, saved_at__lte=now - timedelta(days=days))
    rows = rows.select_related("village", "officer").order_by("saved_at", "id")
    return rows.select_for_update(of=("self",), skip_locked=True)


@transaction.atomic
def _tell_batch(now: datetime) -> int:
    untold = Q(expiry_told_at=None) | Q(expiry_told_at__lt=F("saved_at"))
    drafts = list(_forgotten(now, DRAFT_DAYS - DRAFT_WARNING_DAYS).filter(untold)[:BATCH])
    Visit.objects.filter(pk__in=[visit.pk for visit in drafts]).update(expiry_told_at=now)
    for visit in drafts:
        visit.expiry_told_at = now
    InboxItem.objects.bulk_create(
        InboxItem(
            recipient=visit.officer,
            kind=NoticeKind.DRAFT_EXPIRING,
            context={"name": str(visit), "url": edit_url(visit), "due_on": visit.expires_on},
        )
        for visit in drafts
    )
    return len(drafts)


@transaction.atomic
def _delete_batch(now: datetime) -> int:
    """Only what its author was told of long enough ago, however long the sweep has stood still."""
    told = Q(expiry_told_at__gte=F("saved_at"), expiry_told_at__lte=now - timedelta(days=DRAFT_WARNING_DAYS))
    drafts = list(_forgotten(now, DRAFT_DAYS).filter(told)[:BATCH])
    for visit in drafts:
        record(None, "expire", visit, {"saved_at": visit.saved_at})
        leave_notice(visit.officer, NoticeKind.DRAFT_EXPIRED, name=str(visit))
        delete_draft(visit)
    return len(drafts)
