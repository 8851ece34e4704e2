"""Whether something was handed in by its day, as lists show it."""

from typing import Any

from django.utils.translation import gettext as _

from patrols.models import Visit


def lateness(row: Any) -> str | None:
    """In time or late, of what has been handed in; of a draft in which nobody writes, when it will be deleted."""
    if row.submitted_at is None:
        is_expiring = isinstance(row, Visit) and row.is_expiring
        return _("deleted on %(day)s") % {"day": f"{row.expires_on:%m-%d}"} if is_expiring else None
    if not row.is_late:
        return _("in time")
    return _("Entered late") if isinstance(row, Visit) else _("late")


def late_badge(row: Any) -> tuple[str, str]:
    """Only what is late, or soon gone, stands out."""
    return ("warn", "dash") if row.is_late or row.submitted_at is None else ("", "")
