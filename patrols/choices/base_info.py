"""Spot checks of base-info changes 一标三实 (R9)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CheckOutcome(TextChoices):
    WAITING = "waiting", _("To be checked")
    ACCURATE = "accurate", _("Accurate")
    WRONG = "wrong", _("Not accurate")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            CheckOutcome.WAITING: ("info", "ring"),
            CheckOutcome.ACCURATE: ("ok", "check"),
            CheckOutcome.WRONG: ("bad", "cross"),
        }[self]
