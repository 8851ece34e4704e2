"""What was kept, in words: the names of fields as the records have them, the values as their choices read."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.urls import resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from xinjin.accounts.kept import Kept


def lines(kept: Kept) -> list[tuple[str, str]]:
    """(field, what was written) in the order of the page."""
    known = _fields_of(_app(kept.path))
    return [
        (_label(name, known), "、".join(_value(name, value, known) for value in values)) for name, values in kept.typed
    ]


def _app(path: str) -> str:
    """The app whose page it is; of a page of the admin the app of its records."""
    match = resolve(path.partition("?")[0])
    if match.namespace == "admin":
        return (match.url_name or "").partition("_")[0]
    return str(getattr(match.func, "__module__", "")).partition(".")[0]


def _fields_of(app: str) -> dict[str, list[Any]]:
    """The fields of all records by name, those of `app` first. A page asks what a record holds, so the names agree."""
    found: dict[str, list[Any]] = {}
    models: Iterable[Any] = sorted(
        apps.get_models(), key=lambda model: (model._meta.app_label != app, model._meta.label)
    )
    for model in models:
        for field in model._meta.concrete_fields:
            found.setdefault(field.name, []).append(field)
    return found


def _label(name: str, known: dict[str, list[Any]]) -> str:
    """A name that no record has stays as it is."""
    *rows, own = name.split("-")
    fields = known.get(own, [])
    label = own
    if fields:
        nearest = fields[0].model._meta.app_label
        names = Counter(str(field.verbose_name) for field in fields if field.model._meta.app_label == nearest)
        label = capfirst(names.most_common(1)[0][0])
    number = next((part for part in rows if part.isdigit()), "")
    return " ".join((_("Row %(number)s") % {"number": int(number) + 1}, label)) if number else label


def _value(name: str, value: str, known: dict[str, list[Any]]) -> str:
    if value == "on":
        return "✓"
    for field in known.get(name.rpartition("-")[2], []):
        for code, label in field.flatchoices:
            if str(code) == value:
                return str(label)
    return value
