"""Breaking of long titles into lines of like length, because a last line of two characters looks like a mistake."""

import math
from collections.abc import Sequence

from .text import width_of

_NOT_BEFORE = frozenset("，。、；：？！”’）》」』〕】%年月日季度号的")
_IN_DATES = frozenset("年月至")
# Words that are read at one glance.
_WHOLE = ("矛盾纠纷", "排查", "化解", "情况", "治安", "形势", "分析", "通报")
_NOT_AFTER = frozenset("“‘（《「『〔【第关于对和与及")


def balanced_lines(title: str, per_line: float) -> list[str]:
    """The lines of a title on a line of `per_line` em. Line breaks in the title win over our own."""
    return [line for part in title.split("\n") for line in _balanced(part, per_line)]


def _balanced(title: str, per_line: float) -> Sequence[str]:
    count = math.ceil(width_of(title) / per_line)
    if count < 2:
        return [title]
    target = width_of(title) / count
    best = min(range(1, len(title)), key=lambda at: _cost(title, at, target, per_line))
    return [title[:best], *_balanced(title[best:], per_line)]


def _cost(title: str, at: int, target: float, per_line: float) -> float:
    width, before, after = width_of(title[:at]), title[at - 1], title[at]
    cost = abs(width - target)
    if width > per_line:
        cost += 1000
    # “一村一警” is one word: a quotation is not torn apart when that can be helped.
    if title[:at].count("“") > title[:at].count("”") or title[:at].count("《") > title[:at].count("》"):
        cost += 5
    if (before.isascii() and after.isascii()) or after in _NOT_BEFORE:
        cost += 100
    if any(title.find(word, max(0, at - len(word) + 1), at + len(word) - 1) >= 0 for word in _WHOLE):
        cost += 20
    if before in _NOT_AFTER or (before in _IN_DATES and after.isdigit()):
        cost += 10
    return cost
