"""DOCX after GB/T 9704-2012: an official document that the office can go on editing in Word or WPS."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import docx as python_docx

from . import paper
from .document import Document
from .docx_imprint import imprint_element
from .docx_page import first_section, prepare, section_like
from .docx_table import inline_elements, sheet_elements
from .docx_text import BODY, EIGHTHS, HEADING, RED, SUBHEADING, TITLE, element, paragraph, run
from .layout import Layout, Sheet, Signature, TextLine, lay_out
from .wording import attachment_list_lead

_FONT_OF_LEVEL = {0: BODY, 1: HEADING, 2: SUBHEADING, 3: BODY, 4: BODY}
_NO_DATE = datetime(2000, 1, 1)


def render_docx(document: Document) -> bytes:
    """The DOCX; the same document always gives the same bytes."""
    layout = lay_out(document)
    made = python_docx.Document()
    prepare(made)
    section = first_section(made)
    for item in _elements(layout, section):
        section.addprevious(item)
    properties = made.core_properties
    properties.title, properties.author = layout.title, layout.author
    day = datetime.combine(document.issued_on, time()) if document.issued_on else _NO_DATE
    properties.created = properties.modified = day
    properties.comments = properties.keywords = properties.last_modified_by = ""
    buffer = io.BytesIO()
    made.save(buffer)
    return _undated(buffer.getvalue())


def _elements(layout: Layout, section: Any) -> Iterator[Any]:
    """The paragraphs and tables in order; `section` is the last section's properties and pattern for the others."""
    is_landscape = False
    if layout.has_head:
        yield from _head(layout)
        yield from _body(layout)
        yield from _closing(layout)
    for index, sheet in enumerate(layout.sheets):
        is_first = index == 0 and not layout.has_head
        turns = sheet.is_landscape != is_landscape
        if turns and not is_first:
            yield _section_end(section_like(section, is_landscape=is_landscape))
        is_landscape = sheet.is_landscape
        yield from sheet_elements(sheet, page_break=not is_first and not turns)
    if is_landscape and layout.has_imprint:
        yield _section_end(section_like(section, is_landscape=True))
        is_landscape = False
        yield paragraph(line=1)  # without it LibreOffice anchors the imprint on the page before
    if layout.has_imprint:
        yield imprint_element(layout)
        yield paragraph(line=1)  # a floating table needs a paragraph to be anchored to
    _turn(section, is_landscape=is_landscape)


def _head(layout: Layout) -> Iterator[Any]:
    above, below = (0.0, 0) if layout.is_letter else (paper.points(paper.MARK_MM), 2)
    mark = run(layout.mark, font=TITLE, size=layout.mark_size, color=RED)
    yield paragraph(mark, align="center", before=above, line=layout.mark_size * 1.3)
    yield from (paragraph() for _ in range(below))
    border = element("pBdr")
    gap = round(paper.points(paper.RED_LINE_GAP_MM))
    border.append(element("bottom", val="single", sz=2 * EIGHTHS, space=gap, color=RED))
    yield paragraph(run(layout.number), align="center", extra=(border,))
    yield from (paragraph(), paragraph(line=paper.LINE_PITCH_PT / 2))
    for line in layout.title_lines:
        yield paragraph(run(line, font=TITLE, size=paper.SIZE_2), align="center", line=35)
    yield paragraph()
    if layout.addressees:
        yield paragraph(run(layout.addressees, on_grid=True))


def _body(layout: Layout) -> Iterator[Any]:
    for index, block in enumerate(layout.body):
        if isinstance(block, Sheet):
            yield from inline_elements(block)
        else:
            yield _text_line(block, is_last=index == len(layout.body) - 1)


def _text_line(block: TextLine, *, is_last: bool) -> Any:
    parts = [run(block.text, font=_FONT_OF_LEVEL[block.level], on_grid=True)]
    if block.run_in:
        parts.append(run(block.run_in, on_grid=True))
    # A heading stays with its text, and the signature must not stand alone on a page.
    keep = is_last or (block.level > 0 and not block.run_in)
    outline = block.level - 1 if block.level else None
    return paragraph(*parts, align="both", first_characters=2, keep_next=keep, outline=outline)


def _closing(layout: Layout) -> Iterator[Any]:
    lead = attachment_list_lead()
    for index, line in enumerate(layout.attachment_list):
        before = 0 if index else paper.LINE_PITCH_PT / 2
        # The second attachment starts below the first, not below the label.
        text, width = (line, 0.0) if index else (lead + line, len(lead) * paper.SIZE_3)
        left = 2 * paper.SIZE_3 + (len(lead) * paper.SIZE_3 if index else 0)
        yield paragraph(run(text, on_grid=True), before=before, left=left, hanging=width, keep_next=True)
    if layout.signature:
        yield from _signature(layout.signature)
    for note in layout.annotations:
        yield paragraph(run(note, on_grid=True), left=2 * paper.SIZE_3)
    for line in layout.fine_print:
        yield paragraph(run(line, size=paper.FINE_PRINT), line=16, before=4)


def _signature(signature: Signature) -> Iterator[Any]:
    yield paragraph(
        run(signature.issuer),
        align="right",
        before=paper.LINE_PITCH_PT,
        right=signature.issuer_right * paper.SIZE_3,
        keep_next=True,
    )
    yield paragraph(run(signature.day), align="right", right=signature.day_right * paper.SIZE_3)


def _section_end(properties: Any) -> Any:
    """A paragraph that ends a section; it takes a line of one point."""
    made = paragraph(line=1)
    made[0].append(properties)
    return made


def _turn(section: Any, *, is_landscape: bool) -> None:
    if is_landscape:
        section.getparent().replace(section, section_like(section, is_landscape=True))


def _undated(content: bytes) -> bytes:
    """The archive without the time of its making, so that equal documents are equal files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
