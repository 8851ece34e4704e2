"""Keeping the limits and norms of the ledger (化解时限, R7): rows with a date, changed by the brigade.

Each run of a case's clock carries the rule of its first day, and each call, change and referral its own day, so a
change rewrites nothing that stands.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.models import CaseLimit, LedgerNorm
from xinjin.audit.trail import changes, save_recorded
from xinjin.races import one_winner


def save_limit(limit: CaseLimit, *, by: Any) -> CaseLimit:
    """Adds or changes a limit; one for each level and first day."""
    with one_winner():
        return save_recorded(limit, by=by)


def save_ledger_norm(norm: LedgerNorm, *, by: Any) -> LedgerNorm:
    """Adds figures or changes those still to come: what holds already is followed by others, never changed."""
    with one_winner():
        kept = LedgerNorm.objects.select_for_update().filter(pk=norm.pk).first() if norm.pk else None
        if kept is None or changes(kept, norm):
            for row in filter(None, (kept, norm)):
                _require_to_come(row)
        return save_recorded(norm, by=by)


def _require_to_come(norm: LedgerNorm) -> None:
    today = timezone.localdate()
    if norm.start_on is not None and norm.start_on <= today:
        message = _("Figures that hold already stay as they are. Add others that begin after today, %(day)s.")
        raise ValidationError({"start_on": message % {"day": f"{today:%Y-%m-%d}"}})
