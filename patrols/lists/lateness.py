"""Whether something was handed in by its day, as lists show it."""

from typing import Any

from django.utils.translation import gettext as _

from patrols.models import Visit


def lateness(row: Any) -> str | None:
    """In time or late, of what has been handed in."""
    if row.submitted_at is None:
        return None
    if not row.is_late:
        return _("in time")
    return _("entered late") if isinstance(row, Visit) else _("late")


def late_badge(row: Any) -> tuple[str, str]:
    """Only what is late stands out."""
    return ("warn", "dash") if row.is_late else ("", "")
