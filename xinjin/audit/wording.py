"""Events in words: what happened, and which field went from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinjin.audit.models import Event

# The verbs of the platform; what apps record besides stands under its own name.
ACTIONS = {
    "add": gettext_lazy("Added"),
    "change": gettext_lazy("Changed"),
    "end": gettext_lazy("Ended"),
    "grant": gettext_lazy("Role granted"),
    "withdraw": gettext_lazy("Role withdrawn"),
    "sign_in": gettext_lazy("Signed in"),
    "save": gettext_lazy("Saved"),
    "load": gettext_lazy("Loaded"),
    "submit": gettext_lazy("Submitted"),
    "return": gettext_lazy("Returned"),
    "discard": gettext_lazy("Discarded"),
    "expire": gettext_lazy("Expired"),
    "annotate": gettext_lazy("Correction note added"),
    "review": gettext_lazy("Reviewed"),
    "seal": gettext_lazy("Sealed"),
    "recompute": gettext_lazy("Computed again"),
    "remark": gettext_lazy("Remarked on"),
    "sign": gettext_lazy("Signed"),
    "lock": gettext_lazy("Locked"),
    "open": gettext_lazy("Opened for work"),
    "draw_up": gettext_lazy("Drawn up"),
    "issue": gettext_lazy("Issued"),
    "download": gettext_lazy("Downloaded"),
    "add photo": gettext_lazy("Photo added"),
    "remove photo": gettext_lazy("Photo removed"),
    "caption photo": gettext_lazy("Photo captioned"),
    "move photo": gettext_lazy("Photo moved"),
    "read original": gettext_lazy("Original of a photo read"),
    "judge hint": gettext_lazy("Hint about a photo looked at"),
    "export": gettext_lazy("Exported"),
    "delete": gettext_lazy("Deleted"),
    "hand_over": gettext_lazy("Handed over"),
    "confirm": gettext_lazy("Confirmed"),
    "pass_on": gettext_lazy("Passed on"),
    "rename": gettext_lazy("Renamed"),
    "merge": gettext_lazy("Villages merged into it"),
    "move": gettext_lazy("Moved to the merged village"),
    "write": gettext_lazy("Written"),
    "correct": gettext_lazy("Corrected"),
    "pin": gettext_lazy("Kept on top"),
    "unpin": gettext_lazy("Taken from the top"),
    "reveal": gettext_lazy("Seen in full"),
    "start": gettext_lazy("Started"),
}


# What verbs write down beside the fields; what apps add besides stands under its own name.
NOTES = {
    "reason": gettext_lazy("Reason"),
    "revision": gettext_lazy("Revision"),
    "late": gettext_lazy("Late"),
    "number": gettext_lazy("Number"),
    "comment": gettext_lazy("Comment"),
    "format": gettext_lazy("Format"),
    "station": gettext_lazy("Station"),
}


def _note(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(str(part) for part in value)
    return str(value)


@dataclass(frozen=True)
class Line:
    """One event, readable; `changes` are (field, before, after)."""

    at: datetime
    actor: str
    label: str
    subject: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def action_label(action: str) -> str:
    """The verb in words."""
    return str(ACTIONS.get(action, action))


def model_label(subject_type: str) -> str:
    """The kind of record in words."""
    model = _model(subject_type)
    return str(model._meta.verbose_name) if model is not None else subject_type


def lines(events: Iterable[Event]) -> list[Line]:
    """`events` in words; names behind keys are looked up once for each kind of record."""
    rows = list(events)
    names = _names_of_keys(rows)
    return [_line(event, names) for event in rows]


def _model(subject_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(subject_type)
    except (LookupError, ValueError):
        return None


def _field(subject_type: str, name: str) -> Any:
    model = _model(subject_type)
    try:
        return model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None


def _changes(event: Event) -> dict[str, list]:
    found = event.detail.get("changes", {}) if isinstance(event.detail, dict) else {}
    return found if isinstance(found, dict) else {}


def _names_of_keys(events: list[Event]) -> dict[tuple[Any, Any], str]:
    wanted: dict[type[models.Model], set] = {}
    for event in events:
        for name, pair in _changes(event).items():
            target = getattr(_field(event.subject_type, name), "related_model", None)
            if target is not None:
                wanted.setdefault(target, set()).update(value for value in pair if value is not None)
    return {
        (model, pk): str(row) for model, keys in wanted.items() for pk, row in model._base_manager.in_bulk(keys).items()
    }


def _line(event: Event, names: dict[tuple[Any, Any], str]) -> Line:
    changes = []
    for name, (old, new) in _changes(event).items():
        place = _field(event.subject_type, name)
        label = str(getattr(place, "verbose_name", name))
        changes.append((label, _word(place, old, names), _word(place, new, names)))
    details = event.detail.items() if isinstance(event.detail, dict) else ()
    notes = [(str(NOTES.get(key, key)), _note(value)) for key, value in details if key != "changes"]
    return Line(event.at, event.actor_name, action_label(event.action), event.subject_name, changes, notes)


def readable(place: Any, value: Any) -> str:
    """A value of a model's field as a person reads it; a key as the record behind it."""
    target = getattr(place, "related_model", None)
    found = target._base_manager.filter(pk=value).first() if target is not None and value is not None else None
    return _word(place, value, {(target, value): str(found)} if found is not None else {})


def _word(place: Any, value: Any, names: dict[tuple[Any, Any], str]) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    target = getattr(place, "related_model", None)
    if target is not None:
        return names.get((target, value), str(value))
    if isinstance(place, models.DateTimeField) and (moment := parse_datetime(str(value))) is not None:
        return f"{localtime(moment):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        labels = dict(getattr(getattr(place, "base_field", None), "flatchoices", ()))
        return _(", ").join(str(labels.get(part, part)) for part in value) or "—"
    return str(dict(getattr(place, "flatchoices", ())).get(value, value))
