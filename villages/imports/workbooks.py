"""An XLSX workbook becomes sheets: sizes are checked before anything is unpacked, sheets are read line by line."""

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

from villages.imports.cells import Cell
from villages.imports.limits import (
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_MERGED_CELLS,
    MOST_PARTS,
    MOST_SHEETS,
    MOST_UNPACKED_BYTES,
)
from villages.imports.tables import Sheet

if not DEFUSEDXML:
    raise ImportError("workbooks from outside are read with defusedxml only")

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_IS_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_ZEROS = re.compile(r"0{2,20}")

Line = tuple[Cell, ...]


def read(content: bytes) -> list[Sheet]:
    """The sheets that Excel shows, in their order; cells merged downwards are filled."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        _check_package(package)
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
        try:
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if len(shown) > MOST_SHEETS:
                raise ValidationError(_("The file has more than %(limit)s sheets.") % {"limit": MOST_SHEETS})
            budget = _Budget()
            return [_read_sheet(sheet, package, budget) for sheet in shown]
        finally:
            book.close()


def _check_package(package: zipfile.ZipFile) -> None:
    """Refuses what would swell when unpacked, by the sizes in its list of parts, which no part exceeds."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise ValidationError(_("Unpacked, the file would be far too large. Copy the table into a new workbook."))
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise InvalidFileException


class _Budget:
    """How many lines and cells of the whole file may still be looked at."""

    def __init__(self) -> None:
        self._lines, self._cells = MOST_LINES, MOST_CELLS

    def spend(self, cells: int) -> None:
        self._lines -= 1
        self._cells -= cells
        if self._lines < 0 or self._cells < 0:
            raise ValidationError(_("The file has too many lines: delete the empty ones below the table."))


def _read_sheet(sheet: Any, package: zipfile.ZipFile, budget: _Budget) -> Sheet:
    sheet.reset_dimensions()  # what the file claims of its size
    lines: dict[int, list[Cell]] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        budget.spend(len(row))
        cells = [_cell(cell) for cell in row[:MOST_COLUMNS]]
        if any(cell.value is not None for cell in row[MOST_COLUMNS:]):
            raise ValidationError(_("The file has more than %(limit)s columns.") % {"limit": MOST_COLUMNS})
        if any(not cell.is_blank for cell in cells):
            lines[number] = cells
    raw = package.read(sheet._worksheet_path.lstrip("/"))
    across = _fill_merged(lines, raw)
    hidden = frozenset(
        int(place[1]) for tag in _ROW_TAG.findall(raw) if _IS_HIDDEN.search(tag) and (place := _ROW_NUMBER.search(tag))
    )
    return Sheet(sheet.title, [(n, tuple(cells)) for n, cells in sorted(lines.items())], hidden, across)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type == "f":
        return Cell(f"={str(getattr(value, 'text', value)).lstrip('=')}", is_formula=True)
    if not isinstance(value, str | int | float | bool | date):
        return Cell(str(value))  # a time of day, a length of time
    if isinstance(value, str):
        return Cell(value[:MOST_CHARACTERS])
    zeros = 0
    if isinstance(value, int | float) and _ZEROS.fullmatch(cell.number_format or ""):
        zeros = len(cell.number_format)
    return Cell(value, zeros=zeros)


def _fill_merged(lines: dict[int, list[Cell]], raw: bytes) -> frozenset[int]:
    """Gives every line of cells merged downwards the value that stands in the first; returns lines merged across."""
    across: set[int] = set()
    budget = MOST_MERGED_CELLS
    for match in _MERGED.finditer(raw):
        left, top, right, bottom = range_boundaries(match[1].decode())
        budget -= bottom - top + 1
        if budget < 0:
            raise ValidationError(_("The file has too many merged cells."))
        present = [number for number in range(top, bottom + 1) if number in lines]
        if right > left:
            across.update(present)
            continue
        first = lines.get(top, [])
        value = first[left - 1] if left <= len(first) else Cell()
        for number in present[1:] if present[:1] == [top] else present:
            cells = lines[number]
            cells.extend([Cell()] * (left - len(cells)))
            cells[left - 1] = value
    return frozenset(across)
