"""XLSX by XlsxWriter: one sheet for each table, numbers as numbers, text as text, ready to print on A4."""

import io
import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .document import Document, tables_of
from .spreadsheet import flat, lines_above, lines_below
from .table import NOT_APPLICABLE, Column, Kind, ReportError, ReportTable, cell_text, local_minute, percent_of
from .text import clean_text, width_of
from .wording import sheet_fallback, spreadsheet_footer

_OPTIONS = {
    "in_memory": True,  # rows may name people: nothing of them is left in the temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FONT = "宋体"
_LAST_ROW = 1_048_575  # counted from 0
_LANDSCAPE_ABOVE = 42.0  # em of 11 pt between the margins of a portrait page
_EXACT_DIGITS = 15  # a spreadsheet keeps no more
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900
_LINE_HEIGHT = 16  # points
_ILLEGAL_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\n]")


def render_xlsx(document: Document) -> bytes:
    """The workbook; the same document always gives the same bytes. Raises ReportError beyond a sheet's last row."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        created = datetime.combine(document.issued_on or date(2000, 1, 1), time(), UTC)
        book.set_properties({"title": flat(document.title), "created": created})
        formats = _Formats(book)
        taken: set[str] = set()
        for table in tables_of(document):
            sheet = book.add_worksheet(_sheet_name(clean_text(table.title), taken))
            _write_table(sheet, formats, document, table)
    return buffer.getvalue()


class _Formats:
    """Formats by need; a workbook holds each only once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """The format with these properties of XlsxWriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": _FONT, "font_size": 11, **properties})
        return self._made[key]

    def cell(self, alignment: str, number_format: str = "@") -> Format:
        """The format of a cell in the table."""
        return self.get(border=1, align=alignment, valign="vcenter", text_wrap=True, num_format=number_format)


def _write_table(sheet: Worksheet, formats: _Formats, document: Document, table: ReportTable) -> None:
    widths, last_column = table.widths(), len(table.columns) - 1
    row = 0
    for line in lines_above(document, table):
        style = formats.get(bold=not row, font_size=11 if row else 16, align="center", valign="vcenter", text_wrap=True)
        row = _write_line(sheet, row, last_column, line, style, sum(widths) / (1 if row else 1.6))
    header = row
    for index, label in enumerate(table.labels()):
        style = formats.get(bold=True, border=1, align="center", valign="vcenter", text_wrap=True, bg_color="#EDEDED")
        sheet.write_string(row, index, label, style)
    for record in table.records():
        row += 1
        if row > _LAST_ROW:
            raise ReportError("more rows than a worksheet holds")
        for index, (column, value) in enumerate(zip(table.columns, record, strict=True)):
            _write_cell(sheet, formats, row, index, column, value)
    if row > header:
        sheet.autofilter(header, 0, row, last_column)
    row += 2
    for line in lines_below(document, table):
        row = _write_line(sheet, row, last_column, line, formats.get(valign="top", text_wrap=True), sum(widths))
    _set_page(sheet, widths, header)


def _write_line(sheet: Worksheet, row: int, last_column: int, text: str, style: Format, width: float) -> int:
    """Write a line across the table and return the next row. Merged cells do not grow by themselves."""
    lines = sum(max(1, math.ceil(width_of(part) / max(width, 8))) for part in text.split("\n"))
    sheet.set_row(row, min(400, lines * _LINE_HEIGHT * style.font_size / 11 + 4))
    if last_column:
        sheet.merge_range(row, 0, row, last_column, "", style)
    sheet.write_string(row, 0, text, style)
    return row + 1


def _write_cell(sheet: Worksheet, formats: _Formats, row: int, index: int, column: Column, value: Any) -> None:
    kind, text = Kind(column.kind), cell_text(column, value)
    style = formats.cell(kind.alignment)
    if value is None:
        sheet.write_string(row, index, NOT_APPLICABLE, formats.cell("center"))
    elif kind is Kind.TEXT or not _fits(kind, value):
        sheet.write_string(row, index, text, style)
    elif kind.is_number:
        # A negative zero would show as -0.0.
        sheet.write_number(row, index, value or 0, formats.cell("right", _number_format(kind, value)))
    elif kind is Kind.DATE:
        sheet.write_datetime(row, index, value, formats.cell("center", "yyyy-mm-dd"))
    else:
        sheet.write_datetime(row, index, local_minute(value), formats.cell("center", "yyyy-mm-dd hh:mm"))


def _fits(kind: Kind, value: Any) -> bool:
    """Whether a spreadsheet keeps the value exactly; otherwise its canonical text is written."""
    if kind.is_number:
        return len(Decimal(value).as_tuple().digits) <= _EXACT_DIGITS and abs(Decimal(value).adjusted()) < _EXACT_DIGITS
    return (value.date() if isinstance(value, datetime) else value) >= _FIRST_DAY


def _number_format(kind: Kind, value: Decimal | int) -> str:
    number = percent_of(value) if kind is Kind.PERCENT else Decimal(value)
    places = max(0, -int(number.as_tuple().exponent))
    return "0" + ("." + "0" * places if places else "") + ("%" if kind is Kind.PERCENT else "")


def _set_page(sheet: Worksheet, widths: Sequence[float], header: int) -> None:
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width * 2 + 2)  # Excel counts in digits, two to a Chinese character
    sheet.freeze_panes(header + 1, 0)
    sheet.repeat_rows(header)
    sheet.set_paper(9)  # A4
    if sum(widths) + len(widths) > _LANDSCAPE_ABOVE:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
    sheet.center_horizontally()
    sheet.set_footer(spreadsheet_footer())


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 UTF-16 units, none of []:*?/\\, no apostrophe at the ends, unique."""
    base = _ILLEGAL_IN_NAME.sub(" ", title).strip().strip("'").strip() or sheet_fallback()
    if base.lower() in ("history", "历史记录"):
        base += "_"
    for number in range(1, 1000):
        suffix = f" ({number})" if number > 1 else ""
        name = _cut(base, 31 - len(suffix)).rstrip(" '") + suffix
        if name.lower() not in taken:
            taken.add(name.lower())
            return name
    raise ReportError("too many tables with the same title")


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) > units * 2:
        text = text[:-1]
    return text
