"""Reminders of the weekly and monthly reports (R22): found, stored once, delivered once, however often this runs.

Nothing here relies on a clock of the machine, on Redis or on an earlier run: the sweep asks the database for the day
and the records for what is missing. Two sweeps at once share the work between them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse

from patrols.case_escalations import escalate
from patrols.choices import ReportKind
from patrols.inbox import REMINDER_OF
from patrols.metrics import report_rows
from patrols.models import InboxItem, Reminder, WorkReport
from patrols.outstanding import HANDED_IN, AskedFor, outstanding
from xinjin import periods

BATCH = 500
KIND_OF = {str(notice): kind for kind, notice in REMINDER_OF.items()}


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    created: int
    delivered: int


def sweep(*, day: date | None = None) -> Swept:
    """Stores and delivers every reminder that is due on `day` (by default the database's today).

    Each batch is a transaction of its own, so a killed worker loses nothing and repeats nothing.
    """
    day = day or database_day()
    waiting = outstanding(day)
    created = _create(waiting)
    delivered = 0
    while (count := deliver_batch()) is not None:
        delivered += count
    _settle_handed_in()
    escalate(day)
    return Swept(created, delivered)


def database_day() -> date:
    """Today by the clock of the database, in the zone of the settings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _create(waiting: Iterable[AskedFor]) -> int:
    """Stores the reminders that are not there yet; the database keeps them unique, whoever inserts first."""
    rows = [
        Reminder(kind=REMINDER_OF[item.kind], recipient_id=item.officer_id, period=item.period.key, due_on=item.due_on)
        for item in waiting
    ]
    if not rows:
        return 0
    # Asked first, because an insert that conflicts still uses up a number, and this runs every minute.
    known = set(
        Reminder.objects.filter(period__in={row.period for row in rows}).values_list("kind", "recipient_id", "period")
    )
    rows = [row for row in rows if (str(row.kind), row.recipient_id, row.period) not in known]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def claim(batch: int) -> list[Reminder]:
    """Up to `batch` undelivered reminders, held by this transaction; those that another sweep holds are left to it."""
    rows = Reminder.objects.filter(delivered_at=None).select_for_update(of=("self",), skip_locked=True)
    return list(rows.order_by("id")[:batch])


@transaction.atomic
def deliver_batch(batch: int = BATCH) -> int | None:
    """Delivers a batch; returns how many inbox items that made, or None when nothing was waiting.

    A reminder whose report has come in meanwhile is settled without an inbox item.
    """
    held = claim(batch)
    if not held:
        return None
    handed_in = _handed_in(held)
    Reminder.objects.filter(pk__in=[row.pk for row in held], delivered_at=None).update(delivered_at=Now())
    wanted = [row for row in held if (row.recipient_id, KIND_OF.get(row.kind), row.period) not in handed_in]
    InboxItem.objects.bulk_create([_item(row) for row in wanted])
    return len(wanted)


def _handed_in(reminders: Iterable[Reminder]) -> set[tuple[int, Any, str]]:
    named = [periods.parse(key) for key in {row.period for row in reminders}]
    rows = report_rows(named).filter(officer__in={row.recipient_id for row in reminders})
    return {(officer, ReportKind(kind), key) for officer, kind, key in rows.values_list("officer", "kind", "period")}


def _settle_handed_in() -> None:
    """Marks as done what was delivered in the very moment in which its report came in."""
    for kind, notice in REMINDER_OF.items():
        handed_in = WorkReport.objects.filter(
            kind=kind, officer=OuterRef("recipient"), period=OuterRef("reminder__period"), state__in=HANDED_IN
        )
        InboxItem.objects.filter(Exists(handed_in), reminder__kind=notice, done_at=None).update(done_at=Now())


def _item(reminder: Reminder) -> InboxItem:
    return InboxItem(
        recipient_id=reminder.recipient_id,
        kind=reminder.kind,
        reminder=reminder,
        context={"period": reminder.period, "due_on": reminder.due_on, "url": reverse("report_list")},
    )
