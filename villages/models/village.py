from datetime import date
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from villages.choices import ContactKind, UnitKind, VillageKind
from villages.models.dated import Dated, ordered
from villages.models.phone import PhoneField
from villages.models.unit import Township, Unit
from villages.pinyin import spell
from xinjin.access.engine import ScopedQuerySet


class VillageQuerySet(ScopedQuerySet):
    def existing_on(self, day: date) -> Self:
        """The villages that exist on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Village(models.Model):
    """A village or an urban community. Merged ones stay, so that old visits keep the village of their day."""

    code = models.CharField(
        _("code"), max_length=12, unique=True, validators=[RegexValidator(r"^\d{12}$", _("Twelve digits."))]
    )
    name = models.CharField(_("name"), max_length=30)
    official_name = models.CharField(_("official name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=VillageKind.choices)
    township = models.ForeignKey(Township, models.PROTECT, related_name="villages", verbose_name=_("township"))
    station = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="villages",
        limit_choices_to={"kind": UnitKind.STATION},
        verbose_name=_("station"),
    )
    address = models.CharField(_("office address"), max_length=100, blank=True)
    household_total = models.PositiveIntegerField(_("number of households"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    valid_from = models.DateField(_("exists from"))
    valid_to = models.DateField(_("exists until"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=50, editable=False)

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = _("village")
        verbose_name_plural = _("villages")
        indexes = [models.Index(fields=["station", "code"], name="villages_village_station")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="villages_village_order",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(valid_to__isnull=False),
                name="villages_village_merged",
                violation_error_message=_("A merged village needs its last day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def exists_on(self, day: date) -> bool:
        """Whether the village exists on `day`; the queryset asks the same of the database."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pinyin, self.initials = spell(self.name)
        super().save(*args, **kwargs)


class VillageContact(Dated):
    """A person of the village who is the link to its residents (R3)."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="contacts", verbose_name=_("village"))
    kind = models.CharField(_("kind"), max_length=20, choices=ContactKind.choices)
    name = models.CharField(_("full name"), max_length=50)
    post = models.CharField(_("post"), max_length=50, blank=True)
    phone = PhoneField(_("phone"))
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=50, editable=False)

    class Meta:
        verbose_name = _("village contact")
        verbose_name_plural = _("village contacts")
        constraints = [ordered("villages_villagecontact_order")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spell()
        super().save(*args, **kwargs)

    def spell(self) -> None:
        """Pinyin and initials follow the name; who writes many rows at once calls this himself."""
        self.pinyin, self.initials = spell(self.name, person=True)
