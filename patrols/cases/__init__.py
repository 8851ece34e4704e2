"""The verbs of the ledger 民情台账: the only writers of cases (R6, R7).

Which act is permitted in which state stands once, in choices.CASE_MOVES. Every act takes the case's row, checks its
state and revision, and leaves a row that says who, when and why. Who may do it is asked at the edge.
"""

from patrols.cases.correcting import Correction, KnownParty, correct_case
from patrols.cases.handling import add_step, change_level, pause_case, record_referral_answer, refer_case, resume_case
from patrols.cases.opening import CaseEntry, PartyEntry, drafted, earlier_than, open_case
from patrols.cases.people import assign_case, inform_committees, name_leader, pass_cases
from patrols.cases.proposing import earlier_disputes
from patrols.cases.relating import SplitOff, link_case, merge_case, split_case
from patrols.cases.resolution import Resolution, close_case, give_answer, record_follow_up, reopen_case, resolve_case

__all__ = [
    "CaseEntry",
    "Correction",
    "KnownParty",
    "PartyEntry",
    "Resolution",
    "SplitOff",
    "add_step",
    "assign_case",
    "change_level",
    "close_case",
    "correct_case",
    "drafted",
    "earlier_disputes",
    "earlier_than",
    "give_answer",
    "inform_committees",
    "link_case",
    "merge_case",
    "name_leader",
    "open_case",
    "pass_cases",
    "pause_case",
    "record_follow_up",
    "record_referral_answer",
    "refer_case",
    "reopen_case",
    "resolve_case",
    "resume_case",
    "split_case",
]
