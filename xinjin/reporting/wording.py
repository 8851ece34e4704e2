"""Every text that the renderers add themselves, in one place so that the catalogue can be kept complete.

Punctuation of official documents is not translated: they are always Chinese.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from .document import Report
from .text import clean_text

MISSING_MARK = "〓"  # printers' traditional sign for a character that the font does not have


def long_date(day: date) -> str:
    """A date as official documents write it, months and days without leading zeros: 2026年4月10日."""
    return _("%(month)d/%(day)d/%(year)d") % {"year": day.year, "month": day.month, "day": day.day}


def attachment_label(index: int, count: int) -> str:
    """附件, or 附件1, 附件2 … when there are several. `index` starts at 0."""
    return _("Attachment") if count == 1 else _("Attachment %(number)d") % {"number": index + 1}


def attachment_list_lead() -> str:
    """What stands before the list of attachments below the body."""
    return _("Attachments: ")


def addressees_line(names: Iterable[object]) -> str:
    """The addressees with their colon, empty when there are none."""
    joined = _join(names)
    return f"{joined}：" if joined else ""


def copies_line(names: Iterable[object]) -> str:
    """The copy line (抄送) with its full stop, empty when nobody gets a copy."""
    joined = _join(names)
    return _("cc: %(names)s.") % {"names": joined} if joined else ""


def printed_line(day: date) -> str:
    """The right half of the printing line (印发)."""
    return _("Printed on %(date)s") % {"date": long_date(day)}


def bracketed(note: object) -> str:
    """A note below the date (附注), in brackets."""
    return f"（{clean_text(note)}）"


def seal_line(seal: str) -> str:
    """The line that names the hash over the frozen data."""
    return _("Made from sealed data, check code %(seal)s") % {"seal": clean_text(seal)}


def note_lead() -> str:
    """What stands before the first note below a table."""
    return _("Note: ")


def numbered(texts: Iterable[object]) -> list[str]:
    """Cleaned texts, numbered when there are several."""
    cleaned = [clean_text(text) for text in texts]
    return cleaned if len(cleaned) < 2 else [f"{at}. {text}" for at, text in enumerate(cleaned, start=1)]


def table_notes(notes: Iterable[object]) -> list[str]:
    """The notes below a table as lines of their own, the first one with its lead."""
    return [text if at else note_lead() + text for at, text in enumerate(numbered(notes))]


def missing_characters_note(characters: Iterable[str]) -> str:
    """Names the characters that no font holds, by code point because they cannot be printed."""
    codes = " ".join(f"U+{ord(character):04X}" for character in sorted(characters))
    return _("Characters missing from the font, shown as %(mark)s: %(codes)s") % {"mark": MISSING_MARK, "codes": codes}


def sheet_fallback() -> str:
    """Name of a worksheet whose table has no usable title."""
    return _("Table")


def spreadsheet_footer() -> str:
    """Page footer of a printed worksheet; &P and &N are the page and the number of pages."""
    return "&C" + _("Page &P of &N")


def report_notes(report: Report) -> list[str]:
    """The notes of a report with the seal as the last one, for formats without a page."""
    notes = [clean_text(note) for note in report.notes]
    return [*notes, seal_line(report.seal)] if report.seal else notes


def _join(names: Iterable[object]) -> str:
    return "，".join(clean_text(name) for name in names)
