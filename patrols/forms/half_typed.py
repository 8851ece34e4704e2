"""Saving a page while somebody is typing on it: what can be read is saved, and what cannot keeps its stored value.

The typed text stays on the page with what is wrong beside it; so one half-typed time never holds back a written
paragraph.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from patrols.entries import ActivityEntry, BaseInfoEntry, CallEntry, DeedEntry, VisitEntry, entry_of
from patrols.forms.visits import VisitForms
from patrols.models import Visit
from patrols.visits import save_draft

# Fields that are wrong only together fall back together.
TOGETHER = {"started_at": ("started_at", "ended_at"), "ended_at": ("started_at", "ended_at")}
BLANK = {"calls": CallEntry(), "deeds": DeedEntry(), "base_info": BaseInfoEntry()}
OWN = ("village", "visited_on", "started_at", "ended_at", "companions", "summary", "photo_waiver", "shortfall_reason")


def save_readable(*, by: Any, visit: Visit, forms: VisitForms) -> Visit:
    """Saves what can be read of `forms`, whose mistakes then say what was not saved. Raises Conflict like save_draft.

    The forms must have been checked, and their revision and the numbers of their rows must be readable.
    """
    stored = entry_of(visit)
    page = {"revision": forms.visit.cleaned_data["revision"], "page": forms.visit.open_page}
    entry = _readable(forms, stored)
    try:
        return save_draft(by=by, visit=visit, entry=entry, **page)
    except ValidationError as error:
        forms.add_errors(error)
        refused = error.error_dict if hasattr(error, "error_dict") else {}
    try:
        return save_draft(by=by, visit=visit, entry=fall_back(entry, stored, refused), **page)
    except ValidationError as error:
        forms.add_errors(error)
        return visit


def complaints(forms: VisitForms) -> dict[str, list[str]]:
    """{name of the input: what is wrong with it}; under "" what belongs to no field."""
    found: dict[str, list[str]] = {}
    rows = [form for formset in forms.formsets for form in formset.forms]
    for form in (forms.visit, *rows, *forms.activities):
        for name, errors in form.errors.items():
            key = form.add_prefix(name) if name in form.fields else ""
            found.setdefault(key, []).extend(str(error) for error in errors)
    for formset in forms.formsets:
        found.setdefault("", []).extend(str(error) for error in formset.non_form_errors())
    return {name: messages for name, messages in found.items() if messages}


def _readable(forms: VisitForms, stored: VisitEntry) -> VisitEntry:
    data = forms.visit.cleaned_data
    known = {row.kind: row for row in stored.activities}
    lines = [form.entry_beside(known.get(form.kind.value)) for form in forms.activities]
    parts: dict[str, Any] = {name: getattr(stored, name) for name in BLANK}
    for name in parts:
        formset = getattr(forms, name)
        if not formset.non_form_errors():  # too many rows: the stored ones stay until some are removed
            beside = dict(enumerate(parts[name]))
            parts[name] = tuple(form.entry_beside(beside.get(n)) for n, form in enumerate(formset.kept))
    return VisitEntry(
        **{name: data.get(name, getattr(stored, name)) for name in OWN},
        activities=tuple(line for line in lines if line),
        **parts,
    )


def fall_back(entry: VisitEntry, stored: VisitEntry, keys: Iterable[str]) -> VisitEntry:
    """The entry with the stored values in place of those that `keys` (as in patrols.visit_checks) name."""
    kinds = [row.kind for row in entry.activities]
    for key in keys:
        part, _dash, rest = key.partition("-")
        number, _dash, field = rest.partition("-")
        if part in BLANK:
            entry = _row_back(entry, stored, part, int(number), field)
        elif part == "activities":
            entry = _activity_back(entry, stored, kinds[int(number)])
        else:
            entry = replace(entry, **{name: getattr(stored, name) for name in TOGETHER.get(key, (key,)) if name in OWN})
    return entry


def _row_back(entry: VisitEntry, stored: VisitEntry, part: str, number: int, field: str) -> VisitEntry:
    rows, before = list(getattr(entry, part)), getattr(stored, part)
    beside: Any = before[number] if number < len(before) else BLANK[part]
    if hasattr(beside, field):
        rows[number] = replace(rows[number], **{field: getattr(beside, field)})
    return replace(entry, **{part: tuple(rows)})  # type: ignore[arg-type]


def _activity_back(entry: VisitEntry, stored: VisitEntry, kind: str) -> VisitEntry:
    before: list[ActivityEntry] = [row for row in stored.activities if row.kind == kind]
    return replace(entry, activities=(*(row for row in entry.activities if row.kind != kind), *before))
