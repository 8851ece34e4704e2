from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import EscalationStep
from patrols.models.case_part import CaseTerm


class CaseEscalation(models.Model):
    """That somebody was told of a case; once for each step of a run of the clock, and for each week without a step."""

    term = models.ForeignKey(CaseTerm, models.CASCADE, related_name="escalations")
    step = models.CharField(_("step"), max_length=10, choices=EscalationStep.choices)
    for_day = models.DateField(_("for the day"), null=True)
    on = models.DateField(_("on"))
    at = models.DateTimeField(default=timezone.now)
    # The names of who was told, as the roster stood then; empty when there was nobody.
    told_to = models.CharField(_("told to"), max_length=200, blank=True)
    rights_of = "term"

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            models.UniqueConstraint(
                fields=["term", "step", "for_day"], nulls_distinct=False, name="patrols_escalation_once"
            )
        ]

    def __str__(self) -> str:
        return self.get_step_display()
