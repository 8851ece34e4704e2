"""A list as one person asked for it: the rows in their order, the columns, and the same cells for page and file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xinjin.lists.definition import SORT, ListColumn, ListDefinition
from xinjin.lists.models import ColumnChoice
from xinjin.reporting import Kind, ReportTable, cell_text

_CSS = {"right": "num", "center": "nowrap", "left": ""}


@dataclass(frozen=True)
class Asker:
    """In place of a request, for filters that ask who asks: a job has no request."""

    user: Any


@dataclass(frozen=True)
class Head:
    """The head of a column; `next` is the sort that a click asks for, empty when it cannot be sorted."""

    label: str
    css: str
    next: str
    direction: str


@dataclass(frozen=True)
class Cell:
    """Text as in the file, with what the page adds: an address, a badge."""

    text: str
    css: str
    url: str
    tone: str
    shape: str
    names_row: bool
    is_long: bool


@dataclass(frozen=True)
class ShownRow:
    """A row of the page."""

    row: Any
    css: str
    cells: list[Cell]


class Listing:
    """`data` is the query of the address (a QueryDict); whatever it holds, the rows are some that the user may see."""

    def __init__(self, definition: ListDefinition, user: Any, data: Any, keys: list[str] | None = None) -> None:
        self.definition, self.user = definition, user
        self.filter = definition.filterset(data, queryset=definition.rows(user), request=Asker(user))
        self.sort = definition.sort_of(data.get(SORT, ""))
        self.columns = definition.chosen(chosen_keys(definition, user) if keys is None else keys)
        self.is_filtered = any(data.get(name) for name in self.filter.filters)

    @cached_property
    def rows(self) -> QuerySet:
        """The rows in their order, with what the chosen columns need."""
        rows = self.filter.qs
        for column in self.columns:
            if column.prepare:
                rows = column.prepare(rows)
        return rows.order_by(*self.definition.order_by(self.sort, self.user))

    def heads(self) -> list[Head]:
        """The heads of the columns."""
        return [self._head(column) for column in self.columns]

    def shown(self, rows: Any) -> list[ShownRow]:
        """These rows as the page shows them."""
        return [self._shown(self.definition.adapt(row), row) for row in rows]

    def table(self, *, issued_on: date, report: Callable[[int], None]) -> ReportTable:
        """All rows as a table for the file; `report` is told how many are done."""
        rows = []
        for done, row in enumerate(map(self.definition.adapt, self.rows), start=1):
            rows.append({column.key: column.cell(row) for column in self.columns})
            report(done)
        return ReportTable(
            title=str(self.definition.title),
            columns=[column.column for column in self.columns],
            rows=rows,
            notes=self.question(),
            issued_on=issued_on,
        )

    def question(self) -> list[str]:
        """The filters in words, for those who later find the file."""
        self.filter.form.is_valid()  # what is wrong is left out of cleaned_data, and out of the rows
        asked = getattr(self.filter.form, "cleaned_data", {})
        parts = [
            _(": ").join((str(field.label), _words(field, asked[name])))
            for name, field in self.filter.form.fields.items()
            if asked.get(name) not in (None, "")
        ]
        return [_("Filters: %(filters)s") % {"filters": _("; ").join(parts)}] if parts else []

    def _head(self, column: ListColumn) -> Head:
        css = _CSS[Kind(column.column.kind).alignment]
        if not column.order:
            return Head(column.label, css, "", "")
        if self.sort.removeprefix("-") != column.key:
            first = f"-{column.key}" if column.column.kind != "text" else column.key
            return Head(column.label, css, first, "")
        descending = self.sort.startswith("-")
        next_sort = column.key if descending else f"-{column.key}"
        return Head(column.label, css, next_sort, "descending" if descending else "ascending")

    def _shown(self, row: Any, model: Any) -> ShownRow:
        cells = []
        for column in self.columns:
            value = column.cell(row)
            tone, shape = column.badge(row) if column.badge and value is not None else ("", "")
            link: Any = column.column.link
            url = link(row) or "" if callable(link) else ""
            css = _CSS[Kind(column.column.kind).alignment]
            text = cell_text(column.column, value)
            cells.append(Cell(text, css, url, tone, shape, column.names_row, column.is_long))
        return ShownRow(model, self.definition.row_class(row), cells)


def _words(field: Any, value: Any) -> str:
    if getattr(field, "null_label", None) and value == field.null_value:
        return str(field.null_label)
    choices = getattr(field, "choices", None)
    if choices is not None and not hasattr(field, "queryset"):
        return str(dict(choices).get(value, value))
    return str(value)


def chosen_keys(definition: ListDefinition, user: Any) -> list[str]:
    """The keys of the columns that the person has chosen; none when he has not."""
    kept = ColumnChoice.objects.filter(owner=user.pk, list_name=definition.name).values_list("columns", flat=True)
    return kept.first() or []
