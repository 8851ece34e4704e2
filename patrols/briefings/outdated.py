"""Whether a stored draft tells of figures that have been corrected since. Pure.

Officers write their own words into a draft, so only clauses of the proposal's own making are judged: one that says the
same as the proposal might say it, with another number or another comparison, is outdated.
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from patrols.briefings.figures import Counts, Figures
from patrols.briefings.wording import IN_WORDS_BELOW, PERCENT_FROM, number, situation
from patrols.choices import IncidentCategory
from villages.models import Village

CLAUSES = re.compile(r"[，；。：（）()、\n]")


def says_otherwise(text: str, village: Village, figures: Figures) -> bool:
    """Whether some clause of the text stands against what the proposal says now."""
    with translation.override(settings.LANGUAGE_CODE):
        now = _clauses(situation(village, figures))
        known = {_shape(clause) for each in _thinkable(figures) for clause in _clauses(situation(village, each))}
        return any(clause not in now and _shape(clause) in known for clause in _clauses(text))


def _clauses(text: str) -> set[str]:
    return {clause.strip() for clause in CLAUSES.split(text) if clause.strip()}


def _shape(clause: str) -> str:
    """The clause without its numbers."""
    words = "".join(number(digit) for digit in range(IN_WORDS_BELOW))
    return re.sub(rf"\d+|[{words}]", "#", clause)


def _thinkable(figures: Figures) -> Iterable[Figures]:
    """Figures of the week that lead to every way of saying it: unknown, none, as many, more, fewer, in per cent."""
    few, many = _all(1), _all(PERCENT_FROM)
    for now, then in ((None, None), (_all(0), few), (few, None), (few, few), (few, _all(2)), (_all(2), few)):
        yield Figures(figures.week, now, then, then)
    for now, then in ((many, _all(PERCENT_FROM + 1)), (_all(PERCENT_FROM + 1), many), (few, _all(0))):
        yield Figures(figures.week, now, then, then)


def _all(count: int) -> Counts:
    return dict.fromkeys(IncidentCategory.values, count)
