"""Sealing a month of records (design §4): a visit is counted in a locked month's totals or refused, never half of each.

Writers hold the month's row shared until they commit; sealing takes the row alone. Whoever comes first is seen whole
by the other.
"""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.models import WorkMonth
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.periods import Month


def _ensure(key: str) -> None:
    WorkMonth.objects.bulk_create([WorkMonth(key=key)], ignore_conflicts=True)


def hold_open(day: date) -> bool:
    """Whether the month in which the week of `day` is counted still takes records; it stays so until the commit.

    Must run inside the writer's transaction, before the writer locks its own record.
    """
    key = Month.counting(day).key
    _ensure(key)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sealed_at FROM {WorkMonth._meta.db_table} WHERE key = %s FOR SHARE", [key])  # noqa: S608
        (sealed_at,) = cursor.fetchone()
    return sealed_at is None


def require_open(day: date) -> None:
    """Raises Conflict when the month of `day` is sealed; otherwise it stays open until the commit."""
    if not hold_open(day):
        raise Conflict(_("The month %(month)s is locked.") % {"month": Month.counting(day).key})


@transaction.atomic
def seal_month(*, by, key: str) -> WorkMonth:
    """Closes the month to its writers, after those under way have committed. A sealed month stays as it is.

    What the caller counts after this in the same transaction is final.
    """
    _ensure(key)
    month = WorkMonth.objects.select_for_update().get(key=key)
    if month.sealed_at is None:
        month.sealed_at, month.sealed_by = timezone.now(), by
        month.full_clean()
        month.save()
        record(by, "seal", month)
    return month


def is_sealed(key: str) -> bool:
    """Whether the month is sealed now; a glance, for showing only."""
    return WorkMonth.objects.filter(key=key, sealed_at__isnull=False).exists()
