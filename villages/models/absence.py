from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from villages.choices import AbsenceKind
from villages.models.dated import Dated, held_days, ordered
from villages.models.officer import Officer


class Absence(Dated):
    """Days on which a person owes nothing: they leave his duties and every denominator."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="absences", verbose_name=_("officer"))
    kind = models.CharField(_("kind"), max_length=20, choices=AbsenceKind.choices)
    stand_in = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="standing_in", verbose_name=_("stand-in")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            ordered("villages_absence_order"),
            ExclusionConstraint(
                name="villages_absence_once",
                expressions=[("officer", RangeOperators.EQUAL), (held_days(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Another absence of this person covers some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("officer")),
                name="villages_absence_stand_in",
                violation_error_message=_("Nobody stands in for himself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer.name} {self.get_kind_display()}"
