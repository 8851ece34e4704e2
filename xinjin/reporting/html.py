"""The table for a page: canonical cells with classes and links, shown by `_components/report_table.html`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from .document import Document, tables_of
from .table import Column, Kind, ReportError, ReportTable, cell_text, value_of
from .text import clean_text
from .wording import table_notes

TEMPLATE = "_components/report_table.html"
# num: numbers, right; date: centred, not broken; text: left.
_CLASSES = {"right": "num", "center": "date", "left": "text"}


@dataclass(frozen=True)
class HtmlColumn:
    """Heading and CSS class of a column."""

    label: str
    css: str


@dataclass(frozen=True)
class HtmlCell:
    """Canonical text, CSS class, address or empty, and whether the cell names its row."""

    text: str
    css: str
    url: str = ""
    is_header: bool = False


@dataclass(frozen=True)
class HtmlTable:
    """What the template needs; `cells` is a list of rows."""

    caption: str
    columns: Sequence[HtmlColumn]
    cells: Sequence[Sequence[HtmlCell]]
    notes: Sequence[str]
    signatories: Sequence[str]


def html_table(table: ReportTable) -> HtmlTable:
    """The table in the language in force. Raises ReportError for a link that leaves this site."""
    columns = [
        HtmlColumn(label, _CLASSES[Kind(column.kind).alignment])
        for column, label in zip(table.columns, table.labels(), strict=True)
    ]
    naming = next((at for at, column in enumerate(table.columns) if column.kind is Kind.TEXT), 0)
    return HtmlTable(
        caption=clean_text(table.title),
        columns=columns,
        cells=[_row(table, columns, row, number, naming) for number, row in enumerate(table.rows, start=1)],
        notes=table_notes(table.notes),
        signatories=[clean_text(name) for name in table.signatories],
    )


def render_html(document: Document) -> bytes:
    """The tables as an HTML fragment without page around it."""
    parts = [render_to_string(TEMPLATE, {"table": html_table(table)}) for table in tables_of(document)]
    return "\n".join(parts).encode()


def _row(table: ReportTable, columns: Sequence[HtmlColumn], row: Any, number: int, naming: int) -> list[HtmlCell]:
    return [
        HtmlCell(
            text=cell_text(column, value_of(row, column.key, where=f"row {number}")),
            css=columns[at].css,
            url=_address(column, row, number),
            is_header=at == naming,
        )
        for at, column in enumerate(table.columns)
    ]


def _address(column: Column, row: Any, number: int) -> str:
    if column.link is None:
        return ""
    link = column.link
    address = str((link(row) if callable(link) else value_of(row, link, where=f"row {number}")) or "")
    # Addresses may come out of records: only pages of this site, never another host and never a script.
    if address and (not address.startswith("/") or address[1:2] in ("/", "\\")):
        raise ReportError(f"the link of column {column.key!r} is not a path of this site")
    return address
