"""The nouns: who and where."""

from villages.models.absence import Absence
from villages.models.assignment import Assignment
from villages.models.household import Household
from villages.models.officer import Officer, PartyPost
from villages.models.unit import Township, Unit
from villages.models.village import Village, VillageContact

__all__ = [
    "Absence",
    "Assignment",
    "Household",
    "Officer",
    "PartyPost",
    "Township",
    "Unit",
    "Village",
    "VillageContact",
]
