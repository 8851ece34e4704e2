from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from villages.choices import HOLDERS, Slot
from villages.models.dated import Dated, held_days, ordered
from villages.models.officer import Officer
from villages.models.village import Village


class Assignment(Dated):
    """A person holds one of a village's two places for a run of days (R1)."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="assignments", verbose_name=_("village"))
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="assignments", verbose_name=_("officer"))
    slot = models.CharField(_("place"), max_length=10, choices=Slot.choices)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [models.Index(fields=["officer", "start_on"], name="villages_assignment_officer")]
        constraints = [
            ordered("villages_assignment_order"),
            ExclusionConstraint(
                name="villages_assignment_one_holder",
                expressions=[
                    ("village", RangeOperators.EQUAL),
                    ("slot", RangeOperators.EQUAL),
                    (held_days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This place in the village is held by somebody else on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village.name}: {self.officer.name}"

    def clean(self) -> None:
        """What needs more than this row: the kind of person, and the life of the village."""
        super().clean()
        if not (self.officer_id and self.village_id):
            return
        errors: dict[str, Any] = {}
        if self.slot in HOLDERS and self.officer.kind not in HOLDERS[Slot(self.slot)]:
            errors["officer"] = _("A person of this kind cannot hold this place.")
        village = self.village
        if self.start_on and self.start_on < village.valid_from:
            errors["start_on"] = _("The village did not exist yet on this day.")
        if village.valid_to and (self.end_on is None or self.end_on > village.valid_to):
            errors["end_on"] = _("The village ends earlier than this.")
        if errors:
            raise ValidationError(errors)
