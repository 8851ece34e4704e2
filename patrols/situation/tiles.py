"""The situation at a glance: a few figures, each opening its rows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from patrols.situation.addresses import address
from patrols.situation.figures import Situation
from patrols.situation.wording import change_words


@dataclass(frozen=True)
class Tile:
    """A figure, the address of its rows, and how it is to be taken."""

    label: str
    value: str
    url: str
    hint: str = ""
    tone: str = ""


def situation_tiles(found: Situation) -> list[Tile]:
    """Incidents, disputes, open risks, base information."""
    return [
        _incidents(found),
        _tile(found, "opened", _("Disputes opened"), _("%(count)s the month before"), "opened_before"),
        _tile(found, "resolved", _("Disputes resolved"), _("%(count)s the month before"), "resolved_before"),
        _risk(found, "red", _("Red cases open")),
        _risk(found, "orange", _("Orange cases open")),
        _risk(found, "overdue", _("Cases past their day")),
        _tile(found, "changes", _("Base-info changes"), _("%(count)s forwarded"), "forwarded"),
    ]


def council_tiles(found: Situation) -> list[Tile]:
    """Councils held, villages without one, what became of measures."""
    figures = found.figures
    return [
        _tile(found, "councils", _("Councils held")),
        Tile(
            _("Villages without council"),
            str(figures.of("without")),
            address("without", found.scope, found.month),
            _("of %(count)s") % {"count": figures.of("villages")},
            "" if found.is_running or not figures.of("without") else "warn",
        ),
        _tile(found, "measures", _("Measures agreed on"), _("%(count)s done"), "measures.done"),
        _risk(found, "measures_overdue", _("Measures past their day")),
    ]


def _incidents(found: Situation) -> Tile:
    figures = found.figures
    number = figures.incidents()
    if number is None:
        return Tile(_("Incidents"), "—", "", _("not imported"), "")
    hint = _("by the week %(change)s") % {"change": change_words(figures.change())}
    if figures.weeks_unknown:
        hint = _("%(count)s village weeks not imported") % {"count": figures.weeks_unknown}
    return Tile(_("Incidents"), str(number), address("incident.", found.scope, found.month), hint)


def _tile(found: Situation, key: str, label: str, hint: str = "", of: str = "") -> Tile:
    told = hint % {"count": found.figures.of(of)} if hint else ""
    return Tile(label, str(found.figures.of(key)), address(key, found.scope, found.month), told)


def _risk(found: Situation, key: str, label: str) -> Tile:
    number = found.figures.of(key)
    tone = "bad" if number and key != "orange" else "warn" if number else "ok"
    return Tile(label, str(number), address(key, found.scope, found.month), _as_of(found, key), tone)


def _as_of(found: Situation, key: str) -> str:
    """Measures stand as they are today, cases as at the end of a month that is over."""
    if key == "measures_overdue" or found.stands_on == found.day:
        return _("today")
    return _("on %(day)s") % {"day": found.stands_on.isoformat()}
