from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import AssessmentState, Remark
from assessments.models.rubric import Rubric
from villages.choices import OfficerKind
from villages.models import Officer, Unit
from xinjin import periods
from xinjin.access.engine import ScopedQuerySet


class SealedJSONField(models.JSONField):
    """A document that is kept as it was written (json, not jsonb): read as a whole, never searched."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """As it comes: of json, unlike jsonb, the driver itself makes values."""
        return value


class AssessmentMonth(models.Model):
    """A month that is being, or has been, assessed (R18). Its row is the lock of every change to the month."""

    key = models.CharField(_("month"), max_length=7, primary_key=True)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="months", verbose_name=_("rubric"))
    computed_at = models.DateTimeField(_("computed at"))
    objections_until = models.DateField(_("objections until"))
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("locked by")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessed month")
        verbose_name_plural = _("assessed months")
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_at=None, locked_by=None) | Q(locked_at__isnull=False),
                name="assessments_month_locked",
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def period(self) -> periods.Month:
        """The month as a value."""
        return periods.parse_as(periods.Month, self.key)


class Signature(models.Model):
    """A station's signature under its people's month: who, when, with which remark."""

    month = models.ForeignKey(AssessmentMonth, models.PROTECT, related_name="signatures", verbose_name=_("month"))
    station = models.ForeignKey(Unit, models.PROTECT, related_name="signatures", verbose_name=_("station"))
    signed_at = models.DateTimeField(_("signed at"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "station"],
                name="assessments_signature_once",
                violation_error_message=_("The station has signed this month already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.month_id} {self.station.name}"


class Assessment(models.Model):
    """One person's month: lines and score as computed. Locked ones never change again.

    `lines` is the scorecard as one document (cards.lines_from reads it): a score is always read and sealed as a whole.
    """

    # Found by the indexes of Meta, which begin with the month; one of its own would only be kept up to date.
    month = models.ForeignKey(
        AssessmentMonth, models.PROTECT, related_name="assessments", verbose_name=_("month"), db_index=False
    )
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="assessments", verbose_name=_("officer"))
    # As they were in the month, whatever becomes of the person later.
    kind = models.CharField(_("kind"), max_length=20, choices=OfficerKind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"), db_index=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="assessments", verbose_name=_("station"))
    state = models.CharField(_("state"), max_length=10, choices=AssessmentState.choices, default=AssessmentState.OPEN)
    lines = SealedJSONField(_("lines"), default=list)
    remark = models.CharField(_("leader's comment"), max_length=20, choices=Remark.choices, blank=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    maximum = models.DecimalField(_("points that could be had"), max_digits=6, decimal_places=2)
    # None: nothing was owed all month (leave, secondment), which is not the same as zero.
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=20, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = [models.Index(fields=["month", "station", "id"], name="assessments_by_station")]
        constraints = [models.UniqueConstraint(fields=["month", "officer"], name="assessments_assessment_once")]

    def __str__(self) -> str:
        return f"{self.month_id} {self.officer.name}"
