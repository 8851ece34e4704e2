"""Charts as SVG images: no script, no outside address, readable in the light and in the dark theme."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pygal
from django.utils.translation import gettext as _
from pygal.style import Style

from patrols.incident_figures import TrendWeek
from patrols.ledger.trend import TrendMonth
from patrols.wall import CellState, Wall

SVG = "{http://www.w3.org/2000/svg}"
FONTS = "'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'Source Han Sans SC', system-ui, sans-serif"
# On white and on near-black alike; the same hues as the wall.
INK = "#6f7d92"
LAYERS = ((CellState.MET, "#2f8f5b"), (CellState.PARTIAL, "#d08a1d"), (CellState.MISSED, "#cc3329"))


def _style(*colours: str) -> Style:
    """The style of all charts, with the colours of the series."""
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle=INK,
        guide_stroke_color=INK,
        colors=colours,
        font_family=FONTS,
        label_font_size=14,
        major_label_font_size=14,
        legend_font_size=15,
        opacity="1",
        opacity_hover="1",
    )


def coverage_chart(wall: Wall) -> bytes:
    """Villages met, partly met and missed in each week that is over, as a stacked bar chart."""
    chart = pygal.StackedBar(
        style=_style(*(colour for _state, colour in LAYERS)),
        js=[],
        width=860,
        height=300,
        margin=8,
        spacing=12,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(LAYERS),
        show_y_guides=True,
        print_values=False,
        no_data_text=_("Nothing yet."),
        disable_xml_declaration=False,
    )
    chart.x_labels = [f"W{week.number:02}" for week in wall.weeks[:-1]]
    counted = [Counter(row.cells[at].state for row in wall.rows) for at in range(len(wall.weeks) - 1)]
    # Weeks that nobody owed leave the chart without values, and it says so instead of drawing axes around nothing.
    drawn = any(counts[state] for counts in counted for state, _colour in LAYERS)
    for state, _colour in LAYERS:
        chart.add(str(state.label), [counts[state] for counts in counted] if drawn else [])
    chart.add_xml_filter(without_scripts)
    return chart.render()


def _lines(*colours: str, **more: Any) -> pygal.Line:
    """An empty chart of lines, one of each colour."""
    return pygal.Line(
        style=_style(*colours),
        js=[],
        width=860,
        height=260,
        margin=8,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(colours),
        show_y_guides=True,
        dots_size=2.5,
        stroke_style={"width": 2.5},
        min_scale=3,
        truncate_label=-1,
        no_data_text=_("Nothing yet."),
        disable_xml_declaration=False,
        **more,
    )


def ledger_trend(months: Sequence[TrendMonth]) -> bytes:
    """Cases opened, resolved, reopened and standing, month by month."""
    chart = _lines("#d08a1d", "#2f8f5b", "#a0459b", "#2f6fd0")
    chart.x_labels = [found.month.key for found in months]
    drawn = any(found.opened or found.resolved or found.reopened or found.standing for found in months)
    names = {
        "opened": _("Newly opened"),
        "resolved": _("Resolved"),
        "reopened": _("Reopened"),
        "standing": _("Open at the end"),
    }
    for name, label in names.items():
        chart.add(label, [getattr(found, name) for found in months] if drawn else [])
    chart.add_xml_filter(without_scripts)
    return chart.render()


def incident_trend(now: Sequence[TrendWeek], year_before: Sequence[TrendWeek]) -> bytes:
    """Incidents by week as two lines; a week of which nothing is known is a gap."""
    chart = _lines("#2f6fd0", "#8a97aa", x_labels_major_every=4, show_minor_x_labels=False)
    chart.x_labels = [f"W{week.week.number:02}" for week in now]
    totals = [week.total for week in (*now, *year_before)]
    known = [total for total in totals if total is not None]
    if known:
        chart.range = (0, max(*known, 4))
    chart.add(_("This year"), totals[: len(now)] if known else [])
    chart.add(_("Year before"), totals[len(now) :] if known else [])
    chart.add_xml_filter(without_scripts)
    return chart.render()


def without_scripts(root: Any) -> Any:
    """pygal writes its settings as a script even when it is to load none; an image has no use for it."""
    for parent in list(root.iter()):
        for child in [part for part in parent if str(part.tag).endswith("script")]:
            parent.remove(child)
    return root
