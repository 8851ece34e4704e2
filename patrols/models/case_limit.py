from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrols.choices import CaseLevel, LimitUnit
from patrols.ledger.deadlines import DEFAULT_LIMITS, Limit
from xinjin.access.engine import ScopedQuerySet


class CaseLimitQuerySet(ScopedQuerySet):
    def rule(self, level: str, day: date) -> Limit:
        """The rule for a level on `day`; the programme's own where the brigade has set none."""
        row: Any = self.filter(level=level, start_on__lte=day).order_by("-start_on").first()
        if row is None:
            return DEFAULT_LIMITS[CaseLevel(level)]
        return Limit(row.days, row.unit, row.start_days, row.weekly)


class CaseLimit(models.Model):
    """Within how many days a case of a level is to be resolved, from a day on.

    Each run of a case's clock is stamped with the rule of its first day, so a change reaches no deadline that stands.
    """

    level = models.CharField(_("level"), max_length=10, choices=CaseLevel.choices)
    start_on = models.DateField(_("from"))
    days = models.PositiveSmallIntegerField(
        _("resolved within"), validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    unit = models.CharField(_("counted in"), max_length=10, choices=LimitUnit.choices)
    start_days = models.PositiveSmallIntegerField(
        _("begun within days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Empty: no limit for the beginning."),
    )
    weekly = models.BooleanField(_("a step every week"), default=False)

    objects = CaseLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("case limit")
        verbose_name_plural = _("case limits")
        constraints = [
            models.UniqueConstraint(
                fields=["level", "start_on"],
                name="patrols_caselimit_once",
                violation_error_message=_("There is a limit for this level from this day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=1),
                name="patrols_caselimit_days",
                violation_error_message=_("A limit is at least one day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.start_on:%Y-%m-%d}"
