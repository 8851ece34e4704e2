"""Paragraphs and runs of the DOCX with fonts by name, built as XML because python-docx lacks half of what they need."""

from math import floor
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from .paper import CHARACTER_SPACE_PT, LINE_PITCH_PT, SIZE_3

# Office computers of the public service have these; `docx_page` names what stands in for them elsewhere.
TITLE, BODY, HEADING, SUBHEADING, PAGE = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
RED = "E60012"
TWIPS = 20  # to a point
TABLE_LINE = 1.32  # height of a line in a table, of the character size
EIGHTHS = 8  # of a point: the unit of border widths


def twips(points: float) -> int:
    """Points in twentieths, the unit of most attributes."""
    return round(points * TWIPS)


def table_style(size: float) -> str:
    """Identifier of the paragraph style for table text of a size in points."""
    return f"TableText{round(size * 2)}"


def element(tag: str, **attributes: Any) -> Any:
    """A `w:` element with `w:` attributes; False leaves an attribute out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        if value is not False:
            made.set(qn(f"w:{name}"), str(value))
    return made


def run(text: str, *, font: str = BODY, size: float = SIZE_3, color: str = "", on_grid: bool = False) -> Any:
    """A run of text; line breaks become `w:br`. `on_grid` gives the pitch of 28 characters to a line."""
    made = element("r")
    properties = element("rPr")
    properties.append(element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font, hint="eastAsia"))
    if color:
        properties.append(element("color", val=color))
    if on_grid:
        properties.append(element("spacing", val=floor(CHARACTER_SPACE_PT * TWIPS)))
    properties.extend([element("sz", val=round(size * 2)), element("szCs", val=round(size * 2))])
    made.append(properties)
    append_text(made, text)
    return made


def append_text(made: Any, text: str) -> None:
    """Put the text into a run, line by line."""
    for index, line in enumerate(text.split("\n")):
        if index:
            made.append(element("br"))
        part = element("t")
        part.text = line
        part.set(qn("xml:space"), "preserve")
        made.append(part)


def paragraph(
    *runs: Any,
    align: str = "left",
    line: float = LINE_PITCH_PT,
    before: float = 0,
    left: float = 0,
    right: float = 0,
    hanging: float = 0,
    first_characters: int = 0,
    keep_next: bool = False,
    page_break_before: bool = False,
    outline: int | None = None,
    extra: tuple[Any, ...] = (),
) -> Any:
    """A paragraph of exact line height, lengths in points. The first line starts at `left`.

    `hanging` moves the following lines in, `first_characters` the first one, in characters of 3号. `extra` are
    elements that belong before the spacing (borders, tabs), in schema order.
    """
    made, properties = element("p"), element("pPr")
    if keep_next:
        properties.append(element("keepNext"))
    if page_break_before:
        properties.append(element("pageBreakBefore"))
    properties.extend(extra)
    properties.extend(line_properties(line, before=before))
    indent: dict[str, int] = {"left": twips(left + hanging), "right": twips(right)}
    if hanging:
        indent["hanging"] = twips(hanging)
    elif first_characters:
        # Word goes by characters, other programs by length.
        indent |= {"firstLineChars": first_characters * 100, "firstLine": twips(first_characters * SIZE_3)}
    properties.extend([element("ind", **indent), element("jc", val=align)])
    if outline is not None:
        properties.append(element("outlineLvl", val=outline))
    made.append(properties)
    made.extend(runs)
    return made


def line_properties(line: float, *, before: float = 0) -> list[Any]:
    """Exact lines without the space that Word puts between Chinese and Latin letters; off the section's grid.

    LibreOffice would give two cells of that grid to a character that is a fifth of a point wider than one.
    """
    switches = [element(name, val=0) for name in ("autoSpaceDE", "autoSpaceDN", "snapToGrid")]
    return [*switches, element("spacing", before=twips(before), after=0, line=twips(line), lineRule="exact")]


def field(instruction: str, *, font: str, size: float) -> list[Any]:
    """A field such as PAGE, with a placeholder until the reader's program counts."""
    runs = [run("", font=font, size=size) for _ in range(5)]
    contents = (
        element("fldChar", fldCharType="begin"),
        element("instrText"),
        element("fldChar", fldCharType="separate"),
        element("t"),
        element("fldChar", fldCharType="end"),
    )
    contents[1].text, contents[3].text = f" {instruction} ", "1"
    for made, content in zip(runs, contents, strict=True):
        made.remove(made[-1])
        made.append(content)
    return runs
