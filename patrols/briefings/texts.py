"""Keeping the library of prevention texts (防范提示, R8): by the brigade. A text is retired, never deleted."""

from typing import Any

from patrols.models import PreventionText
from xinjin.audit.trail import save_recorded
from xinjin.races import one_winner


def save_text(text: PreventionText, *, by: Any) -> PreventionText:
    """Adds or changes a text, or gives it its last day."""
    with one_winner():
        return save_recorded(text, by=by)
