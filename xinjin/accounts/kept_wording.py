"""What was kept, in words: the names of fields as the records have them, the values as their choices read."""

from collections import Counter
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from xinjin.accounts.kept import Kept

UNIQUE = "code"  # by which forms name a record


def lines(kept: Kept) -> list[tuple[str, str]]:
    """(field, what was written) in the order of the page."""
    app, shown = _app(kept.path), []
    for name, values in kept.typed:
        fields = _fields(name, app)
        shown.append((_label(name, fields), "、".join(_value(value, fields) for value in values)))
    return shown


def _app(path: str) -> str:
    """The app whose page it is; of a page of the admin the app of its records."""
    match = resolve(path.partition("?")[0])
    if match.namespace == "admin":
        return (match.url_name or "").partition("_")[0]
    return str(getattr(match.func, "__module__", "")).partition(".")[0]


def _fields(name: str, app: str) -> list[Any]:
    """The fields of records that have this name: in the rows of that part, else in the app, else anywhere."""
    part, _dash, rest = name.partition("-")
    own = name.rpartition("-")[2]
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields if field.name == own]
    in_app = [field for field in fields if field.model._meta.app_label == app]
    in_part = [field for field in in_app if rest and part in _parts(field.model)]
    return in_part or in_app or fields


def _parts(model: Any) -> set[str | None]:
    """As what the rows of a model belong to others."""
    return {field.remote_field.related_name for field in model._meta.concrete_fields if field.remote_field}


def _label(name: str, fields: list[Any]) -> str:
    """What most of the records call it; a name that no record has stays as it is."""
    *rows, label = name.split("-")
    if fields:
        label = capfirst(Counter(str(field.verbose_name) for field in fields).most_common(1)[0][0])
    number = next((part for part in rows if part.isdigit()), "")
    return " ".join((_("Row %(number)s") % {"number": int(number) + 1}, label)) if number else label


def _value(value: str, fields: list[Any]) -> str:
    if value == "on":
        return "✓"
    for field in fields:
        for code, label in field.flatchoices:
            if str(code) == value:
                return str(label)
        if (named := _named(field, value)) is not None:
            return str(named)
    return value


def _named(field: Any, value: str) -> Any:
    """The record that a form names by its code."""
    try:
        if field.related_model is None or not field.related_model._meta.get_field(UNIQUE).unique:
            return None
    except FieldDoesNotExist:
        return None
    return field.related_model._default_manager.filter(**{UNIQUE: value}).first()
