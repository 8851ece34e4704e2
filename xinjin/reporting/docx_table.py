"""Tables of the DOCX, written row by row as XML: python-docx's own tables take minutes for long exports."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from . import paper
from .docx_text import BODY, HEADING, TABLE_LINE, TITLE, append_text, element, paragraph, run, table_style, twips
from .layout import Sheet
from .table import NOT_APPLICABLE
from .wording import note_lead

_ROW = 1.85
_INSET = 1.5  # points above and below the text


def sheet_elements(sheet: Sheet, *, page_break: bool) -> Iterator[Any]:
    """A table with what belongs to it: label and title above (a page of its own), notes and signatories below."""
    if sheet.label:
        yield paragraph(run(sheet.label, font=HEADING), page_break_before=page_break)
        yield paragraph()
    for index, line in enumerate(sheet.title_lines):
        is_first = page_break and not sheet.label and not index
        yield paragraph(run(line, font=TITLE, size=paper.SIZE_2), align="center", line=35, page_break_before=is_first)
    yield paragraph(line=14)
    yield table_element(sheet)
    yield from below_table(sheet)


def inline_elements(sheet: Sheet) -> Iterator[Any]:
    """A table inside the body, under a caption in 黑体."""
    for line in sheet.title_lines:
        yield paragraph(run(line, font=HEADING, size=paper.SIZE_4), align="center", keep_next=True)
    yield table_element(sheet)
    yield from below_table(sheet)
    yield paragraph(line=paper.LINE_PITCH_PT / 2)


def below_table(sheet: Sheet) -> Iterator[Any]:
    """Notes with their lead and a hanging indent, then the signatories side by side."""
    size = min(12.0, sheet.size)
    lead = note_lead()
    hanging = len(lead) * size
    for index, note in enumerate(sheet.notes):
        text = (lead if not index else "") + note
        yield paragraph(
            run(text, size=size),
            line=size * 1.5,
            before=0 if index else size * 0.6,
            left=hanging if index else 0,
            hanging=0 if index else hanging,
        )
    if sheet.signatories:
        columns = min(3, len(sheet.signatories))
        step = sum(sheet.widths) / columns
        tabs = element("tabs")
        tabs.extend(element("tab", val="left", pos=twips(step * at)) for at in range(1, columns))
        for start in range(0, len(sheet.signatories), columns):
            parts: list[Any] = []
            for name in sheet.signatories[start : start + columns]:
                if parts:
                    parts.append(_tab())
                parts.append(run(name, size=size))
            yield paragraph(*parts, line=size * 1.5, before=size, extra=(deepcopy(tabs),))
    if not sheet.notes and not sheet.signatories:
        yield paragraph(line=6)  # Word needs a paragraph between a table and what follows


def table_element(sheet: Sheet) -> Any:
    """The `w:tbl`: fixed widths, single lines, a repeated heading row, rows that stay whole."""
    table, properties = element("tbl"), element("tblPr")
    properties.append(element("tblW", w=twips(sum(sheet.widths)), type="dxa"))
    properties.append(element("jc", val="center"))
    borders = element("tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(edge, val="single", sz=4, space=0, color="000000"))
    properties.extend([borders, element("tblLayout", type="fixed")])
    margins = element("tblCellMar")
    for edge in ("top", "left", "bottom", "right"):
        inset = paper.CELL_INSET_PT if edge in ("left", "right") else _INSET
        margins.append(element(edge, w=twips(inset), type="dxa"))
    properties.append(margins)
    grid = element("tblGrid")
    grid.extend(element("gridCol", w=twips(width)) for width in sheet.widths)
    table.extend([properties, grid, _row(sheet.headings, _Patterns(sheet, is_heading=True))])
    patterns = _Patterns(sheet, is_heading=False)
    table.extend(_row(cells, patterns) for cells in sheet.table.cells())
    return table


class _Patterns:
    """Empty row and cells to copy: copying is twenty times quicker than building, which long tables need."""

    def __init__(self, sheet: Sheet, *, is_heading: bool) -> None:
        self.row, properties = element("tr"), element("trPr")
        properties.append(element("cantSplit"))
        properties.append(element("trHeight", val=twips(sheet.size * _ROW), hRule="atLeast"))
        if is_heading:
            properties.append(element("tblHeader"))
        self.row.append(properties)
        font = HEADING if is_heading else BODY
        self.centred = [_cell(sheet, index, font, "center") for index in range(len(sheet.widths))]
        aligned = ["center"] * len(sheet.widths) if is_heading else sheet.alignments
        self.aligned = [_cell(sheet, index, font, align) for index, align in enumerate(aligned)]


def _cell(sheet: Sheet, index: int, font: str, align: str) -> Any:
    cell, properties = element("tc"), element("tcPr")
    properties.append(element("tcW", w=twips(sheet.widths[index]), type="dxa"))
    properties.append(element("vAlign", val="center"))
    pad = sheet.pads[index] if align == "right" else 0
    if font == BODY:
        content = _styled_paragraph(sheet.size, align, pad)
    else:
        content = paragraph(run("", font=font, size=sheet.size), align=align, line=sheet.size * TABLE_LINE)
    cell.extend([properties, content])
    return cell


def _styled_paragraph(size: float, align: str, pad: float) -> Any:
    """A paragraph in the style for table text: a quarter of the file and of the memory of direct formatting."""
    content, properties, empty = element("p"), element("pPr"), element("r")
    properties.append(element("pStyle", val=table_style(size)))
    if pad:
        properties.append(element("ind", right=twips(pad)))
    properties.append(element("jc", val=align))
    empty.append(element("t"))
    content.extend([properties, empty])
    return content


def _row(cells: Sequence[str], patterns: _Patterns) -> Any:
    row = deepcopy(patterns.row)
    for index, text in enumerate(cells):
        cell = deepcopy((patterns.centred if text == NOT_APPLICABLE else patterns.aligned)[index])
        made = cell[-1][-1]
        made.remove(made[-1])
        append_text(made, text)
        row.append(cell)
    return row


def _tab() -> Any:
    made = element("r")
    made.append(element("tab"))
    return made
