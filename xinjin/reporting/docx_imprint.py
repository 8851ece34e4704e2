"""The imprint (版记) at the foot of the last page: a floating table whose only lines are the horizontal ones."""

from typing import Any

from . import paper
from .docx_text import EIGHTHS, element, paragraph, run, twips
from .layout import Layout

_LINE = 24.0  # points


def imprint_element(layout: Layout) -> Any:
    """Copies (抄送) above, printing office and date (印发) below, at the lower edge of the text area."""
    rows = [row for row in (_copies(layout), _printed(layout)) if row is not None]
    table, properties = element("tbl"), element("tblPr")
    left = twips(paper.points(paper.LEFT_MM))
    properties.append(
        # LibreOffice lets a table as wide as the text float only when it is placed relative to the page.
        element("tblpPr", vertAnchor="margin", horzAnchor="page", tblpX=left, tblpYSpec="bottom")
    )
    properties.append(element("tblW", w=twips(paper.TEXT_PT[0]), type="dxa"))
    borders = element("tblBorders")
    widths = {"top": paper.OUTER_LINE_MM, "bottom": paper.OUTER_LINE_MM, "insideH": paper.INNER_LINE_MM}
    for edge, width in widths.items():
        eighths = round(paper.points(width) * EIGHTHS)
        borders.append(element(edge, val="single", sz=eighths, space=0, color="000000"))
    properties.extend([borders, element("tblLayout", type="fixed")])
    margins = element("tblCellMar")
    margins.extend(element(edge, w=0, type="dxa") for edge in ("left", "right"))
    properties.append(margins)
    grid = element("tblGrid")
    grid.append(element("gridCol", w=twips(paper.TEXT_PT[0])))
    table.extend([properties, grid])
    table.extend(_row(content) for content in rows)
    return table


def _copies(layout: Layout) -> Any:
    if not layout.copies:
        return None
    # The second line starts below the first recipient, not below the label.
    label = 3 * paper.SIZE_4
    text = run(layout.copies, size=paper.SIZE_4)
    return paragraph(text, line=_LINE, left=paper.SIZE_4, right=paper.SIZE_4, hanging=label)


def _printed(layout: Layout) -> Any:
    if not layout.printed:
        return None
    tabs, tab = element("tabs"), element("r")
    tabs.append(element("tab", val="right", pos=twips(paper.TEXT_PT[0] - paper.SIZE_4)))
    tab.append(element("tab"))
    parts = [run(layout.printed_by, size=paper.SIZE_4), tab, run(layout.printed, size=paper.SIZE_4)]
    return paragraph(*parts, line=_LINE, left=paper.SIZE_4, extra=(tabs,))


def _row(content: Any) -> Any:
    row, cell, properties = element("tr"), element("tc"), element("tcPr")
    row_properties = element("trPr")
    row_properties.append(element("cantSplit"))
    properties.append(element("tcW", w=twips(paper.TEXT_PT[0]), type="dxa"))
    cell.extend([properties, content])
    row.extend([row_properties, cell])
    return row
