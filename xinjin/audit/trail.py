"""Writing the trail. Called by verbs inside their transaction, so that an act and its event stand or fall together."""

import json
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from xinjin.audit.models import Event

SECRET_FIELDS = frozenset({"password"})


def _event(by: Any, action: str, subject: models.Model, detail: dict | None) -> Event:
    event = Event(
        at=timezone.now(),
        actor_id=by.pk if by is not None else None,
        actor_name=str(by) if by is not None else "system",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_name=str(getattr(subject, "name_in_trail", subject))[:200],
        # As the database will give it back, so that the digest can be checked.
        detail=json.loads(json.dumps(detail or {}, cls=DjangoJSONEncoder)),
    )
    event.digest = event.expected_digest()
    return event


def record(by: Any, action: str, subject: models.Model, detail: dict | None = None) -> None:
    """Adds one event; `by` is the user, or None for a background job."""
    _event(by, action, subject, detail).save(force_insert=True)


def record_spell(by: Any, action: str, subject: models.Model, detail: dict | None = None, *, within: timedelta) -> bool:
    """Adds an event, unless the latest one of the subject tells of the same act by the same person `within` this time.

    For acts that a page repeats while somebody types: the trail says who wrote when, and does not become a record of
    keystrokes. The caller holds the subject. Returns whether an event was added.
    """
    latest = Event.objects.about(type(subject), subject.pk).first()
    actor = by.pk if by is not None else None
    if latest and (latest.action, latest.actor_id) == (action, actor) and latest.at > timezone.now() - within:
        return False
    record(by, action, subject, detail)
    return True


def record_many(by: Any, action: str, subjects: list[tuple[models.Model, dict | None]]) -> None:
    """Adds an event for each of many records in one statement."""
    Event.objects.bulk_create([_event(by, action, subject, detail) for subject, detail in subjects], batch_size=1000)


def changes(before: models.Model | None, after: models.Model) -> dict[str, list]:
    """{field: [old, new]} of the stored fields that differ.

    Secrets, and what a model declares in `private_fields`, are named without their values: those who read the trail
    need not be those who may read the record. For the same reason a model may have a `name_in_trail`.
    """
    hidden = SECRET_FIELDS | getattr(type(after), "private_fields", frozenset())
    found: dict[str, list] = {}
    for field in after._meta.concrete_fields:
        if field.primary_key or field.generated:
            continue
        old = getattr(before, field.attname) if before is not None else None
        new = getattr(after, field.attname)
        if old != new:
            found[field.name] = ["…", "…"] if field.name in hidden else [_plain(old), _plain(new)]
    return found


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, models.fields.files.FieldFile) else value


def save_recorded(obj: Any, *, by: Any, action: str | None = None, detail: dict | None = None) -> Any:
    """Checks, saves and records a new or changed row in one transaction; the body of every plain master-data verb.

    Nothing is written when nothing changed. Raises ValidationError with all messages by field.
    """
    with transaction.atomic():
        manager = type(obj)._base_manager
        before = manager.select_for_update(of=("self",)).filter(pk=obj.pk).first() if obj.pk else None
        difference = changes(before, obj)
        if before is not None and not difference:
            return obj
        obj.full_clean()
        obj.save()
        record(by, action or ("change" if before else "add"), obj, {"changes": difference, **(detail or {})})
    return obj
