"""Pinyin and initials of names, stored beside them for sorting and search (PostgreSQL cannot sort Chinese here)."""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Readings that a character has as a surname and the dictionary gets wrong.
SURNAMES = {
    "曾": "zeng", "仇": "qiu", "解": "xie", "盖": "ge", "朴": "piao", "查": "zha", "单": "shan", "区": "ou",
    "任": "ren", "尉": "yu", "尹": "yin", "缪": "miao", "晁": "chao", "翟": "zhai", "乐": "yue", "员": "yun",
    "冼": "xian", "黑": "he", "秘": "bi", "折": "she", "卜": "bu", "种": "chong", "繁": "po", "纪": "ji",
    "召": "shao", "祭": "zhai", "覃": "qin", "不": "fou", "适": "kuo", "洗": "xian",
}  # fmt: skip

# Compound surnames that are read otherwise than character by character. 欧阳, 司马 and others read as they are written.
COMPOUND = {
    "万俟": ("mo", "qi"), "尉迟": ("yu", "chi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "乐正": ("yue", "zheng"), "鲜于": ("xian", "yu"), "亓官": ("qi", "guan"),
    "夏侯": ("xia", "hou"), "拓跋": ("tuo", "ba"), "宰父": ("zai", "fu"), "令狐": ("ling", "hu"),
    "欧阳": ("ou", "yang"), "司马": ("si", "ma"), "皇甫": ("huang", "fu"), "呼延": ("hu", "yan"),
    "濮阳": ("pu", "yang"), "淳于": ("chun", "yu"), "宇文": ("yu", "wen"), "慕容": ("mu", "rong"),
}  # fmt: skip

# In names of this district, and in no dictionary.
RARE = {"𠮷": "ji"}
UNKNOWN = re.compile(r"[0-9A-Za-z]+|[^\s·•・]")


@lru_cache(maxsize=50_000)
def spell(text: str, *, person: bool = False) -> tuple[str, str]:
    """(full pinyin without spaces, initials), lower case; a person's name begins with a surname.

    Two characters are a surname and a given name: 单于 alone is Shan Yu, 单于某 is Chanyu. A character that no
    dictionary knows stands for itself, so that it is found by being typed.
    """
    surname = _surname(text) if person else ()
    rest = text[len(surname) :]
    syllables = [*surname, *(part.lower() for part in lazy_pinyin(rest, style=Style.NORMAL, errors=_unknown))]  # type: ignore[arg-type]
    full = "".join("".join(syllable.split()) for syllable in syllables)
    return full[:200], "".join(syllable[:1] for syllable in syllables)[:50]


def _unknown(characters: str) -> list[str]:
    """What no dictionary knows, as it will be typed: a word of Latin letters whole, others one by one."""
    return [RARE.get(part, part) for part in UNKNOWN.findall(characters)]


def _surname(name: str) -> tuple[str, ...]:
    """The readings of the surname where they are not the dictionary's."""
    if len(name) > 2 and name[:2] in COMPOUND:
        return COMPOUND[name[:2]]
    return (SURNAMES[name[0]],) if name[:1] in SURNAMES else ()
