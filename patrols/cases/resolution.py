"""How a case ends: resolved, answered, looked at again, closed by the station; and reopened with a reason (R6, R7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.clock import end_term, start_term, working_calendar
from patrols.cases.moves import hold, move, require_day, words
from patrols.cases.notices import begin_red, settle_case, tell_owner, tell_red
from patrols.choices import FOLLOWED_UP, CaseAct, CaseState, LimitUnit, NoticeKind, Satisfaction, TermEnding
from patrols.inbox import settle
from patrols.ledger import deadlines
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import Case, CaseResolution, FollowUpCall, LedgerNorm


@dataclass(frozen=True)
class Resolution:
    """How a case was resolved."""

    resolved_on: date
    outcome: str
    method: str
    resolver: str
    result: str


@transaction.atomic
def resolve_case(*, by: Any, case: Case, revision: int, resolution: Resolution) -> Case:
    """Resolves the case and plans the calls that see whether it holds. What another body was asked for is answered."""
    case = hold(case, CaseAct.RESOLVE, revision=revision)
    term = case.terms.order_by("-number").first()  # the running one, or that which a referral has ended
    require_day(resolution.resolved_on, "resolved_on", since=term.started_on if term else case.opened_on)
    result = words(resolution.result, "result", _("Say how it was resolved."))
    for name in ("resolved_on", "outcome", "method", "resolver"):
        setattr(case, name, getattr(resolution, name))
    case.result = result
    end_term(case, resolution.resolved_on, TermEnding.RESOLVED)
    _answer_referral(case)
    case = move(by, case, CaseAct.RESOLVE, result, outcome=case.outcome)
    if case.kind in FOLLOWED_UP:
        _plan_calls(case)
    settle_case(case)
    return case


def _answer_referral(case: Case) -> None:
    for referral in case.referrals.select_for_update().filter(answered_on=None):
        referral.answered_on = max(case.resolved_on or referral.referred_on, referral.referred_on)
        referral.answer = case.result[:500]
        referral.full_clean(exclude=["case"])
        referral.save()


def _plan_calls(case: Case) -> None:
    calendar, day = working_calendar(), case.resolved_on or timezone.localdate()
    after = LedgerNorm.objects.figures(day).follow_up_days
    FollowUpCall.objects.bulk_create(
        FollowUpCall(
            case=case,
            round=case.reopened_count + 1,
            number=number,
            due_on=deadlines.due_on(day, days, LimitUnit.DAYS, calendar),
            owner=case.owner,
        )
        for number, days in enumerate(after, start=1)
    )


@transaction.atomic
def give_answer(*, by: Any, case: Case, revision: int, answered_on: date, answer: str, satisfaction: str) -> Case:
    """The answer given back to the resident, and what he thought of it."""
    case = hold(case, CaseAct.ANSWER, revision=revision)
    require_day(answered_on, "answered_on", since=case.opened_on)
    case.answered_on = answered_on
    case.answer = words(answer, "answer", _("Say what was answered."))
    case.satisfaction = Satisfaction(satisfaction)
    return move(by, case, CaseAct.ANSWER, case.answer, satisfaction=satisfaction)


@transaction.atomic
def record_follow_up(
    *, by: Any, case: Case, revision: int, done_on: date, satisfaction: str, note: str, holds: bool = True
) -> Case:
    """Writes down the next of the planned calls. Where the resolution does not hold, the case is open again."""
    case = hold(case, CaseAct.FOLLOW_UP, revision=revision)
    call = next_call(case)
    if call is None:
        raise ValidationError(_("No follow-up call is waiting."))
    _require_time(case, call, done_on)
    call.done_on, call.satisfaction = done_on, Satisfaction(satisfaction)
    call.note = words(note, "note", _("Say what was found."))
    call.full_clean(exclude=["case", "owner"])
    call.save()
    if call.owner is not None:
        settle(call.owner, NoticeKind.CALL_DUE, period=str(call.pk))
    case = move(by, case, CaseAct.FOLLOW_UP, call.note, number=call.number)
    if not holds:
        case = reopen_case(by=by, case=case, revision=case.revision, reason=call.note)
    return case


def next_call(case: Case) -> FollowUpCall | None:
    """The first of the calls still to be made."""
    return case.follow_ups.waiting().order_by("number").first()


def _require_time(case: Case, call: FollowUpCall, day: date) -> None:
    """A call made too early would not show whether the resolution holds; one that broke already is taken up again."""
    first = possible_from(case, call, LedgerNorm.objects.figures(timezone.localdate()))
    if day < first and day <= timezone.localdate():
        message = _(
            "This call is due on %(due)s and can be made from %(day)s on. "
            "Where the resolution does not hold already, take the case up again."
        )
        raise ValidationError({"done_on": message % {"due": f"{call.due_on:%Y-%m-%d}", "day": f"{first:%Y-%m-%d}"}})
    require_day(day, "done_on", since=first)


def possible_from(case: Case, call: FollowUpCall, figures: LedgerFigures) -> date:
    """The first day on which the call can be made: some days before its own, and after whatever went before it."""
    earlier = case.follow_ups.filter(round=call.round, number=call.number - 1).first()
    before = [case.resolved_on or case.opened_on]
    if earlier is not None:
        before += [earlier.due_on, earlier.done_on or earlier.due_on]
    return max(call.due_on - figures.ahead(call.number), max(before) + timedelta(days=1))


@transaction.atomic
def close_case(*, by: Any, case: Case, revision: int, reason: str = "") -> Case:
    """The station closes what is resolved, answered and has held. Raises ValidationError with all that is missing."""
    case = hold(case, CaseAct.CLOSE, revision=revision)
    lacking = []
    if case.answered_on is None:
        lacking.append(_("The answer has not been given back yet."))
    calls = case.follow_ups.waiting().count()
    if calls:
        lacking.append(_("Follow-up calls still to be made: %(count)s.") % {"count": calls})
    if lacking:
        raise ValidationError(lacking)
    case.closed_on = timezone.localdate()
    case = move(by, case, CaseAct.CLOSE, reason.strip())
    settle_case(case)
    return case


@transaction.atomic
def reopen_case(*, by: Any, case: Case, revision: int, reason: str) -> Case:
    """Takes a case up again: a new run of the clock from today, and new calls after the next resolution.

    The result that did not hold stays readable, whole. A red one is red anew: station and both committees are to hear
    of it the same day.
    """
    case = hold(case, CaseAct.REOPEN, revision=revision)
    reason = words(reason, "reason", _("Say why it is taken up again."))
    # What was due before today was not done: it stays so, for the score of its month counts it.
    case.follow_ups.waiting().filter(due_on__gte=timezone.localdate()).update(is_void=True)
    before = case.state
    CaseResolution.taken_from(case, timezone.localdate()).save()
    case.reopened_count += 1
    case.state = CaseState.HANDLING  # as the clock is to see it
    start_term(case, timezone.localdate())
    begin_red(case, timezone.localdate())
    case.state = before
    case = move(by, case, CaseAct.REOPEN, reason)
    tell_owner(case, by)
    tell_red(case)
    return case
