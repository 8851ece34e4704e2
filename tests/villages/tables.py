"""Files such as stations send: made with openpyxl, since Excel itself is not here."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from villages.imports.kinds import ImportKind
from villages.imports.tables import read_table
from villages.imports.uploads import read_sheets


def workbook(*sheets: Sequence[Sequence[Any]], titles: Sequence[str] = ()) -> bytes:
    """An XLSX file; each sheet is a list of lines."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, lines in enumerate(sheets):
        sheet = book.create_sheet(titles[number] if titles else f"表{number + 1}")
        for line in lines:
            sheet.append(list(line))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The file of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def lines_of(content: bytes, sheet: int = 0) -> list[list[Any]]:
    """What a person sees in a sheet of a file."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(line) for line in book.worksheets[sheet].iter_rows(values_only=True)]


def labels(kind: ImportKind) -> list[str]:
    """The headings of a table."""
    return [column.label for column in kind.columns]


def read(kind: ImportKind, content: bytes):
    """The table in a file."""
    return read_table(kind, read_sheets(content, "表.xlsx"))


def address(kind: ImportKind, page: str, *args: Any) -> str:
    """A page of the import in the admin."""
    meta = kind.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def send(client, kind: ImportKind, content: bytes, name: str = "表.xlsx"):
    """Uploads a file and follows to what is shown then."""
    return client.post(address(kind, "import"), {"file": SimpleUploadedFile(name, content)}, follow=True)
