"""The calls on the parties some days after a resolution 回访 (R6)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from patrols.choices import Satisfaction
from patrols.models.case import Case
from villages.models import Officer
from xinjin.access.engine import ScopedQuerySet


class FollowUpCallQuerySet(ScopedQuerySet):
    def waiting(self) -> "FollowUpCallQuerySet":
        """The calls still to be made after the last resolution."""
        return self.filter(done_on=None, is_void=False, round=F("case__reopened_count") + 1)


class FollowUpCall(models.Model):
    """A call on the parties some days after the resolution 回访, to see whether it holds."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="follow_ups")
    round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(_("No."))
    due_on = models.DateField(_("due on"))
    owner = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="follow_up_calls", verbose_name=_("owner")
    )
    done_on = models.DateField(_("done on"), null=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=12, choices=Satisfaction.choices, blank=True)
    note = models.CharField(_("what was found"), max_length=500, blank=True)
    is_void = models.BooleanField(_("no longer due"), default=False)
    rights_of = "case"

    objects = FollowUpCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up call")
        verbose_name_plural = _("follow-up calls")
        indexes = [
            models.Index(fields=["due_on", "owner"], name="patrols_followup_due"),
            GinIndex(OpClass(Upper("note"), "gin_trgm_ops"), name="patrols_followupcall_note_text"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "round", "number"], name="patrols_followup_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"
