"""Page of the DOCX: paper, grid, page numbers outside, default font, and stand-ins for fonts a PC may lack."""

from copy import deepcopy
from typing import Any

from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from . import paper
from .docx_text import (
    BODY,
    HEADING,
    PAGE,
    SUBHEADING,
    TABLE_LINE,
    TITLE,
    element,
    field,
    line_properties,
    paragraph,
    run,
    table_style,
    twips,
)

# A program that lacks the first face takes the second, which comes with Windows and WPS.
_STAND_INS = {BODY: "仿宋", SUBHEADING: "楷体", TITLE: "华文中宋", HEADING: "SimHei", PAGE: "SimSun"}


def prepare(document: DocxDocument) -> None:
    """Default font and language, odd and even pages, fonts with stand-ins; empties python-docx's template."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    _set_defaults(document)
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    settings.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for size in (*paper.TABLE_SIZES, paper.SMALLEST):
        document.styles.element.append(_table_style(size))
    _name_stand_ins(document)
    _drop_preview(document)


def first_section(document: DocxDocument) -> Any:
    """Set up the only section so far with its footers and return its properties, a pattern for others."""
    section = document.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        for old in list(footer._element):
            footer._element.remove(old)
        footer._element.append(_page_number(align))
    properties = document.element.body.sectPr
    for tag in ("w:pgSz", "w:pgMar", "w:cols", "w:docGrid"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    _append_geometry(properties, is_landscape=False)
    return properties


def section_like(pattern: Any, *, is_landscape: bool) -> Any:
    """Section properties with the same footers and the direction asked for."""
    properties = deepcopy(pattern)
    for child in list(properties):
        if child.tag in (qn("w:pgSz"), qn("w:pgMar"), qn("w:cols"), qn("w:docGrid")):
            properties.remove(child)
    _append_geometry(properties, is_landscape=is_landscape)
    return properties


def _append_geometry(properties: Any, *, is_landscape: bool) -> None:
    width, height = (twips(paper.points(side)) for side in paper.PAGE_MM)
    top, right, bottom, left = paper.TOP_MM, paper.RIGHT_MM, paper.BOTTOM_MM, paper.LEFT_MM
    if is_landscape:
        width, height = height, width
        top, right, bottom, left = paper.WIDE_TOP_MM, paper.TOP_MM, paper.RIGHT_MM, paper.WIDE_LEFT_MM
    # The number's dash begins 7 mm below the text; Word measures from the paper's edge to the footer's lower end.
    footer = paper.points(bottom - paper.FOOTER_GAP_MM) - paper.SIZE_4
    margins = {
        name: twips(paper.points(side))
        for name, side in (("top", top), ("right", right), ("bottom", bottom), ("left", left))
    }
    properties.append(element("pgSz", w=width, h=height, orient="landscape" if is_landscape else False))
    properties.append(element("pgMar", **margins, header=twips(paper.points(15)), footer=twips(footer), gutter=0))
    properties.append(element("cols", space=425))
    properties.append(
        element(
            "docGrid",
            type="linesAndChars",
            linePitch=int(paper.LINE_PITCH_PT * 20),
            charSpace=round(paper.CHARACTER_SPACE_PT * 4096),
        )
    )


def _page_number(align: str) -> Any:
    parts = [run("— ", font=PAGE, size=paper.SIZE_4), *field("PAGE", font=PAGE, size=paper.SIZE_4)]
    parts.append(run(" —", font=PAGE, size=paper.SIZE_4))
    # One character from the edge, whichever side the number stands on.
    return paragraph(*parts, align=align, line=paper.SIZE_4, left=paper.SIZE_4, right=paper.SIZE_4)


def _set_defaults(document: DocxDocument) -> None:
    style = document.styles["Normal"].element.get_or_add_rPr()
    for child in list(style):
        style.remove(child)
    style.append(element("rFonts", ascii=BODY, hAnsi=BODY, eastAsia=BODY, cs=BODY))
    size = round(paper.SIZE_3 * 2)
    style.extend([element("sz", val=size), element("szCs", val=size)])
    style.append(element("lang", val="en-US", eastAsia="zh-CN"))
    defaults = document.styles.element.find(qn("w:docDefaults"))
    language = defaults.find(f".//{qn('w:lang')}") if defaults is not None else None
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")


def _table_style(size: float) -> Any:
    made = element("style", type="paragraph", customStyle="1", styleId=table_style(size))
    made.extend([element("name", val=f"Table text {size:g}"), element("basedOn", val="Normal")])
    lines, characters = element("pPr"), element("rPr")
    lines.extend(line_properties(size * TABLE_LINE))
    characters.extend([element("sz", val=round(size * 2)), element("szCs", val=round(size * 2))])
    made.extend([lines, characters])
    return made


def _name_stand_ins(document: DocxDocument) -> None:
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            table = parse_xml(part.blob)
            for name, stand_in in _STAND_INS.items():
                table.append(_font(name, stand_in))
            part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def _drop_preview(document: DocxDocument) -> None:
    """python-docx's template brings the picture of another document."""
    package = document.part.package
    for key in [key for key, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]:
        del package.rels[key]


def _font(name: str, stand_in: str) -> Any:
    return parse_xml(
        f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{stand_in}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
    )
