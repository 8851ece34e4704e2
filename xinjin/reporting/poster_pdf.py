"""A poster as PDF/A-2b by typst; what people wrote goes in as data and is never read as markup."""

from pathlib import Path
from typing import Any

from .fonts import coverage, is_title_face_present, missing_characters, printable, stacks
from .poster import Poster
from .table import Text
from .text import clean_text
from .typesetting import typeset
from .wording import missing_characters_note

TEMPLATE = Path(__file__).with_name("poster.typ")


def set_poster(poster: Poster) -> bytes:
    """The file; the same poster always gives the same bytes."""
    held = coverage()
    seen: set[str] = set()

    def text(value: Text) -> str:
        cleaned = clean_text(value)
        seen.update(cleaned)
        return printable(cleaned, held)

    data: dict[str, Any] = {
        "paper": str(poster.paper),
        "fonts": stacks(),
        "thicken": not is_title_face_present(),
        "issued_on": [poster.issued_on.year, poster.issued_on.month, poster.issued_on.day],
        "title": text(poster.title),
        "subtitle": text(poster.subtitle),
        "lead": text(poster.lead),
        "boxes": [{"label": text(b.label), "value": text(b.value), "hint": text(b.hint)} for b in poster.boxes],
        "paragraphs": [text(paragraph) for paragraph in poster.paragraphs],
        "foot": [text(line) for line in poster.foot],
    }
    missing = missing_characters("".join(seen))
    data["fine_print"] = printable(missing_characters_note(missing), held) if missing else ""
    return typeset(TEMPLATE, data, poster.issued_on, is_tagged=True)
