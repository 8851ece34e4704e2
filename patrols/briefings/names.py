"""Whom a briefing must not name (R8): residents of the village whom the system knows.

Numbers of a person are found by their form (`nobody_named`), names only by comparing. A name of two characters may be
an ordinary word, and shops and bodies are parties too: what is refused is what can only be a person.
"""

from patrols.models import CaseParty
from villages.models import Household, Village
from villages.pinyin import COMPOUND

# How the names of shops, bodies and groups end.
BODIES = "社会部店厂司所院校站馆局队组户场行"


def is_surely_a_person(name: str) -> bool:
    """Three characters, a compound surname with two, or a name with a dot, unless it ends as a body does."""
    is_long_enough = len(name) == 3 or "·" in name or len(name) == 4 and name[:2] in COMPOUND
    return is_long_enough and name[-1] not in BODIES


def residents_named(village: Village, text: str) -> list[str]:
    """The residents of the village whose names stand in the text; two queries."""
    names = set(Household.objects.filter(village=village).values_list("head_name", flat=True))
    names |= set(CaseParty.objects.filter(case__village=village).values_list("name", flat=True))
    plain = "".join(text.split())
    return sorted(name for name in names if is_surely_a_person(name) and name in plain)
