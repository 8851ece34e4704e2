"""A file on a step of a case: a mediation agreement, a picture of the place (R6)."""

import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from patrols.choices import AttachmentKind
from patrols.models.case_part import CaseStep
from xinjin.access.engine import ScopedQuerySet


def attachment_path(row: "CaseFile", filename: str) -> str:
    """Where it lies: a name made by the server, never one that was sent."""
    return f"attachments/{row.pk.hex[:2]}/{row.pk.hex}{AttachmentKind(row.kind).suffix}"


class CaseFile(models.Model):
    """A picture made anew from its pixels, or a PDF as it was sent; read by those who handle the case (decision 10).

    `name` is shown and given to a download; nothing is ever opened by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(CaseStep, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=AttachmentKind.choices)
    file = models.FileField(_("file"), upload_to=attachment_path)
    name = models.CharField(_("name"), max_length=100)
    sha256 = models.CharField(_("SHA-256 of the file sent"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    uploaded_at = models.DateTimeField(_("received at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    # Residents' names stand in names of files.
    private_fields = frozenset({"name"})

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a step")
        verbose_name_plural = _("files of steps")
        constraints = [models.UniqueConstraint(fields=["step", "sha256"], name="patrols_casefile_once")]

    def __str__(self) -> str:
        return self.get_kind_display()

    def get_absolute_url(self) -> str:
        """Where it is handed out."""
        return reverse("case_file", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        """Whether it may be shown on a page; anything else is only downloaded."""
        return self.kind == AttachmentKind.PICTURE

    @property
    def small_name(self) -> str:
        """Where a picture's thumbnail lies, beside it."""
        return str(PurePosixPath(str(self.file.name)).with_suffix("")) + "-s.jpg"

    @property
    def download_name(self) -> str:
        """Its own name with the ending of what it is now."""
        return PurePosixPath(self.name).stem + AttachmentKind(self.kind).suffix
