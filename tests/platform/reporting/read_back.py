"""Reads rendered files the way a stranger would: with other libraries than those that wrote them."""

import csv
import io
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import docx
import openpyxl
import pypdf
from openpyxl.cell.cell import Cell


def csv_rows(content: bytes) -> list[list[str]]:
    """All records of the file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_rows(content: bytes, *, sheet: int = 0) -> list[list[str]]:
    """What a spreadsheet program displays in each row."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[_displayed(cell) for cell in row] for row in book.worksheets[sheet].iter_rows()]


def _displayed(cell: Cell) -> str:
    value, number_format = cell.value, cell.number_format
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d %H:%M" if "hh:mm" in number_format else "%Y-%m-%d")
    if isinstance(value, int | float):
        places = len(number_format.rstrip("%").partition(".")[2])
        if number_format.endswith("%"):
            return f"{Decimal(repr(value)) * 100:.{places}f}%"
        return f"{Decimal(repr(value)):.{places}f}"
    return str(value)


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """The cells of every table."""
    document = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._is_open = True
        elif tag == "br" and self._is_open:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._is_open = False

    def handle_data(self, data: str) -> None:
        if self._is_open:
            self.rows[-1][-1] += data


def html_rows(content: str) -> list[list[str]]:
    """The cells of all rows, headings included."""
    parser = _Cells()
    parser.feed(content)
    return parser.rows


def html_tags(content: str) -> set[str]:
    """Every element name in use."""
    parser = _Cells()
    parser.feed(content)
    return parser.tags


def pdf_text(content: bytes) -> str:
    """The text of all pages, squeezed: cells follow each other, and lines within a cell are joined."""
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def squeezed(text: str) -> str:
    """Composed, without spaces and invisible characters, which a PDF does not keep."""
    return "".join(
        character
        for character in re.sub(r"\s+", "", unicodedata.normalize("NFC", text))
        if unicodedata.category(character) not in ("Cf", "Zs", "Cc")
    )
