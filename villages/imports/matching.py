"""Rows become records: cells are read, names looked up, stored records found again; all that is wrong is collected.

Whoever imports reaches only what he could reach by hand: he may name what the admin offers him to choose, change what
he may change, add where he may add; of records that are not his he learns nothing but that they are not his.
"""

import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from villages.bulk import Report
from villages.imports.cells import CellError
from villages.imports.kinds import Column, ImportKind, Part
from villages.imports.outcome import Candidate, Mistake, mistake_in
from villages.imports.references import Lookup
from villages.imports.tables import Row, Table
from xinjin.access import engine

Values = dict[str, Any]
Key = tuple[Any, ...]


class Matcher:
    """One pass over a table for one user, inside a transaction; `candidates` and `mistakes` are its outcome."""

    def __init__(self, kind: ImportKind, table: Table, by: Any, report: Report) -> None:
        self._kind, self._table, self._by, self._report = kind, table, by, report
        self._lookups = {column.name: Lookup(column, by) for column in kind.columns if column.reference is not None}
        self._marked = kind.by_name[kind.marked]
        self._may_add = engine.allows(by, kind.model, "add")
        self.candidates: list[Candidate] = []
        self.mistakes: list[Mistake] = []

    def run(self) -> None:
        """Goes through all rows; the stored records that are found again are held until the commit."""
        read: list[tuple[Row, Values]] = []
        for place, row in enumerate(self._table.rows):
            values = self._values_of(row)
            if values is not None:
                read.append((row, values))
            self._report(place, len(self._table.rows))
        self._restore_zeros(read)
        parts = [(row, part, self._key(part.values)) for row, values in read for part in self._parts_of(row, values)]
        stored, mine = self._stored([key for _row, _part, key in parts])
        seen: dict[Key, Row] = {}
        for row, part, key in parts:
            if key in seen:
                where = {"sheet": seen[key].sheet, "row": seen[key].number}
                self._say(row, self._marked, _("The same stands already in sheet “%(sheet)s”, row %(row)s.") % where)
                continue
            seen[key] = row
            self._match(row, part, stored.get(key), mine)
        self.mistakes = list(dict.fromkeys(self.mistakes))  # what is wrong with several records of a row is said once

    # --- one row after another
    def _values_of(self, row: Row) -> Values | None:
        """The values of the cells by field; None when one of them cannot be read."""
        known = len(self.mistakes)
        if row.is_merged:
            self._say(row, None, _("Cells are merged across columns: split them."))
        for stray in row.strays:
            self._say(row, None, _("“%(value)s” stands in a column without a heading.") % {"value": stray.shown})
        values: Values = {}
        for column in self._kind.columns:
            if column.name in row.cells:
                self._read_cell(row, column, values)
        if len(self.mistakes) == known:
            return values
        self._check_alone(row, values)
        return None

    def _check_alone(self, row: Row, values: Values) -> None:
        """What is wrong with the cells that could be read, in a row that will be no record: all is said at once."""
        fields: dict[str, Any] = {field.name: field for field in self._kind.model._meta.concrete_fields}
        for name in filter(fields.__contains__, values):
            try:
                fields[name].run_validators(values[name])
            except ValidationError as error:
                self._say(row, self._kind.by_name[name], " ".join(error.messages))

    def _read_cell(self, row: Row, column: Column, values: Values) -> None:
        try:
            value = column.read(row.cells[column.name])
            if value in (None, "") and column.is_required:
                raise CellError(_("This is needed."))
            if column.reference is not None and value:
                value = self._lookups[column.name].find(value)
        except CellError as error:
            self._say(row, column, str(error))
            return
        if value is None and column.keeps:
            return
        values[column.name] = value

    def _parts_of(self, row: Row, values: Values) -> list[Part]:
        """The records of a row; none when its values do not fit together."""
        try:
            return list(self._kind.unfold(values))
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                for message in messages:
                    self._say(row, self._kind.by_name.get(name), message)
            return []

    def _match(self, row: Row, part: Part, before: Any, mine: set[Any]) -> None:
        known, values = len(self.mistakes), part.values
        if before is not None and before.pk not in mine:
            self._say(row, self._marked, _("This record belongs to others; you may not change it."))
        elif before is None and not self._may_add:
            self._say(row, self._marked, _("There is no such record among yours, and your role may not add any."))
        if len(self.mistakes) > known:
            return
        after = copy.copy(before) if before is not None else self._kind.model()
        for name, value in values.items():
            setattr(after, name, value)
        changed = [] if before is None else [name for name in values if _differs(before, after, name)]
        if not self._may_add:
            for name in changed:
                if name in self._kind.fixed:
                    self._say(row, self._kind.by_name[name], _("Your role may not change this."))
        if len(self.mistakes) == known:
            self.candidates.append(Candidate(row, before, after, changed, part.column))

    def _say(self, row: Row, column: Column | None, reason: str) -> None:
        self.mistakes.append(mistake_in(row, column, reason))

    # --- finding again
    def _key(self, values: Values) -> Key:
        found = (values.get(name) for name in self._kind.key)
        return tuple(value.pk if isinstance(value, models.Model) else value for value in found)

    def _stored(self, keys: list[Key]) -> tuple[dict[Key, Any], set[Any]]:
        """The stored records with these keys, held until the commit, and which of them the user may change."""
        model: Any = self._kind.model
        wanted = {f"{name}__in": {key[place] for key in keys} for place, name in enumerate(self._kind.key)}
        rows = model._base_manager.filter(**wanted).select_for_update(of=("self",), no_key=True).order_by("pk")
        rows = rows.select_related(*[name for name in self._kind.key if model._meta.get_field(name).is_relation])
        attributes = [model._meta.get_field(name).attname for name in self._kind.key]
        known = set(keys)
        found = {key: row for row in rows if (key := tuple(getattr(row, name) for name in attributes)) in known}
        mine = model._default_manager.allowed(self._by, "change").filter(**wanted)
        return found, set(mine.values_list("pk", flat=True))

    def _restore_zeros(self, read: list[tuple[Row, Values]]) -> None:
        """A number that Excel has made of 051234 is 51234; if only 051234 is stored, that is meant."""
        if len(self._kind.key) != 1:
            return
        name = self._kind.key[0]
        doubtful = [values for row, values in read if row.cells[name].is_number]
        if not doubtful:
            return
        bare = Func(F(name), Value("0"), function="LTRIM")
        wanted = {values[name].lstrip("0") for values in doubtful}
        stored: dict[str, list[str]] = {}
        rows: Any = self._kind.model._default_manager.annotate(bare=bare).filter(bare__in=wanted)
        for text in rows.values_list(name, flat=True):
            stored.setdefault(text.lstrip("0"), []).append(text)
        for values in doubtful:
            known = stored.get(values[name].lstrip("0"), [])
            if len(known) == 1:
                values[name] = known[0]


def _differs(before: Any, after: Any, name: str) -> bool:
    attribute = after._meta.get_field(name).attname
    return getattr(before, attribute) != getattr(after, attribute)
