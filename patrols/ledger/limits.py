"""Keeping the limits of cases (化解时限, R7): rows with a date, changed by the brigade.

Each run of a case's clock carries the rule of its first day, so a change rewrites no deadline that stands.
"""

from typing import Any

from patrols.models import CaseLimit
from xinjin.audit.trail import save_recorded
from xinjin.races import one_winner


def save_limit(limit: CaseLimit, *, by: Any) -> CaseLimit:
    """Adds or changes a limit; one for each level and first day."""
    with one_winner():
        return save_recorded(limit, by=by)
