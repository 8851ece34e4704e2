"""The situation as tables, the same for page, files and document. On the page each figure opens its rows."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import IncidentCategory
from patrols.situation.addresses import address
from patrols.situation.counting import BY_STATION
from patrols.situation.figures import Figures, Line, Situation, levels_and_labels
from patrols.situation.scope import Scope
from patrols.situation.wording import month_words
from villages.models import Unit
from xinjin.reporting import Column, Kind, ReportTable

# The figures of the roll-up: key, heading.
ROLLED_UP = (
    ("opened", gettext_lazy("Disputes opened")),
    ("resolved", gettext_lazy("Resolved")),
    ("red", gettext_lazy("Red")),
    ("orange", gettext_lazy("Orange")),
    ("overdue", gettext_lazy("Past its day")),
    ("changes", gettext_lazy("Base info found")),
    ("forwarded", gettext_lazy("Forwarded")),
    ("councils", gettext_lazy("Councils")),
    ("without", gettext_lazy("Without council")),
    ("measures", gettext_lazy("Measures")),
    ("measures.done", gettext_lazy("Done")),
    ("measures_overdue", gettext_lazy("Past their day")),
)

# The same figures where each stands alone and has to say what it counts.
KEY_FIGURES = (
    ("incidents", gettext_lazy("Incidents")),
    ("opened", gettext_lazy("Disputes opened")),
    ("resolved", gettext_lazy("Disputes resolved")),
    ("red", gettext_lazy("Red cases open")),
    ("orange", gettext_lazy("Orange cases open")),
    ("overdue", gettext_lazy("Cases past their day")),
    ("changes", gettext_lazy("Base-info changes found")),
    ("forwarded", gettext_lazy("Base-info changes forwarded")),
    ("councils", gettext_lazy("Councils held")),
    ("without", gettext_lazy("Villages without council")),
    ("measures", gettext_lazy("Measures agreed on")),
    ("measures.done", gettext_lazy("Measures done")),
    ("measures_overdue", gettext_lazy("Measures past their day")),
)


def _link(found: Situation, name: str) -> Callable[[dict[str, Any]], str]:
    """The address under the row's key in the column `name`; none where the figure is unknown."""

    def link(row: dict[str, Any]) -> str:
        key = row.get(f"key_{name}")
        return address(key, row.get("scope", found.scope), found.month) if key and row[name] is not None else ""

    return link


def incidents_table(found: Situation) -> ReportTable:
    """Incidents by category, beside the month before."""
    figures = found.figures
    rows = [_incident_row(figures, category.value, str(category.label)) for category in IncidentCategory]
    return ReportTable(
        title=_("Incidents by category"),
        columns=[
            Column("label", gettext_lazy("Category"), width=9),
            Column("now", month_words(found.month), Kind.INTEGER, link=_link(found, "now")),
            Column("before", month_words(found.month.previous()), Kind.INTEGER, link=_link(found, "before")),
            Column("change", gettext_lazy("Change by the week"), Kind.PERCENT),
        ],
        rows=[*rows, _incident_row(figures, "", _("Total"))],
    )


def _incident_row(figures: Figures, category: str, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "now": figures.incidents(category),
        "before": figures.incidents(category, before=True),
        "change": figures.change(category),
        "key_now": f"incident.{category}",
        "key_before": f"incident_before.{category}",
    }


def disputes_table(found: Situation) -> ReportTable:
    """Disputes opened and resolved by category and by level, those of which there was any."""
    figures = found.figures
    rows = [
        {
            "label": str(category.label),
            **_pair(figures, f"opened.{category.value}", f"resolved.{category.value}"),
        }
        for category in figures.dispute_categories
    ]
    rows += [
        {"label": _("Level: %(level)s") % {"level": label}, **_pair(figures, f"opened_at.{key}", f"resolved_at.{key}")}
        for key, label in levels_and_labels()
        if figures.of(f"opened_at.{key}") or figures.of(f"resolved_at.{key}")
    ]
    rows.append({"label": _("Total"), **_pair(figures, "opened", "resolved")})
    rows.append({"label": _("The month before"), **_pair(figures, "opened_before", "resolved_before")})
    return ReportTable(
        title=_("Disputes by category and level"),
        columns=[
            Column("label", gettext_lazy("Category or level"), width=11),
            Column("opened", gettext_lazy("Newly opened"), Kind.INTEGER, link=_link(found, "opened")),
            Column("resolved", gettext_lazy("Resolved"), Kind.INTEGER, link=_link(found, "resolved")),
        ],
        rows=rows,
    )


