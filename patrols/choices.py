"""Stable codes, their labels, and which state may follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")


VISIT_TRANSITIONS = {
    VisitState.DRAFT: {VisitState.SUBMITTED},
    VisitState.SUBMITTED: {VisitState.RETURNED},
    VisitState.RETURNED: {VisitState.SUBMITTED},
}
# States in which the author may write.
OPEN_STATES = (VisitState.DRAFT, VisitState.RETURNED)
# A draft in which nobody writes is deleted after so many days; its author is told so many days before.
DRAFT_DAYS = 30
DRAFT_WARNING_DAYS = 7


class ActivityKind(TextChoices):
    """What else was done during a visit (R7, R8)."""

    BRIEFING = "briefing", _("Briefing")
    PUBLICITY = "publicity", _("Publicity")
    GROUP_PATROL = "group_patrol", _("Group patrol")
    SCREENING = "screening", _("Dispute screening")


class DeedOutcome(TextChoices):
    DONE = "done", _("Done")
    PASSED_ON = "passed_on", _("Passed on")


class Topic(TextChoices):
    """What a household call was about."""

    ROUTINE = "routine", _("Routine call")
    SAFETY = "safety", _("Safety and fraud prevention")
    LEGAL = "legal", _("Legal education")
    DISPUTE = "dispute", _("Dispute")
    BASE_INFO = "base_info", _("Base information")
    CARE = "care", _("Care and help")


class ReportKind(TextChoices):
    WEEKLY = "weekly", _("Weekly report")
    MONTHLY = "monthly", _("Monthly report")


class ReportState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    REVIEWED = "reviewed", _("Reviewed")


REPORT_TRANSITIONS = {
    ReportState.DRAFT: {ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.RETURNED, ReportState.REVIEWED},
    ReportState.RETURNED: {ReportState.SUBMITTED},
    ReportState.REVIEWED: set(),
}


class NoticeKind(TextChoices):
    """What arrives in an inbox."""

    WEEKLY_REPORT = "weekly_report", _("Weekly report is due")
    MONTHLY_REPORT = "monthly_report", _("Monthly report is due")
    VISIT_RETURNED = "visit_returned", _("Visit log was returned")
    DRAFT_EXPIRING = "draft_expiring", _("Draft will be deleted")
    DRAFT_EXPIRED = "draft_expired", _("Draft was deleted")
    REPORT_RETURNED = "report_returned", _("Report was returned")
    REPORT_REVIEWED = "report_reviewed", _("Report was reviewed")
