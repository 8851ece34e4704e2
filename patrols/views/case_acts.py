"""The acts on the page of a case: form, verb and right of each. Which state permits which is choices.CASE_MOVES."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrols import cases
from patrols.cases.resolution import next_call, possible_from
from patrols.choices import CASE_MOVES, FOLLOWED_UP, CaseAct, CaseState
from patrols.forms import case_acts as forms
from patrols.forms import case_correcting, case_people, case_relating
from patrols.models import Case, LedgerNorm
from xinjin.access.engine import allows


@dataclass(frozen=True)
class Act:
    """An act as a form: the words of its button, the right that it asks, and when it makes sense besides the state."""

    act: CaseAct
    label: Promise
    form: type[forms.ActForm]
    verb: Callable[..., Case]
    right: str = "handle"
    fits: Callable[[Case], bool] = lambda case: True
    is_main: Callable[[Case], bool] = lambda case: False
    page: str = ""  # the name of its own page, where a form beside the others would be too narrow


def _needs_answer(case: Case) -> bool:
    return case.answered_on is None


def _is_ready(case: Case) -> bool:
    return not _needs_answer(case) and not waiting_calls(case)


def waiting_calls(case: Case) -> bool:
    """Whether a follow-up call is still to be made."""
    return case.kind in FOLLOWED_UP and case.follow_ups.waiting().exists()


def _may_call_today(case: Case) -> bool:
    call, today = next_call(case), timezone.localdate()
    return call is not None and possible_from(case, call, LedgerNorm.objects.figures(today)) <= today


ACTS = {
    each.act: each
    for each in (
        Act(CaseAct.STEP, _("Write down a step"), forms.StepForm, cases.add_step, is_main=lambda case: True),
        Act(CaseAct.INFORM, _("Both committees informed"), case_people.InformForm, cases.inform_committees,
            fits=lambda case: case.is_red and case.committees_informed_on is None, is_main=lambda case: True),
        Act(CaseAct.LEAD, _("Name the leader in charge"), case_people.LeadForm, cases.name_leader, right="oversee",
            fits=lambda case: case.is_red, is_main=lambda case: case.leader_id is None),
        Act(CaseAct.REFERRAL_ANSWER, _("Answer of the other body"), forms.ReferralAnswerForm,
            cases.record_referral_answer, is_main=lambda case: True),
        Act(CaseAct.RESOLVE, _("Resolve"), forms.ResolveForm, cases.resolve_case),
        Act(CaseAct.ANSWER, _("Give the answer back"), forms.AnswerForm, cases.give_answer, is_main=_needs_answer),
        Act(CaseAct.FOLLOW_UP, _("Follow-up call"), forms.FollowUpForm, cases.record_follow_up,
            fits=waiting_calls, is_main=lambda case: not _needs_answer(case) and _may_call_today(case)),
        Act(CaseAct.CLOSE, _("Close the case"), forms.CloseForm, cases.close_case, right="oversee", is_main=_is_ready),
        Act(CaseAct.CORRECT, _("Complete or correct"), case_correcting.CorrectForm, cases.correct_case,
            page="case_correct"),
        Act(CaseAct.RESUME, _("Let the clock go on"), forms.ResumeForm, cases.resume_case),
        Act(CaseAct.REFER, _("Refer to another body"), forms.ReferForm, cases.refer_case),
        Act(CaseAct.PAUSE, _("Pause the clock"), forms.PauseForm, cases.pause_case),
        Act(CaseAct.LEVEL, _("Change the level"), forms.LevelForm, cases.change_level),
        Act(CaseAct.ASSIGN, _("Owner and co-handlers"), case_people.AssignForm, cases.assign_case, right="oversee"),
        Act(CaseAct.LINK, _("Link with another case"), case_relating.LinkForm, cases.link_case),
        Act(CaseAct.MERGE, _("Merge into another case"), case_relating.MergeForm, cases.merge_case),
        Act(CaseAct.SPLIT, _("Split off a matter"), case_relating.SplitForm, cases.split_case),
        Act(CaseAct.REOPEN, _("Take up again"), forms.ReopenForm, cases.reopen_case),
    )
}  # fmt: skip


def right_for(act: CaseAct, case: Case) -> str:
    """The right that the act asks on this case: only the station takes up again what it has closed."""
    if act == CaseAct.REOPEN and case.state == CaseState.CLOSED:
        return "oversee"
    return ACTS[act].right


def permitted(user: Any, case: Case) -> list[CaseAct]:
    """The acts that the state permits, that the user has the right to, and that make sense."""
    rights = {
        right: allows(user, Case, right) and Case.objects.allowed(user, right).filter(pk=case.pk).exists()
        for right in ("handle", "oversee")
    }
    return [
        act
        for act, entry in ACTS.items()
        if CaseState(case.state) in CASE_MOVES[act] and rights[right_for(act, case)] and entry.fits(case)
    ]


def acts_on(user: Any, case: Case, bound: forms.ActForm | None = None, bound_act: str = "") -> list[dict[str, Any]]:
    """The forms that the page shows: those of the acts permitted, and `bound`, which stands for its own."""
    able, shown = permitted(user, case), []
    figures = LedgerNorm.objects.figures(timezone.localdate())
    for act, entry in ACTS.items():
        is_bound = bound is not None and act == bound_act
        if not (act in able or is_bound):
            continue
        form = None
        if not entry.page:
            form = bound if is_bound else entry.form(case=case, user=user, act=act, figures=figures)
        shown.append(
            {
                "act": act.value,
                "label": entry.label,
                "form": form,
                "page": entry.page,
                "is_open": is_bound,
                "is_main": entry.is_main(case),
            }
        )
    if not any(row["is_open"] for row in shown):
        first = next((row for row in shown if row["is_main"]), None)
        if first is not None:
            first["is_open"] = True
    return shown
