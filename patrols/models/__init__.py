"""The nouns: what officers do."""

from patrols.models.base_info import BaseInfoChange, BaseInfoRow
from patrols.models.base_info_check import BaseInfoCheck, BaseInfoTransfer
from patrols.models.briefing import Briefing, BriefingGiver, PreventionText
from patrols.models.case import Case, Register
from patrols.models.case_escalation import CaseEscalation
from patrols.models.case_file import CaseFile
from patrols.models.case_limit import CaseLimit
from patrols.models.case_part import (
    CaseParty,
    CasePause,
    CaseReferral,
    CaseStep,
    CaseTerm,
    CaseTransition,
)
from patrols.models.case_past import CaseFormerName, CaseResolution
from patrols.models.council import CouncilAttendee, CouncilMeeting
from patrols.models.council_measure import CouncilMeasure
from patrols.models.dispute_notice import DisputeNotice
from patrols.models.follow_up import FollowUpCall
from patrols.models.incident import IncidentCount
from patrols.models.ledger_norm import LedgerNorm
from patrols.models.month import WorkMonth
from patrols.models.part import Activity, Deed, HouseholdCall
from patrols.models.photo import Photo, PhotoHint, PhotoPrint
from patrols.models.plan import VisitPlan
from patrols.models.reminder import InboxItem, Reminder
from patrols.models.report import ReportTransition, WorkReport
from patrols.models.standard import VisitStandard
from patrols.models.version import CorrectionNote, VisitVersion
from patrols.models.visit import Attendee, Visit, VisitTransition

__all__ = [
    "Activity",
    "Attendee",
    "CorrectionNote",
    "BaseInfoChange",
    "BaseInfoCheck",
    "BaseInfoTransfer",
    "BaseInfoRow",
    "Briefing",
    "BriefingGiver",
    "Case",
    "CaseEscalation",
    "CaseFile",
    "CaseFormerName",
    "CaseLimit",
    "CaseParty",
    "CasePause",
    "CaseReferral",
    "CaseResolution",
    "CaseStep",
    "CaseTerm",
    "CaseTransition",
    "CouncilAttendee",
    "CouncilMeasure",
    "CouncilMeeting",
    "Deed",
    "DisputeNotice",
    "FollowUpCall",
    "HouseholdCall",
    "InboxItem",
    "IncidentCount",
    "LedgerNorm",
    "Photo",
    "PhotoHint",
    "PhotoPrint",
    "PreventionText",
    "Register",
    "Reminder",
    "ReportTransition",
    "Visit",
    "VisitPlan",
    "VisitStandard",
    "VisitTransition",
    "VisitVersion",
    "WorkMonth",
    "WorkReport",
]
