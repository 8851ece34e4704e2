"""The village's journal: all of a village's people keep one another informed (互通情况, R4).

Written, corrected in the first 24 hours, pinned, and marked as read by pressing "read": nothing else of reading is
stored. What other apps know of a village stands between the entries; it is read from their own rows, never copied.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from villages.models import JournalCorrection, JournalEntry, JournalRead, Officer, Village
from xinjin.accounts.models import User
from xinjin.audit.trail import save_recorded
from xinjin.errors import Conflict
from xinjin.periods import Span
from xinjin.races import one_winner

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# What is older asks nobody any more to be read.
UNREAD_DAYS = 60


@dataclass(frozen=True)
class Happened:
    """A line that the system adds: when, what in words, and where it leads."""

    at: datetime
    label: "_StrOrPromise"
    text: str
    actor: str = ""
    url: str = ""


# func(user, village, span) → what happened on the days of `span`; one query each, whatever the number of rows.
Source = Callable[[Any, Village, Span], Iterable[Happened]]
_sources: dict[str, Source] = {}


def register_source(source: Source) -> Source:
    """Adds lines to every village's journal; registered twice it counts once."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def happened(user: Any, village: Village, span: Span) -> list[Happened]:
    """What every source has to say about these days."""
    return [line for _name, source in sorted(_sources.items()) for line in source(user, village, span)]


def entries_of(user: Any) -> QuerySet:
    """The entries that the user may see, newest first, with their author."""
    rows = JournalEntry.objects.allowed(user).select_related("author", "village")
    return rows.order_by("-written_at", "-id")


def unread_of(user: Any) -> QuerySet:
    """What the user has not marked as read in the villages that he works for; none for others."""
    reader = Officer.objects.filter(user=user).first()
    if reader is None:
        return JournalEntry.objects.none()
    since = timezone.now() - timedelta(days=UNREAD_DAYS)
    rows = JournalEntry.objects.allowed(user, "read").filter(stands_since__gte=since).unread_by(reader)
    return rows.select_related("author", "village").order_by("-is_pinned", "-written_at", "-id")


def with_unread(villages: QuerySet, user: Any) -> QuerySet:
    """`villages` with `unread_count`: how many entries wait for the user, None where none does."""
    waiting = unread_of(user).filter(village=OuterRef("pk")).order_by().values("village").annotate(n=Count("pk"))
    return villages.annotate(unread_count=Subquery(waiting.values("n")))


def write_entry(*, by: User, village: Village, author: Officer, text: str, kind: str, pinned: bool) -> JournalEntry:
    """Tells the village's people something."""
    now = timezone.now()
    entry = JournalEntry(
        village=village,
        author=author,
        kind=kind,
        text=text.strip(),
        is_pinned=pinned,
        written_at=now,
        stands_since=now,
    )
    with one_winner():
        return save_recorded(entry, by=by, action="write")


def correct_entry(*, by: User, entry: JournalEntry, text: str, kind: str, seen: datetime) -> JournalEntry:
    """Puts another text in place; what stood before stays readable, and the others have to read it again.

    `seen` is the `stands_since` that the writer had before him. Raises Conflict when it has been corrected since.
    """
    with one_winner():
        stored = _held(entry)
        if stored.stands_since != seen:
            mine = {str(_("text")): text}
            raise Conflict(_("The entry has been corrected meanwhile."), mine=mine, theirs={_("text"): stored.text})
        text = text.strip()
        if not text:
            raise ValidationError({"text": _("An entry is corrected, not emptied.")})
        if (text, kind) == (stored.text, stored.kind):
            return stored
        now = timezone.now()
        JournalCorrection(entry=stored, text=stored.text, corrected_at=now).save()
        stored.text, stored.kind, stored.stands_since = text, kind, now
        return save_recorded(stored, by=by, action="correct")


def pin_entry(*, by: User, entry: JournalEntry, pinned: bool) -> JournalEntry:
    """Keeps an entry on top of the journal, or lets it go."""
    with one_winner():
        stored = _held(entry)
        stored.is_pinned = pinned
        return save_recorded(stored, by=by, action="pin" if pinned else "unpin")


def mark_read(*, by: User, reader: Officer, entries: Iterable[JournalEntry]) -> int:
    """`reader` says that he has read these; pressed twice it counts once. Returns how many were marked."""
    now = timezone.now()
    marks = [JournalRead(entry=entry, officer=reader, read_at=now) for entry in entries]
    JournalRead.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["entry", "officer"], update_fields=["read_at"]
    )
    return len(marks)


def _held(entry: JournalEntry) -> JournalEntry:
    return JournalEntry.objects.select_for_update(of=("self",)).select_related("village").get(pk=entry.pk)
