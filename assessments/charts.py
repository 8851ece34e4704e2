"""Charts as SVG images, without scripts, so that they hold under the strict policy."""

from collections.abc import Mapping
from decimal import Decimal

import pygal
from pygal.style import Style

from patrols.charts import FONTS, INK, without_scripts

STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground=INK,
    foreground_strong=INK,
    foreground_subtle=INK,
    guide_stroke_color=INK,
    colors=("#3f7de0",),
    font_family=FONTS,
    label_font_size=12,
    major_label_font_size=12,
    value_font_size=12,
    value_label_font_size=12,
)


def trend_chart(scores: Mapping[str, Decimal | None]) -> bytes:
    """One line of scores by month; months without a score leave a gap."""
    chart = pygal.Line(
        style=STYLE,
        js=[],
        width=300,
        height=170,
        margin=2,
        show_legend=False,
        dots_size=3,
        stroke_style={"width": 2},
        range=(0, 100),
        y_labels=[0, 60, 80, 100],
        x_labels_major_every=3,
        show_minor_x_labels=False,
        truncate_label=-1,
        no_data_text="",
    )
    chart.x_labels = [key[2:] for key in scores]
    chart.add("", [None if value is None else float(value) for value in scores.values()])
    chart.add_xml_filter(without_scripts)
    return chart.render()
