"""Reminders (R22): found, stored once, delivered once, however often this runs.

What there is to be reminded of comes from sources: reports (report_reminders.py), gaps (gap_reminders.py), and whatever
registers besides. Nothing here relies on a clock of the machine, on Redis or on an earlier run: the sweep asks the
database for the day and the records for what is missing. Two sweeps at once share the work between them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from patrols.cases.escalations import escalate
from patrols.models import InboxItem, LedgerNorm, Reminder

BATCH = 500


@dataclass(frozen=True)
class Due:
    """Somebody is to be reminded of something; `period` names it among what its kind reminds him of."""

    kind: str
    recipient_id: int
    period: str
    due_on: date | None = None


@dataclass(frozen=True)
class Source:
    """Where reminders of some kinds come from.

    `due(day)` is everything to be reminded of, told or not. `contexts(day, reminders)` gives, for those still to be
    done, what their inbox rows are made of. `settled(day)` marks inbox rows as done whose matter is no more; without
    it those are done that `contexts` no longer gives.
    """

    kinds: Collection[str]
    due: Callable[[date], Iterable[Due]]
    contexts: Callable[[date, list[Reminder]], Mapping[int, dict[str, Any]]]
    settled: Callable[[date], None] | None = None

    def settle(self, day: date) -> None:
        """Marks as done what has been done, also in the very moment in which it was delivered."""
        if self.settled is not None:
            self.settled(day)
            return
        items = InboxItem.objects.filter(kind__in=self.kinds, done_at=None, reminder__isnull=False)
        waiting = [item.reminder for item in items.select_related("reminder") if item.reminder is not None]
        still = self.contexts(day, waiting) if waiting else {}
        done = [row.pk for row in waiting if row.pk not in still]
        if done:
            InboxItem.objects.filter(reminder__in=done, done_at=None).update(done_at=Now())


_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a source; registered twice it counts once."""
    if source not in _sources:
        _sources.append(source)


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    created: int
    delivered: int


def sweep(*, day: date | None = None) -> Swept:
    """Stores and delivers every reminder that is due on `day` (by default the database's today).

    Each batch is a transaction of its own, so a killed worker loses nothing and repeats nothing. What goes up step by
    step is told within duty hours only; a `day` that is asked for by its date is replayed whole.
    """
    now = database_now()
    is_replay, day = day is not None, day or now.date()
    created = store(due for source in _sources for due in source.due(day))
    delivered = 0
    while (count := deliver_batch(day)) is not None:
        delivered += count
    for source in _sources:
        source.settle(day)
    if is_replay or LedgerNorm.objects.figures(day).is_on_duty(now.time()):
        escalate(day)
    return Swept(created, delivered)


def database_now() -> datetime:
    """What the clock of the database says, in the zone of the settings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(ZoneInfo(settings.TIME_ZONE))


def store(waiting: Iterable[Due]) -> int:
    """Stores the reminders that are not there yet; the database keeps them unique, whoever inserts first."""
    rows = [
        Reminder(kind=item.kind, recipient_id=item.recipient_id, period=item.period, due_on=item.due_on)
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
def deliver_batch(day: date, batch: int = BATCH) -> int | None:
    """Delivers a batch; returns how many inbox items that made, or None when nothing was waiting.

    A reminder whose matter has been done meanwhile is settled without an inbox item.
    """
    held = claim(batch)
    if not held:
        return None
    Reminder.objects.filter(pk__in=[row.pk for row in held], delivered_at=None).update(delivered_at=Now())
    by_kind: dict[str, list[Reminder]] = defaultdict(list)
    for row in held:
        by_kind[row.kind].append(row)
    contexts: dict[int, dict[str, Any]] = {}
    for source in _sources:
        rows = [row for kind in source.kinds for row in by_kind[str(kind)]]
        contexts |= source.contexts(day, rows) if rows else {}
    wanted = [
        InboxItem(recipient_id=row.recipient_id, kind=row.kind, reminder=row, context=contexts[row.pk])
        for row in held
        if row.pk in contexts
    ]
    InboxItem.objects.bulk_create(wanted)
    return len(wanted)
