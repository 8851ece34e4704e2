"""Geometry and faces of the DOCX after GB/T 9704-2012, read from its XML."""

import io
import zipfile
from collections import Counter
from functools import cache
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from xinjin.reporting import Column, ReportTable, render

from .samples import bulletin, people_table, units_table

MM = 1440 / 25.4  # twips


@cache
def bulletin_file() -> bytes:
    return render(bulletin(), "docx").content


def part(name: str, document: Any = None) -> Any:
    content = render(document, "docx").content if document else bulletin_file()
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(f"word/{name}.xml"))


def attribute(element: Any, name: str) -> str:
    return element.get(qn(f"w:{name}"))


def close(value: str, millimetres: float) -> bool:
    return abs(int(value) - millimetres * MM) < 1


def test_first_page_geometry() -> None:
    section = part("document").find(f".//{qn('w:sectPr')}")
    size, margins, grid = (section.find(qn(f"w:{tag}")) for tag in ("pgSz", "pgMar", "docGrid"))
    assert close(attribute(size, "w"), 210)
    assert close(attribute(size, "h"), 297)
    assert close(attribute(margins, "top"), 37)
    assert close(attribute(margins, "left"), 28)
    text_width = int(attribute(size, "w")) - int(attribute(margins, "left")) - int(attribute(margins, "right"))
    text_height = int(attribute(size, "h")) - int(attribute(margins, "top")) - int(attribute(margins, "bottom"))
    assert abs(text_width - 156 * MM) < 2
    assert abs(text_height - 225 * MM) < 2
    assert attribute(grid, "type") == "linesAndChars"
    assert text_height // int(attribute(grid, "linePitch")) == 22
    pitch = 16 + int(attribute(grid, "charSpace")) / 4096
    assert int(text_width / 20 / pitch + 0.01) == 28


def test_body_lines_hold_the_grid() -> None:
    body = part("document")
    (line,) = [p for p in body.iter(qn("w:p")) if "".join(p.itertext()).startswith("2026年第一季度，全局")]
    spacing, indent = line.find(f".//{qn('w:spacing')}"), line.find(f".//{qn('w:ind')}")
    assert (attribute(spacing, "line"), attribute(spacing, "lineRule")) == ("580", "exact")
    assert attribute(indent, "firstLineChars") == "200"
    space = int(attribute(line.find(f".//{qn('w:rPr')}/{qn('w:spacing')}"), "val")) / 20
    assert int(156 * MM / 20 / (16 + space)) == 28


def faces(body: Any) -> set[tuple[str, str, str, str]]:
    """First characters of each run, its East Asian face, size in half-points, colour."""
    found = set()
    for run in body.iter(qn("w:r")):
        text, properties = "".join(run.itertext()), run.find(qn("w:rPr"))
        if text and properties is not None:
            face, size = properties.find(qn("w:rFonts")), properties.find(qn("w:sz"))
            color = properties.find(qn("w:color"))
            found.add(
                (
                    text[:6],
                    attribute(face, "eastAsia"),
                    attribute(size, "val"),
                    color is not None and attribute(color, "val"),
                )
            )
    return found


def test_faces_and_sizes_by_role() -> None:
    assert faces(part("document")) >= {
        ("成都市公安局", "方正小标宋简体", "50", "E60012"),
        ("新公社警〔2", "仿宋_GB2312", "32", False),
        ("关于2026", "方正小标宋简体", "44", False),
        ("一、总体情况", "黑体", "32", False),
        ("（一）走访入", "楷体_GB2312", "32", False),
        ("各单位进村达", "仿宋_GB2312", "32", False),
    }


def test_page_numbers_stand_outside() -> None:
    assert part("settings").find(qn("w:evenAndOddHeaders")) is not None
    sections = part("document").findall(f".//{qn('w:sectPr')}")
    for section in sections:
        kinds = {attribute(reference, "type") for reference in section.findall(qn("w:footerReference"))}
        assert kinds == {"default", "even"}
    aligned = [part(f"footer{n}").find(f".//{qn('w:jc')}") for n in (1, 2)]
    assert [attribute(jc, "val") for jc in aligned] == ["right", "left"]
    assert "".join(part("footer1").itertext()) == "—  PAGE 1 —"


def test_tables_repeat_headings_and_keep_rows_whole() -> None:
    body = part("document")
    tables = body.findall(f".//{qn('w:tbl')}")
    assert len(tables) == 3  # two attachments and the imprint
    for table, count in zip(tables, (15, 82, 2), strict=True):
        rows = table.findall(qn("w:tr"))
        assert len(rows) == count
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
    for table in tables[:2]:
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.findall(qn("w:tr"))][
            :2
        ] == [
            True,
            False,
        ]


def test_attachments_start_pages_and_wide_ones_turn_them() -> None:
    body = part("document")
    orientations = [attribute(size, "orient") for size in body.iter(qn("w:pgSz"))]
    assert orientations == [None, "landscape", None]  # body and first table, second table, imprint
    assert len(list(body.iter(qn("w:pageBreakBefore")))) == 1  # the second one starts a section


def test_imprint_has_lines_of_035_mm() -> None:
    imprint = part("document").findall(f".//{qn('w:tbl')}")[-1]
    position = imprint.find(f".//{qn('w:tblpPr')}")
    assert (attribute(position, "vertAnchor"), attribute(position, "tblpYSpec")) == ("margin", "bottom")
    borders = {edge.tag.split("}")[1]: attribute(edge, "sz") for edge in imprint.find(f".//{qn('w:tblBorders')}")}
    assert borders == {"top": "8", "bottom": "8", "insideH": "6"}  # eighths of a point: 0.35 and 0.26 mm


def test_fonts_have_stand_ins_and_no_foreign_preview_is_left() -> None:
    names = {attribute(font, "name"): font.find(qn("w:altName")) for font in part("fontTable")}
    assert attribute(names["仿宋_GB2312"], "val") == "仿宋"
    archive = zipfile.ZipFile(io.BytesIO(render(units_table(), "docx").content))
    assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_lone_table_has_no_red_head() -> None:
    body = part("document", units_table())
    assert not list(body.iter(qn("w:color")))
    assert Counter(size.get(qn("w:orient")) for size in body.iter(qn("w:pgSz"))) == {None: 1}
    assert [size.get(qn("w:orient")) for size in part("document", people_table()).iter(qn("w:pgSz"))] == ["landscape"]


def test_long_tables_are_quick() -> None:
    table = ReportTable(
        "t", (Column("n", "N", "integer"), Column("v", "V")), [{"n": n, "v": "文"} for n in range(2000)]
    )
    assert len(render(table, "docx").content) > 10_000
