"""A work photo, what it looks like to a machine, and what about it an inspector may want to look at (R11, R17)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrols.choices import HintKind, HintOutcome
from patrols.models.visit import Visit
from xinjin.access.engine import ScopedQuerySet


def photo_path(photo: "Photo", filename: str) -> str:
    """Where the re-encoded picture lies: a name made by the server, never one that was sent."""
    return f"photos/{photo.pk.hex[:2]}/{photo.pk.hex}.jpg"


class PhotoQuerySet(ScopedQuerySet):
    def in_order(self) -> "PhotoQuerySet":
        """As their author put them."""
        return self.order_by("position", "uploaded_at", "id")


class Photo(models.Model):
    """A work photo, re-encoded without its metadata; kept for spot checks and never scored.

    `file` is what is shown. What was sent lies in the vault under the same id (patrols/vault.py), for inspection only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    file = models.FileField(_("picture"), upload_to=photo_path)
    sha256 = models.CharField(_("SHA-256 of the file sent"), max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    caption = models.CharField(_("caption"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    # As the camera's clock said, in Shanghai; the only thing that is ever read from what a picture says of itself.
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    original_size = models.PositiveIntegerField(_("bytes sent"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("received at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rights_of = "visit"

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        indexes = [models.Index(fields=["sha256"], name="patrols_photo_sha256")]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "sha256"],
                name="patrols_photo_once",
                violation_error_message=_("This photo has been added already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def small_name(self) -> str:
        """Where the thumbnail lies, beside the picture."""
        return str(self.file.name).removesuffix(".jpg") + "-s.jpg"


class PhotoPrint(models.Model):
    """What a picture looks like, in 128 bits (pictures/likeness.py): one row for the whole, others for its crops.

    A narrow table of its own: the search for look-alikes reads all of it, and nothing else.
    """

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="prints")
    is_whole = models.BooleanField()
    across = models.BigIntegerField()
    down = models.BigIntegerField()
    rights_of = "photo"

    class Meta:
        verbose_name = _("print of a photo")
        verbose_name_plural = _("prints of photos")

    def __str__(self) -> str:
        return str(self.photo_id)


class PhotoHint(models.Model):
    """Something about a photo that an inspector may want to look at: never a verdict, never part of a score."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="hints", verbose_name=_("photo"))
    kind = models.CharField(_("kind"), max_length=12, choices=HintKind.choices)
    other = models.ForeignKey(
        Photo, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("other photo")
    )
    # How many of 128 bits differ, of a look-alike.
    distance = models.PositiveSmallIntegerField(_("difference"), null=True, blank=True)
    created_at = models.DateTimeField(_("noticed at"), auto_now_add=True)
    outcome = models.CharField(
        _("what came of it"), max_length=10, choices=HintOutcome.choices, default=HintOutcome.NEW
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("looked by")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hint about a photo")
        verbose_name_plural = _("hints about photos")
        indexes = [models.Index(fields=["-created_at", "-id"], name="patrols_hint_listed")]
        constraints = [
            models.UniqueConstraint(fields=["photo", "kind", "other"], name="patrols_hint_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(kind__in=["copy", "alike"], other__isnull=False)
                | Q(kind__in=["other_time", "long_before"], other=None),
                name="patrols_hint_other",
            ),
            models.CheckConstraint(
                condition=Q(outcome="new", looked_at=None, looked_by=None, reason="")
                | ~Q(outcome="new") & ~Q(reason="") & Q(looked_at__isnull=False, looked_by__isnull=False),
                name="patrols_hint_looked_at",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
