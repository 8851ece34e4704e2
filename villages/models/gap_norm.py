from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet


@dataclass(frozen=True)
class GapFigures:
    """The figures by which a gap is found."""

    ahead_days: int = 14
    leave_days: int = 1
    contact_weeks: int = 4


class GapNormQuerySet(ScopedQuerySet):
    def figures(self, day: date) -> GapFigures:
        """The figures in force on `day`; those of the bureau's proposal while there are none."""
        row: Any = self.filter(start_on__lte=day).order_by("-start_on").first()
        if row is None:
            return GapFigures()
        return GapFigures(row.ahead_days, row.leave_days, row.contact_weeks)


class GapNorm(models.Model):
    """From when on how early and how strictly a gap is shown (R1, R4): figures that the brigade sets, with a date."""

    start_on = models.DateField(
        _("holds from"),
        unique=True,
        error_messages={"unique": _("There are figures from this day on already.")},
    )
    ahead_days = models.PositiveSmallIntegerField(
        _("days ahead"),
        default=GapFigures.ahead_days,
        validators=[MinValueValidator(0), MaxValueValidator(90)],
        help_text=_("A place that will be empty within so many days is shown as a gap to come."),
    )
    leave_days = models.PositiveSmallIntegerField(
        _("days of leave"),
        default=GapFigures.leave_days,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("From so many days on an absence needs a stand-in."),
    )
    contact_weeks = models.PositiveSmallIntegerField(
        _("weeks without contact"),
        default=GapFigures.contact_weeks,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text=_("A business unit none of whose people was in their villages for so many weeks has lost contact."),
    )

    objects = GapNormQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap norm")
        verbose_name_plural = _("gap norms")

    def __str__(self) -> str:
        return f"{self.start_on:%Y-%m-%d}"
