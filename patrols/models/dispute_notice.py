"""That the disputes of a week were reported to the village's two committees 两委, or to the station (R7)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import NoticeRecipient
from villages.models import Village
from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Week


class DisputeNotice(models.Model):
    """The notice of a village's week as it was handed over: `content` is what stood on the paper, frozen.

    No row means that nobody has reported the week; that is shown as missing. What came up after the paper was handed
    over is told by another edition of it.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="dispute_notices", verbose_name=_("village"))
    starts_on = models.DateField(_("Monday of the week"))
    recipient = models.CharField(_("recipient"), max_length=12, choices=NoticeRecipient.choices)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    delivered_on = models.DateField(_("handed over on"))
    received_by = models.CharField(_("received by"), max_length=50, blank=True)
    content = models.JSONField(_("content"))
    at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    # What residents quarrel about is not written into the audit trail.
    private_fields = frozenset({"content"})

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly notice of disputes")
        verbose_name_plural = _("weekly notices of disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["village", "starts_on", "recipient", "edition"],
                name="patrols_disputenotice_once",
                violation_error_message=_("This notice has been handed over already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__iso_week_day=1),
                name="patrols_disputenotice_monday",
                violation_error_message=_("A week begins on a Monday."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__gte=F("starts_on")),
                name="patrols_disputenotice_order",
                violation_error_message=_("A week is reported after it has begun."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.week.key}"

    def get_absolute_url(self) -> str:
        """The page of the notice, as this recipient got it."""
        return f"{reverse('dispute_notice', args=[self.village.code, self.week.key])}?of={self.recipient}"

    @property
    def week(self) -> Week:
        """The week that it reports."""
        return Week.of(self.starts_on)
