"""The draft of a briefing, in Chinese whatever the reader's language: it hangs in the village. Pure.

Numbers below ten are said in words, a change in per cent only of numbers that bear it, and what is not known is said
to be unknown. No name of a person and no place can get in: it is made of counts and of the brigade's texts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from patrols.briefings.figures import Figures, of_category, total
from patrols.choices import IncidentCategory
from villages.choices import VillageKind
from villages.models import Village
from xinjin.periods import Week

IN_WORDS_BELOW = 10
PERCENT_FROM = 20  # a smaller number makes a great share of a small difference
MOST_STANDING_OUT = 3


@dataclass(frozen=True)
class Change:
    """From one known number to another."""

    now: int
    then: int

    @property
    def percent(self) -> int | None:
        """The change in per cent, where the number before bears it."""
        if self.then < PERCENT_FROM:
            return None
        return round(100 * abs(self.now - self.then) / self.then)


def draft(village: Village, figures: Figures, advice: Iterable[str]) -> str:
    """The text that the officer starts from."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [_("To all residents of %(village)s:") % {"village": village.name}, situation(village, figures)]
        lines = list(advice)
        if lines:
            parts.append(_("Please take care:"))
            parts += [_("%(number)s. %(text)s") % {"number": n, "text": text} for n, text in enumerate(lines, start=1)]
        parts.append(_("When you notice anything suspicious, call 110 at once or tell the police of your village."))
        return "\n".join(parts)


def standing_out(figures: Figures) -> list[IncidentCategory]:
    """The categories that rose against either week known, the greatest rise first; else the most frequent one."""
    if figures.counts is None:
        return []
    counts = figures.counts
    happened = [category for category in IncidentCategory if counts.get(category, 0) > 0]
    risen = [category for category in happened if _rise(figures, category) > 0]
    risen.sort(key=lambda category: (-_rise(figures, category), -counts[category]))
    return risen[:MOST_STANDING_OUT] or sorted(happened, key=lambda category: -counts[category])[:1]


def _rise(figures: Figures, category: str) -> int:
    now = of_category(figures.counts, category) or 0
    known = [of_category(counts, category) for counts in (figures.before, figures.year_before)]
    return max((now - then for then in known if then is not None), default=0)


def situation(village: Village, figures: Figures) -> str:
    """What happened in the week told of, in the language in force."""
    here = _("our village") if village.kind == VillageKind.VILLAGE else _("our community")
    week = _days(figures.week)
    now = total(figures.counts)
    if figures.counts is None or now is None:
        return _("For last week (%(week)s) there are no figures on incidents.") % {"week": week}
    told = {"week": week, "here": here, "count": number(now), "changes": "，".join(_changes(now, figures))}
    if now == 0:
        return _("Last week (%(week)s) no incident was reported in %(here)s, %(changes)s.") % told
    first = _("Last week (%(week)s) %(count)s incidents were reported in %(here)s, %(changes)s.") % told
    return first + _("Among them: %(categories)s.") % {"categories": "；".join(_categories(figures))}


def _changes(now: int, figures: Figures) -> list[str]:
    before, year_before = total(figures.before), total(figures.year_before)
    return [
        compare(now, before, _("the week before")),
        compare(now, year_before, _("the same week of last year")),
    ]


def compare(now: int, then: int | None, what: str) -> str:
    """How a number stands to an earlier one, in words."""
    if then is None:
        return _("no figures of %(what)s") % {"what": what}
    change = Change(now, then)
    told = {"what": what, "count": number(abs(now - then)), "percent": change.percent}
    if now == then:
        return _("as many as %(what)s") % told
    if change.percent is None:
        return (_("%(count)s more than %(what)s") if now > then else _("%(count)s fewer than %(what)s")) % told
    if now > then:
        return _("%(count)s more than %(what)s (%(percent)s%%)") % told
    return _("%(count)s fewer than %(what)s (%(percent)s%%)") % told


def _categories(figures: Figures) -> list[str]:
    """What happened, by category; with the earlier numbers where it stands out."""
    told_in_full, lines = standing_out(figures), []
    for category in IncidentCategory:
        now = of_category(figures.counts, category)
        if not now:
            continue
        then = [_then(of_category(figures.before, category), _("the week before"))]
        then.append(_then(of_category(figures.year_before, category), _("the same week of last year")))
        known = [text for text in then if text and category in told_in_full]
        told = {"category": category.label, "count": number(now), "then": "，".join(known)}
        lines.append((_("%(category)s %(count)s (%(then)s)") if known else _("%(category)s %(count)s")) % told)
    return lines


def _then(count: int | None, what: str) -> str:
    """An earlier number of a category; what is unknown was said of the whole already."""
    if count is None:
        return ""
    if count == 0:
        return _("%(what)s none") % {"what": what}
    return _("%(what)s %(count)s") % {"what": what, "count": number(count)}


def number(count: int) -> str:
    """A number as a sentence has it."""
    words: Sequence[str] = _("zero one two three four five six seven eight nine").split()
    return words[count] if count < IN_WORDS_BELOW else str(count)


def _days(week: Week) -> str:
    first, last = week.start, week.end
    days = {"m1": first.month, "d1": first.day, "m2": last.month, "d2": last.day}
    return _("%(m1)s/%(d1)s to %(m2)s/%(d2)s") % days
