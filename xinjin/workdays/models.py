from django.db import models
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet


class WorkdayOverride(models.Model):
    """A day that the State Council's notice, or the bureau, makes a workday or a day off against the library."""

    day = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("is a working day"))
    note = models.CharField(_("note"), max_length=100, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("workday override")
        verbose_name_plural = _("workday overrides")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
