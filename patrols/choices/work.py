"""Visits, photos, reports, notices: codes, labels, and which state may follow which."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            VisitState.DRAFT: ("muted", "ring"),
            VisitState.SUBMITTED: ("info", "check"),
            VisitState.RETURNED: ("bad", "half"),
        }[self]


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


class PlanOutcome(TextChoices):
    """What became of a planned visit. A plan that was not kept is no fault: nothing rests on it."""

    KEPT = "kept", _("visited as planned")
    MOVED = "moved", _("visited on another day of the week")
    AHEAD = "ahead", _("planned")
    OPEN = "open", _("no visit in the week")

    @classmethod
    def of(cls, planned_on: date, today: date, *, that_day: bool, that_week: bool) -> "PlanOutcome":
        """From whether a visit counts on the day and in its week."""
        if that_day:
            return cls.KEPT
        if planned_on >= today:
            return cls.AHEAD
        return cls.MOVED if that_week else cls.OPEN

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape; never a red one."""
        return {
            PlanOutcome.KEPT: ("ok", "check"),
            PlanOutcome.MOVED: ("ok", "half"),
            PlanOutcome.AHEAD: ("info", "ring"),
            PlanOutcome.OPEN: ("muted", "dash"),
        }[self]


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


class HintKind(TextChoices):
    """What an inspector may want to look at in a photo."""

    COPY = "copy", _("The same file")
    ALIKE = "alike", _("Looks alike")
    OTHER_TIME = "other_time", _("Taken at another time")
    LONG_BEFORE = "long_before", _("Taken long before")


class HintOutcome(TextChoices):
    NEW = "new", _("Not looked at")
    HARMLESS = "harmless", _("Harmless")
    TO_ASK = "to_ask", _("To be asked")


class ReportKind(TextChoices):
    WEEKLY = "weekly", _("Weekly report")
    MONTHLY = "monthly", _("Monthly report")


class ReportState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    REVIEWED = "reviewed", _("Reviewed")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            ReportState.DRAFT: ("muted", "ring"),
            ReportState.SUBMITTED: ("info", "up"),
            ReportState.RETURNED: ("warn", "half"),
            ReportState.REVIEWED: ("ok", "check"),
        }[self]


REPORT_TRANSITIONS = {
    ReportState.DRAFT: {ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.RETURNED, ReportState.REVIEWED},
    ReportState.RETURNED: {ReportState.SUBMITTED},
    ReportState.REVIEWED: set(),
}


class NoticeKind(TextChoices):
    """What arrives in an inbox."""

    WEEK_DUTIES = "week_duties", _("The week still lacks something")
    WEEKLY_REPORT = "weekly_report", _("Weekly report is due")
    MONTHLY_REPORT = "monthly_report", _("Monthly report is due")
    VISIT_RETURNED = "visit_returned", _("Visit log was returned")
    DRAFT_EXPIRING = "draft_expiring", _("Draft will be deleted")
    DRAFT_EXPIRED = "draft_expired", _("Draft was deleted")
    REPORT_RETURNED = "report_returned", _("Report was returned")
    REPORT_REVIEWED = "report_reviewed", _("Report was reviewed")
    PLACE_GAP = "place_gap", _("Place without holder")
    PLACE_GAP_SOON = "place_gap_soon", _("Place soon without holder")
    NO_STAND_IN = "no_stand_in", _("Leave without stand-in")
    NO_VILLAGE = "no_village", _("Officer without village")
    NO_CONTACT = "no_contact", _("Unit without contact to its villages")
    HAND_OVER = "hand_over", _("Hand-over to confirm")
    HAND_OVER_NOTE = "hand_over_note", _("Hand-over note to write")
    CASE_GIVEN = "case_given", _("Case was given to you")
    CASE_RED = "case_red", _("Red case")
    CASE_LEADER = "case_leader", _("Red case without a leader")
    CASE_STEP = "case_step", _("Case without a step for a week")
    CASE_OVERDUE = "case_overdue", _("Case is overdue")
    ANSWER_DUE = "answer_due", _("Answer to a referral is due")
    PAUSE_DUE = "pause_due", _("Pause to be looked at")
    CALL_DUE = "call_due", _("Follow-up call is due")
    BASE_INFO = "base_info", _("Base-info change to verify")
    BASE_INFO_DUE = "base_info_due", _("Base-info change to forward")
    COUNCIL_DUE = "council_due", _("Council of the month is owed")
    MEASURE_DUE = "measure_due", _("Measure of a council is due")
    DISPUTES = "disputes", _("Weekly notice of disputes")
