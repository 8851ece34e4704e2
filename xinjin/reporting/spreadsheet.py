"""What CSV and XLSX have in common: the lines above and below a table."""

from .document import Document, Report
from .table import ReportTable
from .text import clean_text
from .wording import report_notes, table_notes


def lines_above(document: Document, table: ReportTable) -> list[str]:
    """Title of the table, then number and title of the report it belongs to."""
    lines = [clean_text(table.title)]
    if isinstance(document, Report):
        lines.append(" ".join(part for part in (clean_text(document.number), flat(document.title)) if part))
    return [line for line in map(flat, lines) if line]


def lines_below(document: Document, table: ReportTable) -> list[str]:
    """Notes of the table, its signatories in one line, and the notes and the seal of the report."""
    lines = table_notes(table.notes)
    if table.signatories:
        lines.append("    ".join(clean_text(name) for name in table.signatories))
    if isinstance(document, Report):
        lines.extend(report_notes(document))
    return lines


def flat(value: object) -> str:
    """Cleaned text on one line."""
    return clean_text(value).replace("\n", "")
