"""A CSV file becomes a sheet: UTF-8 with or without its mark, or GB18030 as Excel in China writes it."""

import csv
import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from villages.imports.cells import Cell
from villages.imports.limits import MOST_CHARACTERS, MOST_COLUMNS, MOST_LINES
from villages.imports.tables import Sheet

DELIMITERS = ",\t;，"


def read(content: bytes, name: str) -> Sheet:
    """The one sheet of a CSV file; lines are numbered as a spreadsheet shows them."""
    text = decode(content)
    if "\x00" in text:
        raise ValidationError(_("This is no XLSX or CSV file, whatever its name says: save it as XLSX."))
    lines = []
    for number, parts in enumerate(_records(text), start=1):
        if number > MOST_LINES:
            raise ValidationError(_("The file has too many lines: delete the empty ones below the table."))
        if any(part.strip() for part in parts[MOST_COLUMNS:]):
            raise ValidationError(_("The file has more than %(limit)s columns.") % {"limit": MOST_COLUMNS})
        line = tuple(Cell(part) for part in parts[:MOST_COLUMNS])
        if any(not cell.is_blank for cell in line):
            lines.append((number, line))
    return Sheet(name.rsplit(".", 1)[0][:31] or "CSV", lines)


def decode(content: bytes) -> str:
    """The text of the file in the first encoding that fits."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The characters of the file cannot be read: save it as XLSX, or as CSV in UTF-8."))


def _records(text: str):
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(MOST_CHARACTERS)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise ValidationError(_("The CSV file cannot be read: a quotation mark is not closed.")) from error
