"""What a log said each time it was handed in, and what was added after its month was locked."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.models.visit import Visit


class VisitVersion(models.Model):
    """A log as it was handed in: the first time, and again after each return. Rows are only ever added.

    `entry` is the text itself, not a reference to rows that later edits replace.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    entry = models.JSONField(encoder=DjangoJSONEncoder)
    handed_in_at = models.DateTimeField(_("handed in at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    rights_of = "visit"

    class Meta:
        verbose_name = _("version of a log")
        verbose_name_plural = _("versions of a log")
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="patrols_version_once")]

    def __str__(self) -> str:
        return str(self.number)


class CorrectionNote(models.Model):
    """A remark on a log of a locked month: shown and printed with it, and never part of a figure.

    Its key is made when the form is shown, so that a repeated post is the same note.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="notes")
    text = models.TextField(_("correction note"), max_length=1000)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    rights_of = "visit"

    class Meta:
        verbose_name = _("correction note")
        verbose_name_plural = _("correction notes")

    def __str__(self) -> str:
        return self.text[:50]
