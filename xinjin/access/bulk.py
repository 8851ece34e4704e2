"""Changing a field of many records at once: what each record has and would get, then all of them or none.

The preview is not a guess: it calls the verb for every record and takes everything back. So it shows what the verb
would refuse, row by row, before anything is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from xinjin.audit.trail import changes
from xinjin.audit.wording import readable
from xinjin.errors import Conflict
from xinjin.forms import add_errors

MOST_ROWS = 200


class _TakenBack(Exception):
    """Everything that the preview wrote is to be undone."""


@dataclass
class Row:
    """A record of the preview: (label, before, after) of each chosen field, and why it cannot be written."""

    obj: Any
    name: str
    stamp: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not self.errors and all(before == after for _label, before, after in self.changes)


def stamp_of(obj: Any) -> str:
    """A fingerprint of the stored record: what was previewed is what will be changed."""
    values = [(f.attname, str(getattr(obj, f.attname))) for f in obj._meta.concrete_fields]
    return sha256(repr(values).encode()).hexdigest()[:16]


class BulkEdit:
    """One run over the chosen records with the values of one form."""

    def __init__(self, model_admin: Any, request: Any, objects: Sequence[Any], chosen: Sequence[str]) -> None:
        self.model_admin, self.request = model_admin, request
        self.objects, self.chosen = list(objects), list(chosen)

    def preview(self) -> list[Row]:
        """What every record would become; nothing stays written."""
        rows: list[Row] = []
        try:
            with transaction.atomic():
                rows = self._write(stamps=None)
                raise _TakenBack
        except _TakenBack:
            return rows

    def confirm(self, stamps: dict[str, str]) -> tuple[list[Row], bool]:
        """(rows, written): one verb call a record in one transaction; a single refusal leaves all as they were."""
        rows: list[Row] = []
        try:
            with transaction.atomic():
                rows = self._write(stamps=stamps)
                if any(row.errors for row in rows):
                    raise _TakenBack
        except _TakenBack:
            return rows, False
        return rows, True

    def _write(self, stamps: dict[str, str] | None) -> list[Row]:
        """Each record by itself, so that one refusal does not hide the next."""
        rows = []
        for obj in self.objects:
            before = type(obj)._base_manager.get(pk=obj.pk)
            row = Row(obj=before, name=str(before), stamp=stamp_of(before))
            rows.append(row)
            if stamps is not None and stamps.get(str(obj.pk)) != row.stamp:
                row.errors.append(_("Somebody changed this record meanwhile; look at the preview again."))
            form = self._form_of(obj)
            try:
                with transaction.atomic():
                    self._write_one(obj, form, row)
            except ValidationError as error:
                add_errors(form, error)
                row.errors += _messages(form)
            except Conflict as conflict:
                row.errors.append(conflict.message)
            row.changes = self._changes(before, form)
        return rows

    def _form_of(self, obj: Any) -> forms.ModelForm:
        form_class = self.model_admin.get_bulk_form(self.request, obj, self.chosen)
        return form_class(self.request.POST, instance=obj)

    def _write_one(self, obj: Any, form: forms.ModelForm, row: Row) -> None:
        if not self.model_admin.has_change_permission(self.request, obj):
            row.errors.append(_("You may not change this record."))
            return
        if not form.is_valid():
            row.errors += _messages(form)
            return
        self.model_admin.call_verb(type(self.model_admin).verb, form.instance, self.request, form)
        self.model_admin.require_reach(self.request, form.instance, "change")

    def _changes(self, before: Any, form: forms.ModelForm) -> list[tuple[str, str, str]]:
        found = []
        difference = changes(before, form.instance)
        for name in self.chosen:
            place = type(before)._meta.get_field(name)
            old = readable(place, getattr(before, place.attname))
            new = readable(place, getattr(form.instance, place.attname)) if name in difference else old
            found.append((str(place.verbose_name), old, new))
        return found


def _messages(form: forms.BaseForm) -> list[str]:
    """The mistakes of a row in words, with the field's label where there is one."""
    found = []
    for name, errors in form.errors.items():
        named = [] if name == NON_FIELD_ERRORS or name not in form.fields else [str(form.fields[name].label)]
        found += [_(": ").join((*named, str(error))) for error in errors]
    return found
