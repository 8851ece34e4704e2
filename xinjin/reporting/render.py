"""One door to the five formats."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header

from .document import Document
from .table import ReportError, ReportTable, Text
from .text import clean_text

_LONGEST_NAME = 80  # characters; file systems count bytes, three to a Chinese character
_UNSAFE_IN_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\s]+')

# Renderer by format, imported on first use: the libraries are large and most requests need none of them.
_CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
FORMATS = tuple(_CONTENT_TYPES)
# What people download; HTML is for pages.
DOWNLOAD_FORMATS = ("xlsx", "pdf", "docx", "csv")
# Of a table that is no document of its own.
TABLE_FORMATS = ("xlsx", "csv")


@dataclass(frozen=True)
class Rendered:
    """A file in memory."""

    content: bytes
    content_type: str
    filename: str


def render(document: Document, file_format: str, *, stem: Text = "") -> Rendered:
    """Render a report or a lone table as html, csv, xlsx, docx or pdf.

    Files are always in Chinese, whatever the reader's language: they are official documents. HTML follows the
    language in force. The file is called `stem`, or the title. Raises ReportError for an unknown format and for
    documents that cannot be rendered as described.
    """
    if file_format not in _CONTENT_TYPES:
        raise ReportError(f"unknown format {file_format!r}")
    language = translation.get_language() if file_format == "html" else "zh-hans"
    with translation.override(language):
        renderer: Callable[[Document], bytes] = getattr(
            import_module(f"{__package__}.{file_format}"), f"render_{file_format}"
        )
        content = renderer(document)
        return Rendered(content, _CONTENT_TYPES[file_format], file_name(stem or document.title, file_format))


def download_response(rendered: Rendered) -> HttpResponse:
    """The file as a download, with its Chinese name (RFC 5987), never kept by a cache."""
    response = HttpResponse(rendered.content, content_type=rendered.content_type)
    response["Content-Disposition"] = content_disposition_header(True, rendered.filename)
    response["Cache-Control"] = "no-store, private"
    return response


def download_table(table: ReportTable, file_format: str) -> HttpResponse:
    """A table of a page as a file; 404 for a format in which it is not handed out."""
    if file_format not in TABLE_FORMATS:
        raise Http404
    return download_response(render(table, file_format))


def file_name(stem: Text, extension: str) -> str:
    """A name that every system takes."""
    name = _UNSAFE_IN_NAME.sub("_", clean_text(stem).replace("\n", "")).strip("._ ")
    return f"{name[:_LONGEST_NAME] or 'report'}.{extension}"
