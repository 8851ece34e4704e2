"""CSV that Excel and WPS open as Chinese text and never run: UTF-8 with a byte order mark, formulas disarmed."""

import csv
import io
import unicodedata
from collections.abc import Iterator

from .document import Document, Report, tables_of
from .spreadsheet import lines_above, lines_below
from .table import Column, Kind, ReportTable, cell_text

# A spreadsheet takes a cell that starts with one of these for a formula or a command; the full-width forms are
# folded to ASCII by some input paths. Tab, CR and NUL are already gone from cleaned text.
_TRIGGERS = frozenset("=+-@\t\r\0＝＋－＠")
_INVISIBLE = ("Cf", "Zs", "Cc", "Mn")


def render_csv(document: Document) -> bytes:
    """A lone table as headings and rows, then notes; a report as one titled section for each table."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for position, table in enumerate(tables_of(document)):
        if position:
            writer.writerow([])
        writer.writerows(_section(document, table))
    return buffer.getvalue().encode("utf-8-sig")


def disarm(text: str) -> str:
    """The text with an apostrophe in front when its first visible character could start a formula."""
    for character in text:
        if character in _TRIGGERS:
            return "'" + text
        if unicodedata.category(character) not in _INVISIBLE:
            break
    return text


def csv_cell(column: Column, value: object) -> str:
    """The canonical text, disarmed unless the column holds numbers: a negative number is a number."""
    text = cell_text(column, value)
    return text if Kind(column.kind).is_number else disarm(text)


def _section(document: Document, table: ReportTable) -> Iterator[list[str]]:
    if isinstance(document, Report):
        yield from ([disarm(line)] for line in lines_above(document, table))
    yield [disarm(label) for label in table.labels()]
    for record in table.records():
        yield [csv_cell(column, value) for column, value in zip(table.columns, record, strict=True)]
    below = lines_below(document, table)
    if below:
        yield []
        yield from ([disarm(line)] for line in below)
