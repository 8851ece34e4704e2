"""Stable codes, their labels, and which state may follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssessmentState(TextChoices):
    """A month's assessment of one person."""

    OPEN = "open", _("Open to objection")
    SIGNED = "signed", _("Signed by the station")
    LOCKED = "locked", _("Locked")


ASSESSMENT_TRANSITIONS = {
    AssessmentState.OPEN: {AssessmentState.SIGNED},
    AssessmentState.SIGNED: {AssessmentState.OPEN, AssessmentState.LOCKED},
    AssessmentState.LOCKED: set(),
}


class Remark(TextChoices):
    """The leader's comment on the month's work (item B1)."""

    GOOD = "good", _("Good")
    FAIRLY_GOOD = "fairly_good", _("Fairly good")
    AVERAGE = "average", _("Average")
    POOR = "poor", _("Poor")


class ItemKind(TextChoices):
    SCORED = "scored", _("Scored")
    BONUS = "bonus", _("Bonus")
    DEDUCTION = "deduction", _("Deduction")
    VETO = "veto", _("Veto")


class BulletinState(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    REPLACED = "replaced", _("Replaced by a newer issue")
