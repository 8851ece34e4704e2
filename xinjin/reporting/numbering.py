"""Numbers of headings as official documents write them: 一、 （一） 1. （1）."""

_DIGITS = "零一二三四五六七八九"


class Numbering:
    """Counts headings; a heading of a higher level starts the lower ones anew."""

    def __init__(self) -> None:
        self._counts: list[int] = []

    def next(self, level: int) -> str:
        """The number of the next heading of this level (1 to 4), with its punctuation."""
        self._counts = [*self._counts, *[0] * (level - len(self._counts))][:level]
        self._counts[-1] += 1
        count = self._counts[-1]
        return (f"{chinese(count)}、", f"（{chinese(count)}）", f"{count}.", f"（{count}）")[level - 1]


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[units] if units or not head else "")
