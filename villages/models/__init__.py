"""The nouns: who and where."""

from villages.models.absence import Absence
from villages.models.assignment import Assignment
from villages.models.former_name import FormerName
from villages.models.gap_norm import GapNorm
from villages.models.hand_over import HandOverNote
from villages.models.household import Household
from villages.models.journal import JournalCorrection, JournalEntry, JournalRead
from villages.models.officer import Officer, PartyPost
from villages.models.unit import Township, Unit
from villages.models.village import Village, VillageContact

__all__ = [
    "Absence",
    "Assignment",
    "FormerName",
    "GapNorm",
    "HandOverNote",
    "Household",
    "JournalCorrection",
    "JournalEntry",
    "JournalRead",
    "Officer",
    "PartyPost",
    "Township",
    "Unit",
    "Village",
    "VillageContact",
]
