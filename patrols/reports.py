"""Weekly 每周报告 and monthly reports 每月报告: opened, written, handed in, returned, reviewed (R13, R14)."""

from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols import duties
from patrols.choices import REPORT_TRANSITIONS, NoticeKind, ReportKind, ReportState
from patrols.figures import collect_figures
from patrols.inbox import REMINDER_OF, leave_notice, settle
from patrols.models import ReportTransition, WorkReport
from patrols.outstanding import addressee_ids
from villages.models import Officer
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.periods import Period

# What the author writes; everything else comes from the records.
WORDS = ("summary", "problems", "plan")
# Nobody types them, and they are empty until the report is handed in.
NOT_TYPED = ("figures",)


def text_field(name: str) -> models.TextField:
    """The model's field of one of the report's texts, with its name and length."""
    return cast(models.TextField, WorkReport._meta.get_field(name))


@transaction.atomic
def open_report(*, by: Any, officer: Officer, kind: ReportKind, period: Period) -> WorkReport:
    """The officer's report on a period that he owes: the one there is, or a new draft."""
    found = WorkReport.objects.filter(officer=officer, kind=kind, period=period.key).first()
    if found is not None:
        return found
    if period.start > timezone.localdate():
        raise ValidationError({"period": _("This period has not begun yet.")})
    owing = [item for item in duties.owed(period, officer_ids=[officer.pk]) if item.weeks]
    if not owing:
        raise ValidationError({"period": _("No report is owed for this period.")})
    report, created = WorkReport.objects.get_or_create(
        officer=officer,
        kind=kind,
        period=period.key,
        defaults={
            "period_end_on": period.end,
            "due_on": duties.report_due_on(kind, period),
            "addressee_id": addressee_ids(owing, kind)[officer.pk],
        },
    )
    if created:
        report.full_clean(exclude=NOT_TYPED)
        _note(report, by)
        record(by, "open", report)
    return report


@transaction.atomic
def save_report(*, by: Any, report: WorkReport, revision: int, words: Mapping[str, str]) -> WorkReport:
    """Stores what the author wrote. A writer who has not seen the latest words loses with both texts (Conflict)."""
    report = _locked(report)
    if not report.is_open:
        raise Conflict(_("The report has been handed in already."), mine=_labelled(words), theirs=_stored(report))
    _write(report, revision, words)
    report.full_clean(exclude=NOT_TYPED)
    report.save()
    record(by, "save", report, {"revision": report.revision})
    return report


@transaction.atomic
def submit_report(
    *, by: Any, report: WorkReport, revision: int | None = None, words: Mapping[str, str] | None = None
) -> WorkReport:
    """Hands the report in: its figures are frozen as the records are now, and its reminder is done.

    Without `words` it goes as it is. Handing in the same words a second time is the same report. Late is what came
    after its day the first time, so a return makes nobody late.
    """
    report = _locked(report)
    if report.state == ReportState.SUBMITTED and (words is None or not _differs(report, words)):
        return report
    if not report.is_open:
        raise Conflict(_("The report has been handed in already."), mine=_labelled(words or {}), theirs=_stored(report))
    if words is not None:
        _write(report, report.revision if revision is None else revision, words)
    if report.submitted_at is None:
        report.is_late = timezone.localdate() > report.due_on
    report.submitted_at = timezone.now()
    report.figures = collect_figures(report)
    _move(report, ReportState.SUBMITTED, by)
    settle(report.officer, REMINDER_OF[ReportKind(report.kind)], period=report.period)
    settle(report.officer, NoticeKind.REPORT_RETURNED, url=_address(report))
    return report


@transaction.atomic
def hand_in(*, by: Any, officer: Officer, kind: ReportKind, period: Period) -> WorkReport:
    """Opens the report and hands it in as it is: a week without anything to add costs one click."""
    return submit_report(by=by, report=open_report(by=by, officer=officer, kind=kind, period=period))


@transaction.atomic
def return_report(*, by: Any, report: WorkReport, reason: str) -> WorkReport:
    """Gives the report back to its author with a reason; he finds it in his inbox."""
    report = _locked(report)
    _check_reader(report, by)
    if not reason.strip():
        raise ValidationError({"reason": _("A reason is needed.")})
    _move(report, ReportState.RETURNED, by, reason=reason.strip())
    _tell(report, NoticeKind.REPORT_RETURNED, reason=reason.strip())
    return report


@transaction.atomic
def review_report(*, by: Any, report: WorkReport, comment: str, instructions: str = "") -> WorkReport:
    """The leader's comment 评议 and instructions 安排; the author finds them in his inbox (R13, R14)."""
    report = _locked(report)
    _check_reader(report, by)
    if not comment.strip():
        raise ValidationError({"comment": _("A comment is needed.")})
    report.comment, report.instructions = comment.strip(), instructions.strip()
    report.reviewed_at, report.reviewed_by = timezone.now(), by
    _move(report, ReportState.REVIEWED, by)
    _tell(report, NoticeKind.REPORT_REVIEWED, reason=report.instructions or report.comment)
    return report


def _locked(report: WorkReport) -> WorkReport:
    return WorkReport.objects.select_for_update(of=("self",)).select_related("officer").get(pk=report.pk)


def _differs(report: WorkReport, words: Mapping[str, str]) -> bool:
    return any(getattr(report, name) != words[name] for name in WORDS if name in words)


def _labelled(words: Mapping[str, str]) -> dict[str, str]:
    return {str(text_field(name).verbose_name): words[name] for name in WORDS if name in words}


def _stored(report: WorkReport) -> dict[str, str]:
    return _labelled({name: getattr(report, name) for name in WORDS})


def _write(report: WorkReport, revision: int, words: Mapping[str, str]) -> None:
    """Takes the words over; words that are stored already are no conflict, however stale the page."""
    if not _differs(report, words):
        return
    if revision != report.revision:
        raise Conflict(
            _("The report was changed elsewhere in the meantime."), mine=_labelled(words), theirs=_stored(report)
        )
    for name in WORDS:
        if name in words:
            setattr(report, name, words[name])
    report.revision += 1


def _check_reader(report: WorkReport, by: Any) -> None:
    if report.officer.user_id is not None and report.officer.user_id == by.pk:
        raise ValidationError(_("Nobody reviews his own report."))
    if report.state != ReportState.SUBMITTED:
        raise Conflict(_("The report is not waiting for a review."))


def _move(report: WorkReport, state: ReportState, by: Any, *, reason: str = "") -> None:
    """One change of state, checked, stored and recorded."""
    if state not in REPORT_TRANSITIONS[ReportState(report.state)]:
        raise Conflict(_("The report no longer permits this."))
    report.state = state
    report.full_clean(exclude=NOT_TYPED)
    report.save()
    _note(report, by, reason)
    record(by, {"submitted": "submit", "returned": "return", "reviewed": "review"}[state], report, {"reason": reason})


def _note(report: WorkReport, by: Any, reason: str = "") -> None:
    transition = ReportTransition(report=report, state=report.state, by=by, reason=reason)
    transition.full_clean(exclude=["report", "by"])
    transition.save()


def _address(report: WorkReport) -> str:
    return reverse("report_detail", args=[report.pk])


def _tell(report: WorkReport, kind: NoticeKind, *, reason: str) -> None:
    leave_notice(
        report.officer, kind, period=report.period, report_kind=report.kind, url=_address(report), reason=reason
    )