def _pair(figures: Figures, opened: str, resolved: str) -> dict[str, Any]:
    return {
        "opened": figures.of(opened),
        "resolved": figures.of(resolved),
        "key_opened": opened,
        "key_resolved": resolved,
    }


def key_table(found: Situation) -> ReportTable:
    """The other figures of the analysis in one column, for a file."""
    figures = found.figures
    return ReportTable(
        title=_("Key figures"),
        columns=[
            Column("label", gettext_lazy("Figure"), width=12),
            Column("n", gettext_lazy("Quantity"), Kind.INTEGER),
        ],
        rows=[
            {"label": label, "n": figures.incidents() if key == "incidents" else figures.of(key)}
            for key, label in KEY_FIGURES
        ],
    )


def roll_up_table(found: Situation) -> ReportTable:
    """A line for each station or village, and their total."""
    head = gettext_lazy("Station") if found.by == BY_STATION else gettext_lazy("Village")
    columns = [
        Column("label", head, width=8, link="url"),
        Column("incidents", gettext_lazy("Incidents"), Kind.INTEGER, link=_link(found, "incidents")),
        Column("change", gettext_lazy("Change by the week"), Kind.PERCENT),
        *(Column(key, label, Kind.INTEGER, link=_link(found, key)) for key, label in ROLLED_UP),
    ]
    rows = [_line_row(found, line) for line in found.lines]
    totals = _figures_row(found.figures) | {"label": _("Total"), "url": "", "scope": found.scope}
    return ReportTable(
        title=_("By station") if found.by == BY_STATION else _("By village"), columns=columns, rows=[*rows, totals]
    )


def scope_of(found: Situation, line: Line) -> Scope:
    """The scope of one line."""
    place = line.place
    user = found.scope.user
    return Scope(user, station=place) if isinstance(place, Unit) else Scope(user, village=place)


def _line_row(found: Situation, line: Line) -> dict[str, Any]:
    scope = scope_of(found, line)
    return _figures_row(line.figures) | {
        "label": line.place.name,
        "scope": scope,
        "url": page_address(scope, found.month.key),
    }


def _figures_row(figures: Figures) -> dict[str, Any]:
    row: dict[str, Any] = {
        "incidents": figures.incidents(),
        "change": figures.change(),
        "key_incidents": "incident.",
    }
    for key, _label in ROLLED_UP:
        row |= {key: figures.of(key), f"key_{key}": key}
    return row


def matrix_table(found: Situation) -> ReportTable:
    """Incidents by place and category."""
    head = gettext_lazy("Station") if found.by == BY_STATION else gettext_lazy("Village")
    columns = [Column("label", head, width=8)]
    columns += [
        Column(each.value, each.label, Kind.INTEGER, width=3, link=_link(found, each.value))
        for each in IncidentCategory
    ]
    categories = IncidentCategory.values
    rows = []
    for line in found.lines:
        row: dict[str, Any] = {"label": line.place.name, "scope": scope_of(found, line)}
        for key in categories:
            row |= {key: line.figures.incidents(key), f"key_{key}": f"incident.{key}"}
        rows.append(row)
    return ReportTable(title=_("Incidents by place and category"), columns=columns, rows=rows)


def page_address(scope: Scope, month: str) -> str:
    """The page of the analysis of a scope."""
    return f"{reverse('situation')}?{urlencode({'month': month, **scope.query})}"


def place_tables(found: Situation) -> list[ReportTable]:
    """The roll-up by station or village, and incidents by place."""
    makers = [roll_up_table] if found.lines else []
    if found.lines and found.figures.knows_incidents:
        makers.append(matrix_table)
    return [make(found) for make in makers]


def own_tables(found: Situation) -> list[ReportTable]:
    """Incidents and disputes by category, where there is anything to tell."""
    figures = found.figures
    knows = figures.knows_incidents or figures.incidents(before=True) is not None
    tables = [incidents_table(found)] if knows else []
    has_disputes = figures.has_disputes or figures.of("opened_before") or figures.of("resolved_before")
    return [*tables, disputes_table(found)] if has_disputes else tables
