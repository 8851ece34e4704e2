"""Pinyin and initials of names, stored beside them for sorting and search (PostgreSQL cannot sort Chinese here)."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Readings that a character has as a surname and the dictionary gets wrong.
SURNAMES = {
    "曾": "zeng", "仇": "qiu", "解": "xie", "盖": "ge", "朴": "piao", "查": "zha", "单": "shan", "区": "ou",
    "任": "ren", "尉": "yu", "尹": "yin", "缪": "miao", "晁": "chao", "翟": "zhai", "乐": "yue", "员": "yun",
    "冼": "xian", "黑": "he", "秘": "bi", "折": "she", "卜": "bu", "种": "chong", "繁": "po", "纪": "ji",
    "召": "shao", "祭": "zhai", "覃": "qin", "不": "fou", "适": "kuo", "洗": "xian",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def spell(text: str, *, person: bool = False) -> tuple[str, str]:
    """(full pinyin without spaces, initials), lower case; a person's first character is read as a surname."""
    syllables = [part.lower() for part in lazy_pinyin(text, style=Style.NORMAL)]
    if person and text[:1] in SURNAMES:
        syllables[0] = SURNAMES[text[0]]
    full = "".join("".join(syllable.split()) for syllable in syllables)
    return full[:200], "".join(syllable[:1] for syllable in syllables)[:50]
