"""What becomes of forwarded base-info changes: handed over to the master database, and checked by sample (R9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import CheckOutcome
from patrols.models.base_info import BaseInfoChange
from xinjin.access.engine import ScopedQuerySet


class BaseInfoCheck(models.Model):
    """A forwarded change that was drawn by lot, and whether it was accurate when somebody else looked."""

    change = models.OneToOneField(
        BaseInfoChange, models.PROTECT, related_name="spot_check", verbose_name=_("base-info change")
    )
    drawn_on = models.DateField(_("drawn on"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("drawn by")
    )
    outcome = models.CharField(_("result"), max_length=10, choices=CheckOutcome.choices, default=CheckOutcome.WAITING)
    reason = models.CharField(_("what was found instead"), max_length=200, blank=True)
    judged_on = models.DateField(_("checked on"), null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )

    private_fields = frozenset({"reason"})

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("spot check of a base-info change")
        verbose_name_plural = _("spot checks of base-info changes")
        indexes = [
            models.Index(fields=["-drawn_on", "-id"], name="patrols_baseinfocheck_listed"),
            models.Index(
                fields=["judged_on"], name="patrols_basecheck_judged_on", condition=Q(judged_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=CheckOutcome.WAITING, judged_on=None)
                | ~Q(outcome=CheckOutcome.WAITING) & Q(judged_on__isnull=False),
                name="patrols_baseinfocheck_judged",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=CheckOutcome.WRONG) | ~Q(reason=""),
                name="patrols_baseinfocheck_reason",
                violation_error_message=_("Say what was found instead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.get_outcome_display()}"

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape of its result."""
        return CheckOutcome(self.outcome).badge


class BaseInfoTransfer(models.Model):
    """A file for the police master database: all changes forwarded until then that no earlier file held."""

    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    count = models.PositiveIntegerField(_("changes"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over to the master database")
        verbose_name_plural = _("hand-overs to the master database")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"
