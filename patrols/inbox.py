"""What waits for a person: notices that verbs leave, and what their recipient does with them (R22).

Reading is nobody else's business: it leaves no event in the trail, and nobody counts it (limits on burden).
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from patrols.choices import NoticeKind, ReportKind
from patrols.duties import WEEKLY
from patrols.models import InboxItem
from villages.models import Officer

# The reminder that belongs to a kind of report.
REMINDER_OF = {
    ReportKind.WEEKLY: NoticeKind.WEEKLY_REPORT,
    ReportKind.MONTHLY: NoticeKind.MONTHLY_REPORT,
}


def leave_notice(recipient: Officer, kind: NoticeKind, **context: Any) -> InboxItem:
    """Puts a notice into the inbox; to be called inside the transaction of the act that it tells of.

    `context` holds plain values: `name` of the record or `period`, its address `url`, and a `reason` when there is one.
    """
    return InboxItem.objects.create(recipient=recipient, kind=kind, context=context)


def settle(recipient: Officer, *kinds: NoticeKind, url: str | None = None, period: str | None = None) -> int:
    """Marks as done what asked for something that has now been done; returns how many items that were.

    The record is named by its address, a reminder by its period.
    """
    items = InboxItem.objects.filter(recipient=recipient, kind__in=kinds, done_at=None)
    if url is not None:
        items = items.filter(context__url=url)
    if period is not None:
        items = items.filter(reminder__period=period)
    return items.update(done_at=Now())


@transaction.atomic
def mark_read(*, by: Any, item: InboxItem) -> None:
    """The recipient has seen the item; marking it again changes nothing."""
    InboxItem.objects.filter(pk=item.pk, recipient__user=by, read_at=None).update(read_at=Now())


@transaction.atomic
def mark_all_read(*, by: Any) -> int:
    """The recipient has seen everything; returns how many items were unread."""
    return InboxItem.objects.filter(recipient__user=by, read_at=None).update(read_at=Now())


def _name(told: Mapping[str, Any]) -> str:
    kind = told.get("report_kind")
    if kind in ReportKind.values:
        return f"{ReportKind(kind).label} {told.get('period', '')}"
    return str(told.get("name") or told.get("period") or "")


def sentence(item: InboxItem) -> str:
    """What the item says, in the language in force."""
    told = item.context
    words = {
        "name": _name(told),
        "period": told.get("period") or "",
        "due_on": told.get("due_on") or "",
        "since": told.get("since") or "",
        "lacking": _(", ").join(str(duty.label) for duty in WEEKLY if duty.code in told.get("lacking", ())),
    }
    return SENTENCES[NoticeKind(item.kind)]() % words


SENTENCES = {
    NoticeKind.WEEK_DUTIES: lambda: _("%(name)s still lacks this week, until %(due_on)s: %(lacking)s."),
    NoticeKind.WEEKLY_REPORT: lambda: _("The weekly report for %(period)s is to be handed in by %(due_on)s."),
    NoticeKind.MONTHLY_REPORT: lambda: _("The monthly report for %(period)s is to be handed in by %(due_on)s."),
    NoticeKind.VISIT_RETURNED: lambda: _(
        "The visit log %(name)s was returned to you. Correct it and hand it in again."
    ),
    NoticeKind.DRAFT_EXPIRING: lambda: _(
        "Nobody has written in the draft %(name)s for a long time. It will be deleted on %(due_on)s."
    ),
    NoticeKind.DRAFT_EXPIRED: lambda: _("The draft %(name)s was deleted: nobody had written in it for 30 days."),
    NoticeKind.REPORT_RETURNED: lambda: _("The report %(name)s was returned to you. Complete it and hand it in again."),
    NoticeKind.CASE_GIVEN: lambda: _("You have been given: %(name)s."),
    NoticeKind.CASE_RED: lambda: _("The case %(name)s is red: see to it that both committees hear of it today."),
    NoticeKind.CASE_LEADER: lambda: _("The case %(name)s is red: name the leader in charge."),
    NoticeKind.CASE_STEP: lambda: _("The case %(name)s asks for a step every week; one was due on %(due_on)s."),
    NoticeKind.CASE_OVERDUE: lambda: _("The case %(name)s was to be resolved by %(due_on)s."),
    NoticeKind.ANSWER_DUE: lambda: _(
        "The case %(name)s was referred; its answer was asked for by %(due_on)s. Ask after it."
    ),
    NoticeKind.PAUSE_DUE: lambda: _(
        "The case %(name)s is paused, to be looked at on %(due_on)s: see whether the clock can go on."
    ),
    NoticeKind.CALL_DUE: lambda: _("A follow-up call of the case %(name)s is due on %(due_on)s."),
    NoticeKind.BASE_INFO_DUE: lambda: _("A base-info change is to be forwarded by %(due_on)s: %(name)s."),
    NoticeKind.BASE_INFO: lambda: _("A base-info change is to be verified: %(name)s."),
    NoticeKind.DISPUTES: lambda: _("The disputes of the week have been reported: %(name)s."),
    NoticeKind.REPORT_REVIEWED: lambda: _("The report %(name)s has been reviewed."),
    NoticeKind.PLACE_GAP: lambda: _("Nobody holds this place since %(since)s: %(name)s."),
    NoticeKind.PLACE_GAP_SOON: lambda: _("Nobody will hold this place from %(since)s on: %(name)s."),
    NoticeKind.NO_STAND_IN: lambda: _("Away from %(since)s on, and nobody stands in: %(name)s."),
    NoticeKind.NO_VILLAGE: lambda: _("Holds no place in a village: %(name)s."),
    NoticeKind.NO_CONTACT: lambda: _("None of the unit's people was in their villages since %(since)s: %(name)s."),
    NoticeKind.HAND_OVER: lambda: _("You have taken over: %(name)s. Read the hand-over note and confirm it."),
    NoticeKind.COUNCIL_DUE: lambda: _("The month's council is still to be held and handed in by %(due_on)s: %(name)s."),
    NoticeKind.MEASURE_DUE: lambda: _("A measure of the council is due on %(due_on)s: %(name)s."),
    NoticeKind.HAND_OVER_NOTE: lambda: _("You have handed over: %(name)s. Tell your successor what he should know."),
}
