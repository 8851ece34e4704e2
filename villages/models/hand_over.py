from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from villages.models.assignment import Assignment
from villages.models.officer import Officer
from villages.models.village import Village
from xinjin.access.engine import ScopedQuerySet


class HandOverNote(models.Model):
    """What the predecessor, or the station in his place, tells the successor; the successor confirms it (R1, R4).

    One for each place handed over. `matters` are the open matters of that day, as the apps above listed them.
    """

    ended = models.ForeignKey(Assignment, models.PROTECT, related_name="notes_left", verbose_name=_("handed over"))
    begun = models.OneToOneField(
        Assignment, models.PROTECT, related_name="hand_over_note", verbose_name=_("taken over")
    )
    text = models.TextField(_("note"), max_length=2000, blank=True, help_text=_("What the successor should know."))
    # [{"label": …, "url": … or ""}]
    matters = models.JSONField(_("open matters"), default=list, blank=True, encoder=DjangoJSONEncoder)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    remark = models.CharField(_("successor's remark"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    # Of residents too; the trail is read by others than the village's own people.
    private_fields = frozenset({"text", "matters", "remark"})

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="villages_handover_listed")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(ended=F("begun")),
                name="villages_handover_two",
                violation_error_message=_("A place is handed over from one assignment to another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village.name} {self.giver.name} → {self.taker.name}"

    def get_absolute_url(self) -> str:
        """The page of the note."""
        return reverse("hand_over", args=[self.pk])

    @property
    def village(self) -> Village:
        """The village handed over."""
        return self.begun.village

    @property
    def giver(self) -> Officer:
        """The predecessor."""
        return self.ended.officer

    @property
    def taker(self) -> Officer:
        """The successor, who confirms."""
        return self.begun.officer

    @property
    def day(self) -> date:
        """The successor's first day."""
        return self.begun.start_on
