"""The ledger 民情台账 (R6, R7) and base information 一标三实 (R9): codes, labels, and the workflow as data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseKind(TextChoices):
    CONCERN = "concern", _("Concern")
    DISPUTE = "dispute", _("Dispute")
    LEAD = "lead", _("Lead")


# What a household raised may become one of these with one tick.
CASE_KINDS_OF_CALLS = [(kind.value, kind.label) for kind in (CaseKind.CONCERN, CaseKind.DISPUTE)]


class CaseLevel(TextChoices):
    """From the least to the most pressing; the order is that of LEVELS."""

    BLUE = "blue", _("Blue")
    YELLOW = "yellow", _("Yellow")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            CaseLevel.BLUE: ("info", "dot"),
            CaseLevel.YELLOW: ("warn", "half"),
            CaseLevel.ORANGE: ("warn", "up"),
            CaseLevel.RED: ("bad", "cross"),
        }[self]


LEVELS = list(CaseLevel)


class CaseScale(TextChoices):
    INDIVIDUAL = "individual", _("Individuals")
    GROUP = "group", _("A group")
    LARGE_GROUP = "large_group", _("A large group")


class CaseCategory(TextChoices):
    """What it is about: the usual categories of disputes, then those of concerns."""

    FAMILY = "family", _("Marriage and family")
    NEIGHBOURS = "neighbours", _("Neighbours")
    PERSONALITY = "personality", _("Personality rights")
    PROPERTY = "property", _("Property rights")
    TORT = "tort", _("Harm and compensation")
    CONTRACT = "contract", _("Contract")
    LABOUR = "labour", _("Labour and wages")
    LENDING = "lending", _("Lending and finance")
    LAND = "land", _("Land and resources")
    CONSTRUCTION = "construction", _("Building and demolition")
    CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs")
    ADMINISTRATION = "administration", _("Administrative enforcement")
    LITIGATION = "litigation", _("Law and litigation")
    RELIGION = "religion", _("Ethnicity and religion")
    ORDER = "order", _("Public order")
    FACILITIES = "facilities", _("Roads, lamps and facilities")
    ENVIRONMENT = "environment", _("Environment and noise")
    LIVELIHOOD = "livelihood", _("Livelihood and care")
    PROCEDURE = "procedure", _("Papers and procedures")
    OTHER = "other", _("Other")


_ONLY_CONCERNS = (
    CaseCategory.ORDER, CaseCategory.FACILITIES, CaseCategory.LIVELIHOOD, CaseCategory.PROCEDURE,
)  # fmt: skip
CATEGORIES_OF = {
    CaseKind.CONCERN: (*_ONLY_CONCERNS, CaseCategory.ENVIRONMENT, CaseCategory.OTHER),
    CaseKind.DISPUTE: tuple(category for category in CaseCategory if category not in _ONLY_CONCERNS),
    CaseKind.LEAD: tuple(category for category in CaseCategory if category not in _ONLY_CONCERNS[1:]),
}


class CaseSource(TextChoices):
    """From where a case came into the ledger."""

    ENTERED = "entered", _("Entered by hand")
    CALL = "call", _("Raised at a household call")
    SCREENING = "screening", _("Found by a screening")
    SPLIT = "split", _("Split off from another case")


class CaseState(TextChoices):
    OPEN = "open", _("To be begun")
    HANDLING = "handling", _("Being handled")
    PAUSED = "paused", _("Paused")
    REFERRED = "referred", _("Referred")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            CaseState.OPEN: ("info", "ring"),
            CaseState.HANDLING: ("info", "half"),
            CaseState.PAUSED: ("neutral", "dash"),
            CaseState.REFERRED: ("neutral", "dash"),
            CaseState.RESOLVED: ("ok", ""),
            CaseState.CLOSED: ("muted", "check"),
            CaseState.MERGED: ("muted", "dash"),
        }[self]


class CaseAct(TextChoices):
    """What is done to a case; each is a row with who, when and why."""

    OPEN = "open", _("Case opened")
    STEP = "step", _("Step")
    LEVEL = "level", _("Level changed")
    PAUSE = "pause", _("Clock paused")
    RESUME = "resume", _("Clock resumed")
    REFER = "refer", _("Referred")
    REFERRAL_ANSWER = "referral_answer", _("Answer of the other body")
    RESOLVE = "resolve", _("Resolved")
    ANSWER = "answer", _("Answer given back")
    FOLLOW_UP = "follow_up", _("Follow-up call")
    CLOSE = "close", _("Closed")
    REOPEN = "reopen", _("Reopened")
    ASSIGN = "assign", _("Handed to")
    LEAD = "lead", _("Leader named")
    INFORM = "inform", _("Committees informed")
    MERGE = "merge", _("Merged")
    SPLIT = "split", _("Split")
    LINK = "link", _("Linked")


# The acts by which it is counted what a period brought, and what stood open on a day.
ACTS_COUNTED = (CaseAct.RESOLVE, CaseAct.REOPEN, CaseAct.MERGE)

# The one table of the workflow: {act: {state in which it is permitted: state that follows}}.
CASE_MOVES: dict[CaseAct, dict[CaseState, CaseState]] = {
    CaseAct.STEP: {
        CaseState.OPEN: CaseState.HANDLING,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
    },
    CaseAct.LEVEL: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
    },
    CaseAct.PAUSE: {CaseState.OPEN: CaseState.PAUSED, CaseState.HANDLING: CaseState.PAUSED},
    CaseAct.RESUME: {CaseState.PAUSED: CaseState.HANDLING},
    CaseAct.REFER: {CaseState.OPEN: CaseState.REFERRED, CaseState.HANDLING: CaseState.REFERRED},
    CaseAct.REFERRAL_ANSWER: {CaseState.REFERRED: CaseState.HANDLING},
    CaseAct.RESOLVE: {
        CaseState.OPEN: CaseState.RESOLVED,
        CaseState.HANDLING: CaseState.RESOLVED,
        CaseState.PAUSED: CaseState.RESOLVED,
        CaseState.REFERRED: CaseState.RESOLVED,
    },
    CaseAct.ANSWER: {CaseState.RESOLVED: CaseState.RESOLVED},
    CaseAct.FOLLOW_UP: {CaseState.RESOLVED: CaseState.RESOLVED},
    CaseAct.CLOSE: {CaseState.RESOLVED: CaseState.CLOSED},
    CaseAct.REOPEN: {CaseState.RESOLVED: CaseState.HANDLING, CaseState.CLOSED: CaseState.HANDLING},
    CaseAct.ASSIGN: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
        CaseState.RESOLVED: CaseState.RESOLVED,
    },
    CaseAct.INFORM: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
    },
    CaseAct.LEAD: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
    },
    CaseAct.MERGE: {
        CaseState.OPEN: CaseState.MERGED,
        CaseState.HANDLING: CaseState.MERGED,
        CaseState.PAUSED: CaseState.MERGED,
    },
    CaseAct.SPLIT: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
    },
    CaseAct.LINK: {state: state for state in CaseState if state != CaseState.MERGED},
}
# States in which somebody still has to do something about the matter itself.
UNRESOLVED = (CaseState.OPEN, CaseState.HANDLING, CaseState.PAUSED, CaseState.REFERRED)
# Kinds whose resolution is looked at again after a week and a month.
FOLLOWED_UP = (CaseKind.DISPUTE, CaseKind.LEAD)


class LimitUnit(TextChoices):
    WORKDAYS = "workdays", _("working days")
    DAYS = "days", _("days")


class TermEnding(TextChoices):
    """How a run of the clock ended."""

    RESOLVED = "resolved", _("resolved")
    REFERRED = "referred", _("referred")
    REPLACED = "replaced", _("replaced by a new limit")
    MERGED = "merged", _("merged")


class PartyRole(TextChoices):
    CLAIMANT = "claimant", _("Who raised it")
    RESPONDENT = "respondent", _("Other side")
    CONCERNED = "concerned", _("Also concerned")


class StepKind(TextChoices):
    VISIT = "visit", _("Visit")
    MEDIATION = "mediation", _("Mediation")
    CALL = "call", _("Call")
    DOCUMENT = "document", _("Document")
    NOTE = "note", _("Note")


class ReferralTarget(TextChoices):
    STATION = "station", _("Station")
    JUDICIAL_OFFICE = "judicial_office", _("Judicial office")
    COURT = "court", _("Court")
    TOWNSHIP = "township", _("Township")
    BUSINESS_UNIT = "business_unit", _("Business unit")
    OTHER = "other", _("Another body")


class CaseOutcome(TextChoices):
    SETTLED = "settled", _("Settled")
    HANDLED = "handled", _("Handled by another body")
    IN_COURT = "in_court", _("Not settled, taken to court")
    WITHDRAWN = "withdrawn", _("Withdrawn or unfounded")


class ResolutionMethod(TextChoices):
    EXPLANATION = "explanation", _("Explained or persuaded")
    PEOPLES_MEDIATION = "peoples_mediation", _("People's mediation")
    POLICE_MEDIATION = "police_mediation", _("Mediation by the police")
    JOINT_MEDIATION = "joint_mediation", _("Joint mediation")
    ADMINISTRATIVE = "administrative", _("Administrative decision")
    PRACTICAL = "practical", _("Practical help")
    JUDICIAL = "judicial", _("Judicial way")


class Resolver(TextChoices):
    """The organisation that resolved it."""

    OFFICER = "officer", _("The village's police")
    COMMITTEE = "committee", _("Village committee")
    STATION = "station", _("Station")
    JUDICIAL_OFFICE = "judicial_office", _("Judicial office")
    TOWNSHIP = "township", _("Township")
    COURT = "court", _("Court")
    OTHER = "other", _("Another body")


# Resolved at the source: nobody from outside the village was needed (R7).
IN_THE_VILLAGE = (Resolver.OFFICER, Resolver.COMMITTEE)


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", _("Satisfied")
    FAIRLY = "fairly", _("Fairly satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    NO_COMMENT = "no_comment", _("No comment")


class EscalationStep(TextChoices):
    """What is told of a case: red and not known, red and nobody leads it, no step for a week, its day has passed."""

    COMMITTEES = "committees", _("Both committees")
    LEADER = "leader", _("Leader in charge")
    WEEKLY = "weekly", _("Weekly step")
    OFFICER = "officer", _("Officer")
    STATION = "station", _("Station")
    BRIGADE = "brigade", _("Brigade")
