"""What this app adds to a village's journal: who came and who went (R1, R4)."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from villages.journal import Happened, register_source
from villages.models import Assignment, Village
from xinjin.periods import Span


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


@register_source
def places_taken_and_left(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """Assignments at the beginning of their first day and the end of their last, once these have come."""
    days, now = (span.start, span.end), timezone.now()
    rows = Assignment.objects.allowed(user).filter(Q(start_on__range=days) | Q(end_on__range=days), village=village)
    for row in rows.select_related("officer").order_by("pk"):
        words = {"name": row.officer.name, "place": row.get_slot_display()}
        begins, ends = _at(row.start_on, time.min), _at(row.end_on, time.max) if row.end_on else None
        if row.start_on in span and begins <= now:
            yield Happened(at=begins, label=_("Assignment"), text=_("%(name)s begins as %(place)s") % words)
        if row.end_on and ends and row.end_on in span and ends <= now:
            yield Happened(at=ends, label=_("Assignment"), text=_("%(name)s ends as %(place)s") % words)
