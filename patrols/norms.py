"""Keeping the visit standards (每次入户不少于5户、办1件实事, R10): rows with a date, changed by the brigade.

A visit carries the norm of its day from the moment it is saved, so a change reaches no log that was handed in.
"""

from typing import Any

from patrols.models import VisitStandard
from xinjin.audit.trail import save_recorded
from xinjin.races import one_winner


def save_standard(standard: VisitStandard, *, by: Any) -> VisitStandard:
    """Adds or changes a standard; one for each place and first day."""
    with one_winner():
        return save_recorded(standard, by=by)
