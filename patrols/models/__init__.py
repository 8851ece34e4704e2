"""The nouns: what officers do."""

from patrols.models.base_info import BaseInfoChange
from patrols.models.case import Case, Register
from patrols.models.case_limit import CaseLimit
from patrols.models.case_part import (
    CaseEscalation,
    CaseParty,
    CasePause,
    CaseReferral,
    CaseStep,
    CaseTerm,
    CaseTransition,
    FollowUpCall,
)
from patrols.models.month import WorkMonth
from patrols.models.part import Activity, Deed, HouseholdCall
from patrols.models.reminder import InboxItem, Reminder
from patrols.models.report import ReportTransition, WorkReport
from patrols.models.standard import VisitStandard
from patrols.models.visit import Attendee, Photo, Visit, VisitTransition

__all__ = [
    "Activity",
    "Attendee",
    "BaseInfoChange",
    "Case",
    "CaseEscalation",
    "CaseLimit",
    "CaseParty",
    "CasePause",
    "CaseReferral",
    "CaseStep",
    "CaseTerm",
    "CaseTransition",
    "Deed",
    "FollowUpCall",
    "HouseholdCall",
    "InboxItem",
    "Photo",
    "Register",
    "Reminder",
    "ReportTransition",
    "Visit",
    "VisitStandard",
    "VisitTransition",
    "WorkMonth",
    "WorkReport",
]
