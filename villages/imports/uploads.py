"""A file becomes sheets of cells, whatever was sent: by its content, never by its name. No database.

Everything is held to limits before and while it is unpacked, and whatever else goes wrong inside a file made to do
harm is the file's fault: ValidationError, never an error of the program.
"""

import logging

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from villages.imports import texts, workbooks
from villages.imports.limits import MOST_BYTES, MOST_ROWS
from villages.imports.tables import Sheet

logger = logging.getLogger(__name__)

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FOREIGN = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read_sheets(content: bytes, name: str = "") -> list[Sheet]:
    """The sheets of an XLSX or CSV file. Raises ValidationError with the reason when it is none, or too large."""
    if not content:
        raise ValidationError(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024**2})
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(_OLD_EXCEL):
        raise ValidationError(_("This is an old or encrypted Excel file: save it as XLSX without a password."))
    if head.startswith((b"<", b"mime-version")) or content.startswith(_FOREIGN):
        raise ValidationError(_("This is no XLSX or CSV file, whatever its name says: save it as XLSX."))
    try:
        sheets = workbooks.read(content) if content.startswith(b"PK") else [texts.read(content, name)]
    except ValidationError:
        raise
    except Exception as error:  # a damaged or hostile workbook makes its reader fail in any way there is
        logger.info("a file sent for import cannot be read: %r", error)
        message = _("The file is damaged or no XLSX or CSV file. Open it in Excel and save it anew as XLSX.")
        raise ValidationError(message) from error
    if sum(len(sheet.lines) for sheet in sheets) > MOST_ROWS + 100:
        message = _("The file has more than %(limit)s rows: divide it.")
        raise ValidationError(message % {"limit": MOST_ROWS})
    return sheets
