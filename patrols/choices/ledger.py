"""The ledger 民情台账 (R6, R7): codes and labels. The workflow as data: case_moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseKind(TextChoices):
    CONCERN = "concern", _("Concern")
    DISPUTE = "dispute", _("Dispute")
    LEAD = "lead", _("Lead")


# From the least to the most serious: an officer lets a matter rise, the station alone lets it sink.
CASE_KIND_ORDER = (CaseKind.CONCERN, CaseKind.LEAD, CaseKind.DISPUTE)
# What a household raised may become one of these with one tick.
CASE_KINDS_OF_CALLS = [(kind.value, kind.label) for kind in (CaseKind.CONCERN, CaseKind.DISPUTE)]


# What a screening found is one of these; a dispute, unless somebody says that it is not one yet.
CASE_KINDS_OF_SCREENINGS = [(kind.value, kind.label) for kind in (CaseKind.DISPUTE, CaseKind.LEAD)]


# Kinds whose resolution is looked at again after a week and a month.
FOLLOWED_UP = (CaseKind.DISPUTE, CaseKind.LEAD)


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


# What ended otherwise was resolved by nobody.
SOLVED = (CaseOutcome.SETTLED, CaseOutcome.HANDLED)


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
