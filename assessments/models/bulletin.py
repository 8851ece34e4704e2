from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import BulletinState
from xinjin import periods
from xinjin.access.engine import ScopedQuerySet


class Bulletin(models.Model):
    """The quarter's bulletin (R19). Issued, it is sealed: every download is rendered from its snapshot."""

    quarter = models.CharField(_("quarter"), max_length=7)
    version = models.PositiveSmallIntegerField(_("issue"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT)
    number = models.CharField(_("document number"), max_length=50, blank=True)
    snapshot = models.JSONField(_("snapshot"), default=dict, encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("seal"), max_length=64, blank=True)
    reason = models.CharField(_("reason for reissue"), max_length=200, blank=True)
    drawn_up_at = models.DateTimeField(_("drawn up at"))
    drawn_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        constraints = [
            models.UniqueConstraint(fields=["quarter", "version"], name="assessments_bulletin_version"),
            models.UniqueConstraint(
                fields=["quarter"],
                condition=Q(state=BulletinState.ISSUED),
                name="assessments_bulletin_one_issued",
                violation_error_message=_("This quarter's bulletin has been issued already."),
            ),
            models.UniqueConstraint(
                fields=["quarter"],
                condition=Q(state=BulletinState.DRAFT),
                name="assessments_bulletin_one_draft",
                violation_error_message=_("There is a draft of this bulletin already."),
            ),
            models.CheckConstraint(
                condition=Q(state=BulletinState.DRAFT) | Q(issued_at__isnull=False) & ~Q(sha256="") & ~Q(number=""),
                name="assessments_bulletin_sealed",
                violation_error_message=_("An issued bulletin needs its number and its seal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.number}".strip()

    @property
    def period(self) -> periods.Quarter:
        """The quarter as a value."""
        return periods.parse_as(periods.Quarter, self.quarter)
