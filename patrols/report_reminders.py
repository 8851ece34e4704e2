"""Reminders of the weekly and monthly reports (R13, R14, R22), from what is outstanding."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse

from patrols.choices import ReportKind
from patrols.inbox import REMINDER_OF
from patrols.models import InboxItem, Reminder, WorkReport
from patrols.outstanding import HANDED_IN, AskedFor, outstanding
from patrols.reminders import Due, Source, register
from patrols.report_metrics import report_rows
from xinjin import periods

KIND_OF = {str(notice): kind for kind, notice in REMINDER_OF.items()}


def dues(waiting: Iterable[AskedFor]) -> list[Due]:
    """A reminder for each report that is outstanding."""
    return [Due(REMINDER_OF[item.kind], item.officer_id, item.period.key, item.due_on) for item in waiting]


def contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
    """Of those whose report has not come in meanwhile."""
    named = [periods.parse(key) for key in {row.period for row in reminders}]
    rows = report_rows(named).filter(officer__in={row.recipient_id for row in reminders})
    handed_in = {
        (officer, ReportKind(kind), key) for officer, kind, key in rows.values_list("officer", "kind", "period")
    }
    return {
        row.pk: {"period": row.period, "due_on": row.due_on, "url": reverse("report_list")}
        for row in reminders
        if (row.recipient_id, KIND_OF[row.kind], row.period) not in handed_in
    }


def settle(day: date) -> None:
    """Marks as done what was delivered in the very moment in which its report came in."""
    for kind, notice in REMINDER_OF.items():
        handed_in = WorkReport.objects.filter(
            kind=kind, officer=OuterRef("recipient"), period=OuterRef("reminder__period"), state__in=HANDED_IN
        )
        InboxItem.objects.filter(Exists(handed_in), reminder__kind=notice, done_at=None).update(done_at=Now())


register(Source(tuple(KIND_OF), lambda day: dues(outstanding(day)), contexts, settle))
