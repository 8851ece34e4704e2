"""The verbs of council meetings 议事会 and their measures (R12). Each takes `by`, the user, and one transaction."""

from patrols.councils.entries import CouncilEntry, MeasureEntry, entry_of
from patrols.councils.measures import carried, end_measure, move_measures, pass_measures
from patrols.councils.writing import comment_council, discard_council, hold_council, open_council, save_council

__all__ = [
    "CouncilEntry",
    "MeasureEntry",
    "carried",
    "comment_council",
    "discard_council",
    "end_measure",
    "entry_of",
    "hold_council",
    "move_measures",
    "open_council",
    "pass_measures",
    "save_council",
]
