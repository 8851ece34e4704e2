"""The note of a place handed over: completed by the predecessor or the station, confirmed by the successor (R1, R4)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from villages.changing_hands import Moment, tell
from villages.models import HandOverNote
from xinjin.audit.trail import save_recorded
from xinjin.errors import Conflict
from xinjin.races import one_winner


def with_both_sides(notes: QuerySet[HandOverNote]) -> QuerySet[HandOverNote]:
    """`notes` with everything that a row of theirs shows."""
    return notes.select_related("begun__village__station", "begun__officer__unit", "ended__officer__unit", "written_by")


def write_note(*, by: Any, note: HandOverNote, text: str, revision: int) -> HandOverNote:
    """Puts down what the successor should know, until he has confirmed.

    Raises Conflict, with both texts, when the note was written or confirmed since `revision`.
    """
    with one_winner():
        stored = _held(note)
        text = text.strip()
        if stored.text == text:
            return stored
        if stored.confirmed_at is not None:
            raise Conflict(_("The successor has confirmed this note; it no longer changes."), mine={_("note"): text})
        if stored.revision != revision:
            message = _("The note was written by somebody else meanwhile.")
            raise Conflict(message, mine={_("note"): text}, theirs={_("note"): stored.text})
        if not text:
            raise ValidationError({"text": _("A note that was written cannot become empty.")})
        stored.text, stored.written_by = text, by
        stored.revision += 1
        save_recorded(stored, by=by)
        tell(stored, Moment.WRITTEN)
    return stored


def confirm_note(*, by: Any, note: HandOverNote, remark: str = "") -> HandOverNote:
    """The successor has read the note and taken the place over; confirming again changes nothing."""
    with one_winner():
        stored = _held(note)
        if stored.confirmed_at is not None:
            return stored
        stored.confirmed_at, stored.remark = timezone.now(), remark.strip()
        save_recorded(stored, by=by, action="confirm")
        tell(stored, Moment.CONFIRMED)
    return stored


def _held(note: HandOverNote) -> HandOverNote:
    rows = HandOverNote.objects.select_for_update(of=("self",))
    return with_both_sides(rows).get(pk=note.pk)
