"""The workflow of a case as data: its states, its acts, and the one table of what may follow what (R6, R7)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    CORRECT = "correct", _("Completed or corrected")
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
    MOVE = "move", _("Moved with its village")


# The acts by which it is counted what a period brought, and what stood open on a day.
ACTS_COUNTED = (CaseAct.RESOLVE, CaseAct.REOPEN, CaseAct.MERGE)

# The one table of the workflow: {act: {state in which it is permitted: state that follows}}. Opening and the move
# with a merged village are nobody's choice and stand in no state's way.
CASE_MOVES: dict[CaseAct, dict[CaseState, CaseState]] = {
    CaseAct.STEP: {
        CaseState.OPEN: CaseState.HANDLING,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
    },
    CaseAct.CORRECT: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
        CaseState.RESOLVED: CaseState.RESOLVED,
    },
    CaseAct.LEVEL: {
        CaseState.OPEN: CaseState.OPEN,
        CaseState.HANDLING: CaseState.HANDLING,
        CaseState.PAUSED: CaseState.PAUSED,
        CaseState.REFERRED: CaseState.REFERRED,
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
# States in which its clock stands still because others have to do something; the case itself is not forgotten.
WAITING = (CaseState.PAUSED, CaseState.REFERRED)
