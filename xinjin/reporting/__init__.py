"""Reports as data, rendered as HTML, CSV, XLSX, DOCX and PDF that agree cell by cell.

Describe a `ReportTable` or a `Report`, then `render(report, "pdf")`; a `Poster` becomes a PDF by `render_poster`.
Nothing here knows models or police rules.
"""

from .document import Heading, Report
from .poster import Box, Paper, Poster, render_poster
from .render import DOWNLOAD_FORMATS, FORMATS, TABLE_FORMATS, Rendered, download_response, download_table, render
from .table import NOT_APPLICABLE, Column, Kind, ReportError, ReportTable, cell_text

__all__ = [
    "DOWNLOAD_FORMATS",
    "FORMATS",
    "NOT_APPLICABLE",
    "TABLE_FORMATS",
    "Box",
    "Column",
    "Heading",
    "Kind",
    "Paper",
    "Poster",
    "Rendered",
    "Report",
    "ReportError",
    "ReportTable",
    "cell_text",
    "download_response",
    "download_table",
    "render",
    "render_poster",
]
