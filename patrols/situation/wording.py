"""The situation in sentences: the draft of what a council hears, and the text of the analysis. No person is named."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from patrols.choices import IncidentCategory, MeasureState
from patrols.models import CouncilMeasure
from patrols.situation.figures import FEW, Figures, Situation
from xinjin.periods import Month

# Of categories, so many are named in a sentence.
NAMED = 3


def month_words(month: Month) -> str:
    """The month as a document writes it: 2026年3月."""
    return _("%(month)s/%(year)s") % {"month": month.number, "year": month.year}


def change_words(change: Decimal | None) -> str:
    """How much more or less, or a dash when it cannot be said."""
    if change is None:
        return "—"
    percent = int(change * 100)
    return f"{percent:+d}%" if percent else "0%"


def draft(found: Situation, carried: Iterable[CouncilMeasure] = ()) -> str:
    """What the council may be told, made of the figures; its writer changes it as he likes."""
    lines = [*sentences(found.figures, found.month), measures_sentence(list(carried))]
    return "\n".join(line for line in lines if line)


def sentences(figures: Figures, month: Month) -> list[str]:
    """Incidents, disputes, risks, base information: a sentence each."""
    return [
        incidents_sentence(figures, month),
        disputes_sentence(figures),
        risks_sentence(figures),
        base_info_sentence(figures),
    ]


def incidents_sentence(figures: Figures, month: Month) -> str:
    """How many incidents, how they changed, and which there were most; unknown weeks are said, never read as none."""
    number = figures.incidents()
    if number is None:
        return _("Incidents of %(month)s: not imported.") % {"month": month_words(month)}
    parts = [_("Incidents of %(month)s: %(count)s") % {"month": month_words(month), "count": number}]
    change = figures.change()
    if change is not None:
        parts.append(_("by the week %(change)s against the month before") % {"change": change_words(change)})
    ranked = sorted(IncidentCategory, key=lambda each: -(figures.incidents(each.value) or 0))
    most = [f"{each.label} {figures.incidents(each.value)}" for each in ranked if figures.incidents(each.value)]
    if most:
        parts.append(_("mostly %(categories)s") % {"categories": _(", ").join(most[:NAMED])})
    told = _("; ").join(parts)
    if figures.weeks_unknown:
        told += _(" (%(count)s village weeks not imported)") % {"count": figures.weeks_unknown}
    return told + _(".")


def disputes_sentence(figures: Figures) -> str:
    """Disputes opened and resolved, beside those of the month before."""
    told = _("Disputes: %(opened)s opened (%(before)s the month before), %(resolved)s resolved.") % {
        "opened": figures.of("opened"),
        "before": figures.of("opened_before"),
        "resolved": figures.of("resolved"),
    }
    named = [
        f"{each.label} {figures.of(f'opened.{each.value}')}"
        for each in sorted(figures.dispute_categories, key=lambda each: -figures.of(f"opened.{each.value}"))
        if figures.of(f"opened.{each.value}")
    ]
    return told + (_(" Opened: %(categories)s.") % {"categories": _(", ").join(named[:NAMED])} if named else "")


def risks_sentence(figures: Figures) -> str:
    """What is unresolved and pressing today."""
    if not any(figures.of(key) for key in ("red", "orange", "overdue")):
        return _("Open risks: no red or orange case, none past its day.")
    return _("Open risks: red %(red)s, orange %(orange)s, past its day %(overdue)s.") % {
        key: figures.of(key) for key in ("red", "orange", "overdue")
    }


def base_info_sentence(figures: Figures) -> str:
    """Base-info changes found, and how many of them were forwarded."""
    return _("Base-info changes: %(found)s found, %(forwarded)s of them forwarded.") % {
        "found": figures.of("changes"),
        "forwarded": figures.of("forwarded"),
    }


def measures_sentence(measures: list[CouncilMeasure]) -> str:
    """What has become of the measures of earlier councils; empty when there are none."""
    if not measures:
        return ""
    done = sum(measure.state == MeasureState.DONE for measure in measures)
    still_open = sum(measure.is_open for measure in measures)
    return _("Measures of earlier councils: %(count)s; done %(done)s, dropped %(dropped)s, open %(open)s.") % {
        "count": len(measures),
        "done": done,
        "dropped": len(measures) - done - still_open,
        "open": still_open,
    }


def councils_sentence(figures: Figures) -> str:
    """How many villages held their council, and what became of the month's measures."""
    villages = figures.of("villages")
    held = _("Councils: %(held)s held.")
    if villages > 1:
        held = _("Councils: %(held)s held, %(without)s of %(villages)s villages without one.")
    told = held + _(" Measures agreed on: %(measures)s, done %(done)s; past their day: %(overdue)s.")
    return told % {
        "held": figures.of("councils"),
        "without": figures.of("without"),
        "villages": villages,
        "measures": figures.of("measures"),
        "done": figures.of("measures.done"),
        "overdue": figures.of("measures_overdue"),
    }


def notes(found: Situation) -> list[str]:
    """What a reader must know of the figures."""
    counted, figures = found.month.counted, found.figures
    told = [
        _(
            "Incidents and councils are counted in the whole weeks of the month, %(start)s to %(end)s; cases and "
            "base-info changes by its days. Open risks stand as of %(day)s."
        )
        % {"start": counted.start.isoformat(), "end": counted.end.isoformat(), "day": found.stands_on.isoformat()},
        _(
            "Months have four or five weeks: the change compares the average of the weeks that are known. "
            "Against fewer than %(few)s incidents none is given."
        )
        % {"few": FEW},
    ]
    if figures.weeks_unknown or figures.weeks_unknown_before:
        told.append(
            _("Village weeks not imported: %(now)s of %(weeks)s, and %(before)s of %(weeks_before)s the month before.")
            % {
                "now": figures.weeks_unknown,
                "weeks": figures.of("weeks"),
                "before": figures.weeks_unknown_before,
                "weeks_before": figures.of("weeks_before"),
            }
        )
    if found.is_running:
        told.append(_("The month is not over."))
    return told
