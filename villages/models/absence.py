from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from villages.choices import AbsenceKind
from villages.models.dated import Dated, HalfDays, ordered
from villages.models.officer import Officer

# A run of half days, both included, as (first, last); see `half_day`.
Halves = tuple[int, int]
REVERSED = _("The absence ends before it begins.")


def half_day(day: date, *, afternoon: bool) -> int:
    """The number of a half day: neighbours differ by one, so that runs of them can be compared."""
    return day.toordinal() * 2 + int(afternoon)


class Absence(Dated):
    """Half days on which a person owes nothing: they leave his duties and every denominator."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="absences", verbose_name=_("officer"))
    kind = models.CharField(_("kind"), max_length=20, choices=AbsenceKind.choices)
    from_noon = models.BooleanField(_("from the afternoon"), default=False, help_text=_("The first morning is worked."))
    until_noon = models.BooleanField(_("until noon"), default=False, help_text=_("The last afternoon is worked."))
    stand_in = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="standing_in", verbose_name=_("stand-in")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            ordered("villages_absence_order"),
            models.CheckConstraint(
                condition=Q(until_noon=False)
                | Q(end_on__isnull=False) & (Q(from_noon=False) | Q(end_on__gt=F("start_on"))),
                name="villages_absence_halves",
                violation_error_message=REVERSED,
            ),
            ExclusionConstraint(
                name="villages_absence_once",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    (HalfDays("start_on", "from_noon", "end_on", "until_noon"), RangeOperators.OVERLAPS),
                ],
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

    def clean(self) -> None:
        """The order of the half days, before the constraint makes a range of them."""
        super().clean()
        if self.until_noon and self.end_on is None:
            raise ValidationError({"until_noon": _("Only an absence with a last day ends at noon.")})
        if self.from_noon and self.until_noon and self.start_on == self.end_on:
            raise ValidationError({"until_noon": REVERSED})

    @property
    def halves(self) -> Halves:
        """The half days that it covers."""
        return halves(self.start_on, self.end_on, from_noon=self.from_noon, until_noon=self.until_noon)


def halves(start: date, end: date | None, *, from_noon: bool, until_noon: bool) -> Halves:
    """The run of half days of an absence with these fields; an open one ends with the calendar."""
    return half_day(start, afternoon=from_noon), half_day(end or date.max, afternoon=not until_noon)
