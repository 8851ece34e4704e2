"""The situation as bar charts: SVG without scripts, readable in the light and in the dark theme."""

from collections.abc import Sequence
from typing import Any

import pygal
from django.utils.translation import gettext as _
from pygal.style import Style

from patrols.charts import FONTS, INK, without_scripts
from patrols.choices import IncidentCategory
from patrols.situation.figures import Figures
from patrols.situation.wording import month_words
from xinjin.periods import Month

# The month before recedes, the month itself stands out; what was resolved is green as everywhere.
BEFORE, NOW, OPENED, RESOLVED = "#9fb0c8", "#3f7de0", "#d08a1d", "#2f8f5b"
Series = tuple[str, str, Sequence[int | None]]


def bars(labels: Sequence[str], series: Sequence[Series]) -> bytes:
    """Grouped bars: (name, colour, values) a series. Without any value it says so instead of drawing empty axes."""
    style = Style(
        background="transparent", plot_background="transparent", foreground=INK, foreground_strong=INK,
        foreground_subtle=INK, guide_stroke_color="transparent",
        major_guide_stroke_color="transparent", colors=tuple(colour for _name, colour, _values in series),
        font_family=FONTS, label_font_size=13, major_label_font_size=13, legend_font_size=14, value_font_size=12,
        value_label_font_size=12,
        value_colors=(INK,) * len(series), no_data_font_size=18, opacity="1", opacity_hover="1",
    )  # fmt: skip
    chart = pygal.HorizontalBar(
        style=style,
        js=[],
        width=560,
        height=max(150, 70 + 34 * len(labels)),
        margin=8,
        spacing=10,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        show_y_guides=False,
        show_x_guides=False,
        show_x_labels=False,
        print_values=True,
        print_values_position="top",
        # pygal measures Chinese labels as if they were Latin letters.
        margin_left=8 + 6 * max((len(label) for label in labels), default=0),
        no_data_text=_("Nothing to show."),
        truncate_label=-1,
        value_formatter=_beside,
    )
    # Horizontal bars are drawn from below.
    chart.x_labels = list(reversed(labels))
    drawn = any(value is not None for _name, _colour, values in series for value in values)
    for name, _colour, values in series:
        chart.add(name, list(reversed(values)) if drawn else [])
    chart.add_xml_filter(without_scripts)
    return chart.render()


def _beside(value: float) -> str:
    """The number, moved out of its bar: pygal centres it on the bar's end."""
    number = f"{value:.0f}"
    return "\u2007" * len(number) + number


def incidents_chart(figures: Figures, month: Month) -> bytes:
    """Incidents by category in the month and the one before; unknown months draw no bars."""
    pairs = [
        (str(each.label), figures.incidents(each.value, before=True), figures.incidents(each.value))
        for each in IncidentCategory
    ]
    shown = [pair for pair in pairs if pair[1] or pair[2]]
    return bars(
        [label for label, _before, _now in shown],
        [
            (month_words(month), NOW, [now for _label, _before, now in shown]),
            (month_words(month.previous()), BEFORE, [before for _label, before, _now in shown]),
        ],
    )


def disputes_chart(figures: Figures, month: Month) -> bytes:
    """Disputes opened and resolved by category."""
    shown: list[Any] = figures.dispute_categories
    return bars(
        [str(each.label) for each in shown],
        [
            (_("Newly opened"), OPENED, [figures.of(f"opened.{each.value}") for each in shown]),
            (_("Resolved"), RESOLVED, [figures.of(f"resolved.{each.value}") for each in shown]),
        ],
    )


CHARTS = {"incidents": incidents_chart, "disputes": disputes_chart}
