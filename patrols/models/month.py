from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet


class WorkMonth(models.Model):
    """A month of records. Writers of its visits hold its row shared; sealing it takes the row alone.

    So a visit is either counted in the month's totals or refused, never half of each.
    """

    key = models.CharField(_("month"), max_length=7, primary_key=True)
    sealed_at = models.DateTimeField(_("sealed at"), null=True, blank=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sealed by")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of records")
        verbose_name_plural = _("months of records")

    def __str__(self) -> str:
        return self.key
