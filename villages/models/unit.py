from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from villages.choices import UnitKind
from villages.models.phone import PhoneField
from xinjin.access.engine import ScopedQuerySet


class Unit(models.Model):
    """A unit of the bureau: a station, a business unit, the brigade, …"""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=50, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    phone = PhoneField(_("phone"))
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name


class Township(models.Model):
    """A township or street office, with its 9-digit code."""

    code = models.CharField(
        _("code"), max_length=9, unique=True, validators=[RegexValidator(r"^\d{9}$", _("Nine digits."))]
    )
    name = models.CharField(_("name"), max_length=30)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("township")
        verbose_name_plural = _("townships")

    def __str__(self) -> str:
        return self.name
