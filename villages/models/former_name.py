from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from villages.models.dated import Dated, held_days, ordered
from villages.models.village import Village
from villages.pinyin import spell


class FormerName(Dated):
    """What a village was called, and its code, from one day to another; the present ones stand on the village.

    Old logs are printed with the name of their day, and who knows only the old name or code still finds the village.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="former_names", verbose_name=_("village"))
    name = models.CharField(_("name"), max_length=30)
    official_name = models.CharField(_("official name"), max_length=60, blank=True)
    code = models.CharField(_("code"), max_length=12, validators=[RegexValidator(r"^\d{12}$", _("Twelve digits."))])
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=50, editable=False)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        indexes = [models.Index(fields=["code"], name="villages_formername_code")]
        constraints = [
            ordered("villages_formername_order"),
            models.CheckConstraint(
                condition=Q(end_on__isnull=False),
                name="villages_formername_ended",
                violation_error_message=_("A former name has a last day."),
            ),
            ExclusionConstraint(
                name="villages_formername_once",
                expressions=[("village", RangeOperators.EQUAL), (held_days(), RangeOperators.OVERLAPS)],
                violation_error_message=_("The village had another name on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pinyin, self.initials = spell(self.name)
        super().save(*args, **kwargs)
