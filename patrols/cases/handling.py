"""What is done about a case while it is not resolved: steps, level, pauses, referrals (化解、转办)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.attachments.files import written
from patrols.attachments.reading import read_attachments
from patrols.cases.clock import hand_on, run_clock, start_term, stepped, stop_clock, take_level
from patrols.cases.moves import hold, move, require_coming, require_day, words
from patrols.cases.notices import begin_red, settle_case, tell_red
from patrols.choices import CaseAct, CaseLevel, CaseState, NoticeKind, StepKind
from patrols.models import Case, CaseReferral, CaseStep


def add_step(
    *, by: Any, case: Case, kind: str, happened_on: date, note: str, files: Sequence[UploadedFile] = ()
) -> Case:
    """Writes down what was done. The first step begins the handling; steps of two people stand beside each other.

    The work on the files is done before the case is held; they lie on the disk before the step is committed.
    """
    with written(by, read_attachments(files)) as rows:
        case = hold(case, CaseAct.STEP)
        require_day(happened_on, "happened_on", since=case.opened_on)
        step = CaseStep(case=case, kind=StepKind(kind), happened_on=happened_on, note=note.strip(), by=by)
        step.full_clean(exclude=["case", "by"])
        step.save()
        for row in rows:
            row.step = step
            row.full_clean(exclude=["step", "uploaded_by", "file"])
            row.save(force_insert=True)
        stepped(case, happened_on)
        detail: dict[str, Any] = {"files": [row.sha256 for row in rows]} if rows else {}
        case = move(by, case, CaseAct.STEP, kind=kind, **detail)
        if case.next_step_on is not None and case.next_step_on > timezone.localdate():
            settle_case(case, NoticeKind.CASE_STEP)
        return case


@transaction.atomic
def change_level(*, by: Any, case: Case, revision: int, level: str, reason: str) -> Case:
    """Sets another level and starts the clock anew by its rule, standing still where it stood still.

    Red tells the station in the same moment, also while the case is paused or another body has it.
    """
    case = hold(case, CaseAct.LEVEL, revision=revision)
    reason = words(reason, "reason", _("Say why the level changes."))
    if level == case.level:
        raise ValidationError({"level": _("The case has this level already.")})
    today, before = timezone.localdate(), case.get_level_display()
    case.level = CaseLevel(level)
    take_level(case, today)
    told = f"{before} → {case.get_level_display()}：{reason}"
    begin_red(case, today)
    case = move(by, case, CaseAct.LEVEL, told, level=level)
    if case.is_red:
        tell_red(case)
    else:
        settle_case(case, NoticeKind.CASE_RED, NoticeKind.CASE_LEADER)
    return case


@transaction.atomic
def pause_case(*, by: Any, case: Case, revision: int, reason: str, expected_on: date | None = None) -> Case:
    """Stops the clock while something outside is waited for. A case whose day has passed cannot be saved by it.

    It comes back on the day on which it is expected to go on, or after the days of the norm.
    """
    case = hold(case, CaseAct.PAUSE, revision=revision)
    reason = words(reason, "reason", _("Say what is waited for."))
    today = timezone.localdate()
    if case.due_on is not None and case.due_on < today:
        raise ValidationError({"reason": _("The day of this case has passed; it can no longer be paused.")})
    if expected_on is not None and expected_on < today:
        raise ValidationError({"expected_on": _("The date lies in the past.")})
    stop_clock(case, today, reason, expected_on)
    return move(by, case, CaseAct.PAUSE, reason)


@transaction.atomic
def resume_case(*, by: Any, case: Case, revision: int, reason: str = "") -> Case:
    """The clock goes on; the days of the pause are added."""
    case = hold(case, CaseAct.RESUME, revision=revision)
    run_clock(case, timezone.localdate())
    case = move(by, case, CaseAct.RESUME, reason.strip())
    settle_case(case, NoticeKind.PAUSE_DUE)
    return case


@transaction.atomic
def refer_case(
    *,
    by: Any,
    case: Case,
    revision: int,
    target: str,
    reason: str,
    target_name: str = "",
    answer_due_on: date | None = None,
) -> Case:
    """Passes the case on to another body. The clock ends here; it starts again with that body's answer.

    Without a day an answer is expected after the days of the norm. Until then a weekly step goes on to be due.
    """
    case = hold(case, CaseAct.REFER, revision=revision)
    today = timezone.localdate()
    require_coming(answer_due_on, "answer_due_on")
    hand_on(case, today, answer_due_on)
    referral = CaseReferral(
        case=case,
        target=target,
        target_name=target_name.strip(),
        reason=words(reason, "reason", _("Say why it is passed on.")),
        referred_on=today,
        answer_due_on=case.waits_until,
    )
    referral.full_clean(exclude=["case"])
    referral.save()
    return move(by, case, CaseAct.REFER, f"{referral}：{referral.reason}", target=target)


@transaction.atomic
def record_referral_answer(*, by: Any, case: Case, revision: int, answered_on: date, answer: str) -> Case:
    """What the other body answered; the case is handled here again, with a new run of the clock from today."""
    case = hold(case, CaseAct.REFERRAL_ANSWER, revision=revision)
    referral = case.referrals.select_for_update().get(answered_on=None)
    require_day(answered_on, "answered_on", since=referral.referred_on)
    referral.answered_on = answered_on
    referral.answer = words(answer, "answer", _("Say what was answered."))
    referral.full_clean(exclude=["case"])
    referral.save()
    start_term(_handled(case), timezone.localdate())
    case.state, case.waits_until = CaseState.REFERRED, None
    case = move(by, case, CaseAct.REFERRAL_ANSWER, f"{referral}：{referral.answer}")
    settle_case(case, NoticeKind.ANSWER_DUE)
    return case


def _handled(case: Case) -> Case:
    """As the clock is to see it: begun already."""
    case.state = CaseState.HANDLING
    return case
