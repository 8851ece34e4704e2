"""PDF/A-2b by typst. Everything written by people goes in as data and is never read as markup."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from . import paper
from .document import Document
from .fonts import coverage, is_title_face_present, missing_characters, printable, stacks
from .layout import Layout, Sheet, lay_out
from .table import NOT_APPLICABLE
from .text import width_of
from .typesetting import typeset
from .wording import attachment_list_lead, missing_characters_note, note_lead

TEMPLATE = Path(__file__).with_name("report.typ")
_NO_DATE = date(2000, 1, 1)  # a table without a date of its own: the clock would change the bytes
# Tags for screen readers multiply the size of long tables by fifteen.
_MOST_TAGGED_CELLS = 2_000
_TALL_CELL = 12  # lines; a table with a taller cell lets rows break, or they would run off the page
_BREAK = "\u200b"
_WORD = re.compile("[!-~\u00a1-\u024f]+")
# Upper limits in em for both fonts of the wheel; the widest letter is W.
_WIDTHS = dict.fromkeys("abcdefghijklnopqrstuvxyz-_.:/", 0.67) | dict.fromkeys("0123456789", 0.58)
_WIDEST = 1.06
_BODY_WIDTH, _FINE_PRINT_WIDTH = 26.0, paper.TEXT_PT[0] / paper.FINE_PRINT  # em


def render_pdf(document: Document) -> bytes:
    """The PDF; the same document always gives the same bytes. Raises ReportError when typst cannot set it."""
    layout = lay_out(document)
    data, missing = _data(layout)
    if missing:
        data["fine_print"].append(printable(missing_characters_note(missing)))
    issued_on = document.issued_on or _NO_DATE
    data["issued_on"] = [issued_on.year, issued_on.month, issued_on.day]
    cells = sum(len(sheet["cells"]) for sheet in _sheets_of(data))
    return typeset(TEMPLATE, data, issued_on, is_tagged=cells <= _MOST_TAGGED_CELLS)


def _data(layout: Layout) -> tuple[dict[str, Any], set[str]]:
    """The template's data, and the characters in it that no font holds."""
    seen: set[str] = set()
    held = coverage()

    def text(value: str, width: float = _BODY_WIDTH) -> str:
        seen.update(value)
        return _breakable(printable(value, held), width)

    data: dict[str, Any] = {
        "paper": _measures(),
        "fonts": stacks(),
        "not_applicable": NOT_APPLICABLE,
        "thicken": not is_title_face_present(),
        "has_head": layout.has_head,
        "is_letter": layout.is_letter,
        "has_imprint": layout.has_imprint,
        "mark_size": layout.mark_size,
        "attachment_lead": text(attachment_list_lead()),
        "note_lead": text(note_lead()),
        "signature": None,
        "sheets": [_sheet(sheet, text) for sheet in layout.sheets],
        "body": [_block(block, text) for block in layout.body],
    }
    for name in ("title", "author", "mark", "number", "addressees", "copies", "printed_by", "printed"):
        data[name] = text(getattr(layout, name))
    for name in ("title_lines", "attachment_list", "annotations"):
        data[name] = [text(line) for line in getattr(layout, name)]
    data["fine_print"] = [text(line, _FINE_PRINT_WIDTH) for line in layout.fine_print]
    if layout.signature:
        signature = layout.signature
        data["signature"] = vars(signature) | {"issuer": text(signature.issuer), "day": text(signature.day)}
    return data, missing_characters("".join(seen))


def _block(block: Any, text: Callable[..., str]) -> dict[str, Any]:
    if isinstance(block, Sheet):
        return {"sheet": _sheet(block, text)}
    return {"level": block.level, "text": text(block.text), "run_in": text(block.run_in)}


def _sheet(sheet: Sheet, text: Callable[..., str]) -> dict[str, Any]:
    inset = 2 * paper.CELL_INSET_PT
    limits = [(width - inset) / sheet.size for width in sheet.widths]
    cells, has_tall_cell = [], False
    for row in sheet.table.cells():
        for cell, limit in zip(row, limits, strict=True):
            cells.append(text(cell, limit))
            has_tall_cell = has_tall_cell or _is_tall(cell, limit)
    headings = [text(label, limit) for label, limit in zip(sheet.headings, limits, strict=True)]
    return {
        "label": text(sheet.label),
        "title_lines": [text(line) for line in sheet.title_lines],
        "headings": headings,
        "alignments": list(sheet.alignments),
        "pads": list(sheet.pads),
        "widths": list(sheet.widths),
        "size": sheet.size,
        "is_landscape": sheet.is_landscape,
        "has_tall_cell": has_tall_cell,
        "cells": cells,
        "notes": [text(note) for note in sheet.notes],
        "signatories": [text(name) for name in sheet.signatories],
    }


def _is_tall(cell: str, width: float) -> bool:
    if len(cell) <= _TALL_CELL:
        return False
    return sum(1 + width_of(part) // width for part in cell.split("\n")) > _TALL_CELL


def _breakable(text: str, width: float) -> str:
    """The text with invisible breaks in words wider than `width` em, which would run into the next cell.

    Other words are left alone: the breaks would come along when a number or a hash is copied out of the PDF.
    """
    if len(text) <= width:
        return text
    return _WORD.sub(lambda word: _broken(word.group(), width), text)


def _broken(word: str, width: float) -> str:
    return _BREAK.join(word) if sum(_WIDTHS.get(letter, _WIDEST) for letter in word) > width else word


def _sheets_of(data: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [*data["sheets"], *chain(block["sheet"] for block in data["body"] if "sheet" in block)]


def _measures() -> dict[str, Any]:
    """The constants of `paper` by lower-case name."""
    return {name.lower(): value for name, value in vars(paper).items() if name.isupper()}
