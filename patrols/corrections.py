"""Correction notes: what may still be said about a log after its month was locked (月度锁定后只可更正备注, R11).

The log itself stays as it was counted. A note never changes a figure; before the lock the station returns the log.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from patrols.choices import VisitState
from patrols.models import CorrectionNote, Visit
from patrols.months import hold_open
from xinjin.audit.trail import record
from xinjin.errors import Conflict


@transaction.atomic
def add_note(*, by: Any, visit: Visit, text: str, id: UUID | None = None) -> CorrectionNote:
    """Adds a note to a log of a locked month. With the same `id` again, the same note.

    The trail names the note without its words: those who read the trail need not be those who may read the log.
    """
    if hold_open(visit.visited_on):
        raise Conflict(_("The month is still open: the station can return the log, and its author corrects it."))
    held = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if held.state == VisitState.DRAFT:
        raise Conflict(_("A draft needs no correction note."))
    note = CorrectionNote(visit=held, text=text.strip(), by=by)
    if id is not None:
        note.id = id
        known = held.notes.filter(pk=id).first()
        if known is not None:
            return known
    if not note.text:
        raise ValidationError({"text": _("Write what is to be corrected.")})
    note.full_clean()
    note.save(force_insert=True)
    record(by, "annotate", held, {"note": note.pk})
    return note
