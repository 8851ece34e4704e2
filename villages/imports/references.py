"""What a cell names: a row of another table that the user may choose, by its code or by a name only one has."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from villages.imports.cells import CellError, half_width
from villages.imports.kinds import Column


class Lookup:
    """The rows that `user` may name in a column; read once."""

    def __init__(self, column: Column, user: Any) -> None:
        reference = column.reference
        if reference is None:
            raise TypeError(f"{column.name} names nothing")
        field: Any = column.field
        rows: Any = reference.model._default_manager.allowed(user, reference.action)  # type: ignore[attr-defined]
        self._label = column.label
        self._by_code: dict[str, models.Model] = {}
        self._by_name: dict[str, dict[Any, models.Model]] = defaultdict(dict)
        for row in rows.complex_filter(field.get_limit_choices_to()).order_by("pk"):
            self._by_code[_plain(row.code)] = row
            for name in reference.names:
                if text := getattr(row, name):
                    self._by_name[_plain(text)][row.pk] = row

    def find(self, text: str) -> models.Model:
        """The row that is meant; raises CellError when there is none among those that the user may choose, or many."""
        wanted = _plain(text)
        if wanted in self._by_code:
            return self._by_code[wanted]
        found = list(self._by_name.get(wanted, {}).values())
        if len(found) == 1:
            return found[0]
        what = {"what": self._label}
        if found:
            raise CellError(_("Several have this name (%(what)s): give the code.") % what)
        raise CellError(_("There is none such among those that you may choose (%(what)s).") % what)

    def names(self) -> list[str]:
        """What the user may choose, as he knows it."""
        return [str(row) for row in self._by_code.values()]


def _plain(text: str) -> str:
    return "".join(half_width(text).casefold().split())
