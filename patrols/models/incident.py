"""How many incidents the reporting system counted in a village, week by week. Numbers only, never persons (R8, R12)."""

from datetime import timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import IncidentCategory
from villages.models import Village
from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Span


class IncidentCountQuerySet(ScopedQuerySet):
    def during(self, span: Span) -> Self:
        """The counts of the weeks whose Thursday lies in `span`: a month is made of whole weeks (decision 2)."""
        weeks = span.weeks()
        if not weeks:
            return self.none()
        return self.filter(starts_on__range=(weeks[0].start, weeks[-1].start))


class IncidentCount(models.Model):
    """The incidents 警情 of one category in one village and ISO week, as the reporting system counted them.

    A week of a village that has any row is known: categories without a row had none. No row at all is "not imported".
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="incident_counts", verbose_name=_("village"))
    starts_on = models.DateField(_("Monday of the week"))
    category = models.CharField(_("category"), max_length=20, choices=IncidentCategory.choices)
    count = models.PositiveIntegerField(_("incidents"))

    objects = IncidentCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident count")
        verbose_name_plural = _("incident counts")
        ordering = ["-starts_on", "village", "category"]
        indexes = [models.Index(fields=["-starts_on", "-count"], name="patrols_incident_listed")]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "starts_on", "category"],
                name="patrols_incident_once",
                violation_error_message=_("The village has a count of this category for this week."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__iso_week_day=1),
                name="patrols_incident_monday",
                violation_error_message=_("A week begins on a Monday."),
            ),
        ]

    def clean(self) -> None:
        """A week that is over, and in which the village existed: a half-counted week would pass for a quiet one."""
        if self.starts_on is None or self.village_id is None:
            return
        last_day = self.starts_on + timedelta(days=6)
        if self.starts_on.isoweekday() != 1:
            raise ValidationError({"starts_on": _("A week begins on a Monday.")})
        if last_day >= timezone.localdate():
            raise ValidationError({"starts_on": _("This week is not over yet.")})
        village = self.village
        if last_day < village.valid_from or (village.valid_to and self.starts_on > village.valid_to):
            raise ValidationError({"starts_on": _("The village did not exist in this week.")})

    def __str__(self) -> str:
        return f"{self.village} {self.starts_on:%Y-%m-%d} {self.get_category_display()} {self.count}"
