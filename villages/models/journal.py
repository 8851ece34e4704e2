"""The shared journal of a village, in which its people keep one another informed (R4).

What happened by itself, such as a visit handed in, is no row here: villages/journal.py adds it when the page is read.
"""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from villages.choices import JournalKind
from villages.models.officer import Officer
from villages.models.village import Village
from xinjin.access.engine import ScopedQuerySet


class JournalQuerySet(ScopedQuerySet):
    def unread_by(self, officer: Officer) -> Self:
        """Entries of others that `officer` has not marked as read as they stand now."""
        marked = JournalRead.objects.filter(
            entry=models.OuterRef("pk"), officer=officer, read_at__gte=models.OuterRef("stands_since")
        )
        return self.exclude(author=officer).exclude(models.Exists(marked))


class JournalEntry(models.Model):
    """What one of a village's people tells the others. It is corrected, never deleted; what it said before stays."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="journal", verbose_name=_("village"))
    author = models.ForeignKey(Officer, models.PROTECT, related_name="journal_entries", verbose_name=_("author"))
    kind = models.CharField(_("kind"), max_length=12, choices=JournalKind.choices, default=JournalKind.NOTICE)
    text = models.TextField(_("text"), max_length=1000)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    written_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    # Since when the text stands as it is: its correction, or its writing. A mark before it is of an older text.
    stands_since = models.DateTimeField(_("stands since"), default=timezone.now, editable=False)

    # Residents may be named in it: those who read the trail need not be the village's own people.
    private_fields = frozenset({"text"})

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [models.Index(fields=["village", "-written_at", "-id"], name="villages_journal_village")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stands_since__gte=models.F("written_at")), name="villages_journal_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village.name} {timezone.localtime(self.written_at):%Y-%m-%d %H:%M}"

    @property
    def is_corrected(self) -> bool:
        """Whether the text is not the first one any more."""
        return self.stands_since > self.written_at


class JournalCorrection(models.Model):
    """What an entry said before its author corrected it."""

    entry = models.ForeignKey(JournalEntry, models.CASCADE, related_name="corrections")
    text = models.TextField(_("text before"), max_length=1000)
    corrected_at = models.DateTimeField(_("corrected at"), default=timezone.now, editable=False)
    rights_of = "entry"

    class Meta:
        verbose_name = _("journal correction")
        verbose_name_plural = _("journal corrections")

    def __str__(self) -> str:
        return str(self.entry)


class JournalRead(models.Model):
    """One of the village's people has pressed "read": information passed on. Nothing else of reading is stored."""

    entry = models.ForeignKey(JournalEntry, models.CASCADE, related_name="reads")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="journal_reads", verbose_name=_("reader"))
    read_at = models.DateTimeField(_("read at"), default=timezone.now, editable=False)
    rights_of = "entry"

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        indexes = [models.Index(fields=["officer", "entry", "read_at"], name="villages_read_officer")]
        constraints = [models.UniqueConstraint(fields=["entry", "officer"], name="villages_read_once")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.officer.name}"
