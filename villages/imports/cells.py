"""What stands in a cell, and what it means. Pure: each reader takes a Cell and gives a value or raises CellError.

People fill tables by hand: with full-width digits, spaces of all kinds, dates as Excel dates or as texts, codes whose
zeros Excel ate, labels in either language. What has one meaning is read; what could have two is refused.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

# Everything that Unicode calls a space or that has no width; str.strip() knows the first only.
_EDGES = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$")
_HAN = "[\u2e80-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff]"
_BETWEEN_HAN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?")
_DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SEPARATORS = re.compile(r"[、,，;；/|\n]+")
_EXCEL_ERRORS = ("#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_SHOWN = 60


class CellError(Exception):
    """The cell cannot be read; the argument says why, in the reader's language."""


@dataclass(frozen=True)
class Cell:
    """A value as the file gives it: text, number, date, truth or nothing; `zeros` is the width of a format "00000"."""

    value: Any = None
    zeros: int = 0
    is_formula: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether a person would call it empty."""
        return not self.is_formula and self.text == ""

    @property
    def is_number(self) -> bool:
        """Whether Excel holds it as a number, so that zeros in front may be lost."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def text(self) -> str:
        """The value as a person reads it in the table."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d}" if value.time() == datetime.min.time() else f"{value:%Y-%m-%d %H:%M}"
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        text = str(value)
        return _EDGES.sub("", text.zfill(self.zeros) if self.is_number else text)

    @property
    def shown(self) -> str:
        """The text for a list of mistakes: on one line and not too long."""
        text = "".join(character if character.isprintable() else " " for character in self.text)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


Reader = Callable[[Cell], Any]


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as the keyboard has them."""
    return unicodedata.normalize("NFKC", text)


def plain(cell: Cell) -> str:
    """The text of a cell; refuses formulas, Excel's errors and characters that no field can hold."""
    text = cell.text
    if cell.is_formula or text.startswith("="):
        raise CellError(_("This is a formula: give its value."))
    if text in _EXCEL_ERRORS:
        raise CellError(_("This is an error of Excel: give the value."))
    text = re.sub(r"[\r\n\t\v\f\x85\u2028\u2029]+", " ", text)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise CellError(_("It contains characters that cannot be stored."))
    return text


def text(cell: Cell) -> str:
    """Any text, as it is."""
    return plain(cell)


def name(cell: Cell) -> str:
    """A name; spaces between Chinese characters only align a table, so "李　伟" is 李伟."""
    return _BETWEEN_HAN.sub("", plain(cell))


def code(cell: Cell) -> str:
    """Digits and letters: a number of a person, a code, a phone; never calculated with."""
    found = half_width(plain(cell)).replace(" ", "").lstrip("'")
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", found, re.I):
        raise CellError(_("Excel has shortened this number: format the cell as text and enter it again."))
    return found


def whole(cell: Cell) -> int | None:
    """A number of persons or households."""
    found = half_width(plain(cell)).replace(",", "").replace(" ", "").removesuffix(".0")
    if found == "":
        return None
    if not re.fullmatch(r"[0-9]{1,9}", found):
        raise CellError(_("A whole number is needed, such as 120."))
    return int(found)


def day(cell: Cell) -> date | None:
    """A day: an Excel date, its serial number, or a text such as 2024-03-01, 2024年3月1日, 20240301."""
    value = cell.value
    if isinstance(value, datetime):
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    found = half_width(plain(cell))
    if found == "":
        return None
    match = _DATE.fullmatch(found) or _DIGITS_DATE.fullmatch(found)
    if match is not None:
        try:
            return _within(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError as error:
            raise CellError(_("There is no such day.")) from error
    if cell.is_number and re.fullmatch(r"[2-7]\d{4}", found):
        return date(1899, 12, 30) + timedelta(days=int(found))
    raise CellError(_("A day is needed, such as 2024-03-01."))


def _within(found: date) -> date:
    if not EARLIEST <= found <= LATEST:
        raise CellError(_("There is no such day."))
    return found


def flag(cell: Cell) -> bool | None:
    """Yes or no, in either language or as a mark."""
    found = half_width(plain(cell)).casefold()
    if found == "":
        return None
    if found in ("是", "有", "y", "yes", "true", "1", "√", "✓", "✔"):
        return True
    if found in ("否", "无", "n", "no", "false", "0", "×", "✗"):
        return False
    raise CellError(_("Yes or no is needed."))


@cache
def spoken(choices: Any) -> dict[str, str]:
    """{label in any language of the product, or the code itself: code}, written small and half-width."""
    found: dict[str, str] = {}
    pairs = choices.choices
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {half_width(str(label)).casefold(): value for value, label in pairs}
    return found | {value.casefold(): value for value, _label in pairs}


def choice(choices: Any) -> Reader:
    """One of `choices` by its label."""

    def read(cell: Cell) -> str | None:
        found = half_width(plain(cell)).casefold()
        if found == "":
            return None
        value = spoken(choices).get(found)
        if value is None:
            allowed = _(", ").join(str(label) for label in choices.labels)
            raise CellError(_("One of these is needed: %(allowed)s.") % {"allowed": allowed})
        return value

    return read


def several(choices: Any) -> Reader:
    """Any of `choices` by their labels, with 、 or a comma between them; in the order of the choices."""

    def read(cell: Cell) -> list[str]:
        wanted = [part.strip() for part in _SEPARATORS.split(plain(cell)) if part.strip()]
        known = spoken(choices)
        unknown = [part for part in wanted if half_width(part).casefold() not in known]
        if unknown:
            allowed = _(", ").join(str(label) for label in choices.labels)
            message = _("Not known: %(unknown)s. Allowed are: %(allowed)s.")
            raise CellError(message % {"unknown": _(", ").join(unknown)[:_SHOWN], "allowed": allowed})
        named = {known[half_width(part).casefold()] for part in wanted}
        return [value for value in choices.values if value in named]

    return read
