"""Changes of the base information 一标三实 (R9), and their spot checks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BaseInfoSubject(TextChoices):
    ADDRESS = "address", _("Address")
    PERSON = "person", _("Resident")
    DWELLING = "dwelling", _("Dwelling")
    WORK_UNIT = "work_unit", _("Work unit")


class BaseInfoAction(TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Altered")
    GONE = "gone", _("Gone")


class BaseInfoState(TextChoices):
    FOUND = "found", _("To be verified")
    VERIFIED = "verified", _("To be forwarded")
    FORWARDED = "forwarded", _("Forwarded")
    UNFOUNDED = "unfounded", _("Not so")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            BaseInfoState.FOUND: ("info", "ring"),
            BaseInfoState.VERIFIED: ("info", "half"),
            BaseInfoState.FORWARDED: ("ok", "check"),
            BaseInfoState.UNFOUNDED: ("muted", "dash"),
        }[self]


# States in which somebody still has to do something about the change.
NOT_FORWARDED = (BaseInfoState.FOUND, BaseInfoState.VERIFIED)

BASE_INFO_MOVES: dict[str, dict[BaseInfoState, BaseInfoState]] = {
    "verify": {BaseInfoState.FOUND: BaseInfoState.VERIFIED},
    "dismiss": {BaseInfoState.FOUND: BaseInfoState.UNFOUNDED},
    "forward": {BaseInfoState.VERIFIED: BaseInfoState.FORWARDED},
}


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
