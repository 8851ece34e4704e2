"""Cleaning and measuring of text, the same for every format, so that their cells agree."""

import re
import unicodedata

# XLSX holds 32,767 UTF-16 units in a cell; longer text is cut everywhere, visibly, rather than in one format only.
MAX_CHARACTERS = 16_000

_NEWLINES = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# What XML cannot hold, what has no meaning on paper (controls, byte order marks, noncharacters), and the marks that
# reorder text on the screen: with those, a cell could be made to read differently from what is stored.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\u202a-\u202e"
    "\u2066-\u2069" + "".join(chr((plane << 16) + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)) + "]"
)
_WIDE = frozenset("WFA")


def clean_text(value: object) -> str:
    """`str(value)` with one kind of line break, no tabs, and without characters that some format could not hold."""
    text = _NEWLINES.sub("\n", str(value)).replace("\t", " ")
    text = _UNWANTED.sub("", text)
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def width_of(text: str) -> float:
    """Width of the longest line in em, that is, in Chinese characters; Latin letters and digits count half."""
    return max(sum(_character_width(character) for character in line) for line in text.split("\n"))


def _character_width(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in _WIDE else 0.5
