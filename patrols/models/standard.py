from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrols.standards import DEFAULT_MINIMUMS
from villages.choices import Slot
from xinjin.access.engine import ScopedQuerySet


class VisitStandardQuerySet(ScopedQuerySet):
    def minimums(self, slot: str, day: date) -> dict[str, int]:
        """What a visit on `day` needs, by the name of the visit's field; the programme's figures where no row holds."""
        row = self.filter(slot=slot, start_on__lte=day).order_by("-start_on").values(*DEFAULT_MINIMUMS).first()
        return row or dict(DEFAULT_MINIMUMS)


class VisitStandard(models.Model):
    """How many households and deeds a visit needs from a day on; stamped on each visit, so old ones keep theirs.

    Photos are asked for, or a word on why there are none; they are no part of "up to standard".
    """

    slot = models.CharField(_("place"), max_length=10, choices=Slot.choices)
    start_on = models.DateField(_("from"))
    min_households = models.PositiveSmallIntegerField(_("households needed"))
    min_deeds = models.PositiveSmallIntegerField(_("deeds needed"))
    min_photos = models.PositiveSmallIntegerField(
        _("photos asked for"),
        default=1,
        validators=[MaxValueValidator(6)],
        help_text=_("Or a word on why there are none. Photos are never scored."),
    )

    objects = VisitStandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit standard")
        verbose_name_plural = _("visit standards")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "start_on"],
                name="patrols_visitstandard_once",
                violation_error_message=_("There is a standard from this day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_slot_display()} {self.start_on:%Y-%m-%d}"
