"""The nouns: what officers do."""

from patrols.models.month import WorkMonth
from patrols.models.part import Activity, Deed, HouseholdCall
from patrols.models.reminder import InboxItem, Reminder
from patrols.models.report import ReportTransition, WorkReport
from patrols.models.standard import VisitStandard
from patrols.models.version import CorrectionNote, VisitVersion
from patrols.models.visit import Attendee, Photo, Visit, VisitTransition

__all__ = [
    "Activity",
    "Attendee",
    "CorrectionNote",
    "Deed",
    "HouseholdCall",
    "InboxItem",
    "Photo",
    "Reminder",
    "ReportTransition",
    "Visit",
    "VisitStandard",
    "VisitTransition",
    "VisitVersion",
    "WorkMonth",
    "WorkReport",
]
