"""Fonts of the PDF: those of REPORT_FONT_DIR first, then the two of the font wheel; never those of the system."""

import importlib.util
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from .cmap import characters_of
from .table import ReportError
from .wording import MISSING_MARK

WHEEL = "pylopdf_fonts_zh_cn"
_VARIATION_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")
# Names under which the faces of official documents are sold or installed; the first one found is used.
_SERIF, _SANS = ("Noto Serif SC",), ("Noto Sans SC",)
_WANTED = {
    "title": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXBSJW--GB1-0"),
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "STFangsong"),
    "heading": ("黑体", "SimHei", "方正黑体_GBK", "STHeiti"),
    "subheading": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "STKaiti"),
    "page": ("宋体", "SimSun", "方正书宋_GBK", "STSong"),
}
_FALLBACK = {"title": _SERIF, "body": _SERIF, "heading": _SANS, "subheading": _SERIF, "page": _SERIF}


def font_folders() -> tuple[str, ...]:
    """REPORT_FONT_DIR, when it is set, and the folder of the wheel. Raises ReportError when neither has fonts."""
    folders = [str(getattr(settings, "REPORT_FONT_DIR", "") or "")]
    spec = importlib.util.find_spec(WHEEL)
    folders.extend(spec.submodule_search_locations or () if spec else ())
    found = tuple(folder for folder in folders if folder and Path(folder).is_dir())
    if not found:
        raise ReportError("no fonts for the PDF: install the font wheel or set REPORT_FONT_DIR")
    return found


def compiler_fonts() -> typst.Fonts:
    """The fonts for the compiler; they are searched once for each set of folders."""
    return _compiler_fonts(font_folders())


def stacks() -> dict[str, list[str]]:
    """Font families by role, best first, ending with both families of the wheel."""
    present = set(compiler_fonts().families())
    rest = (*_SERIF, *_SANS)
    return {
        role: list(dict.fromkeys(name for name in (*names, *_FALLBACK[role], *rest) if name in present))
        for role, names in _WANTED.items()
    }


def is_title_face_present() -> bool:
    """Whether a real 小标宋 is at hand; otherwise titles are thickened."""
    return bool(set(_WANTED["title"]) & set(compiler_fonts().families()))


def missing_characters(text: str) -> set[str]:
    """The visible characters of the text that no font holds."""
    return {character for character in set(text) - coverage() if _stand_in(character) == MISSING_MARK}


def printable(text: str, held: frozenset[str] | None = None) -> str:
    """The text with nothing but characters that a font holds, and line breaks. `held` saves asking for `coverage()`.

    PDF/A forbids characters without a glyph, and some invisible ones crash the compiler: invisible ones are left
    out, odd spaces become plain ones, and the rest shows as 〓.
    """
    missing = set(text) - (coverage() if held is None else held)
    return text.translate({ord(character): _stand_in(character) for character in missing}) if missing else text


def coverage() -> frozenset[str]:
    """Every character that at least one font holds."""
    return _coverage(font_folders())


def _stand_in(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cf" or _VARIATION_SELECTORS.match(character):
        return ""
    return " " if category == "Zs" else MISSING_MARK


@lru_cache(maxsize=4)
def _compiler_fonts(folders: Sequence[str]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


@lru_cache(maxsize=4)
def _coverage(folders: Sequence[str]) -> frozenset[str]:
    covered: set[str] = set()
    for path in _font_files(folders):
        covered.update(characters_of(path))
    return frozenset(covered)


def _font_files(folders: Iterable[str]) -> Iterable[Path]:
    for folder in folders:
        yield from (path for path in sorted(Path(folder).rglob("*")) if path.suffix.lower() in _FONT_FILES)
