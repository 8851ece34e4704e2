"""Reading tables, without a database: what cells mean, where the table stands, and files made to do harm."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.villages.tables import labels, lines_of, read, saved, workbook
from villages.choices import HouseholdTag, OfficerKind
from villages.imports import cells, limits
from villages.imports.cells import Cell, CellError
from villages.imports.kinds import HOUSEHOLDS, KINDS, OFFICERS
from villages.imports.outcome import Mistake
from villages.imports.papers import error_file
from villages.imports.tables import read_table
from villages.imports.uploads import read_sheets

KIND, TAGS = cells.choice(OfficerKind), cells.several(HouseholdTag)
GOOD = [
    (cells.text, "  岳店村　1组\n2号 ", "岳店村　1组 2号"),
    (cells.text, None, ""),
    (cells.text, "\u200b \u3000", ""),
    (cells.text, 12.0, "12"),
    (cells.name, "李　伟", "李伟"),
    (cells.name, "𠮷 䶮", "𠮷䶮"),
    (cells.name, "Anna Li", "Anna Li"),
    (cells.code, "０５１２３４", "051234"),
    (cells.code, 510132001201, "510132001201"),
    (cells.code, 510132001201.0, "510132001201"),
    (cells.code, "139 0000 1234", "13900001234"),
    (cells.code, "'051234", "051234"),
    (cells.whole, "１，２００", 1200),
    (cells.whole, 800.0, 800),
    (cells.whole, "", None),
    (cells.day, datetime(2024, 3, 1), date(2024, 3, 1)),
    (cells.day, date(2024, 3, 1), date(2024, 3, 1)),
    (cells.day, "2024-3-1", date(2024, 3, 1)),
    (cells.day, "2024年3月1日", date(2024, 3, 1)),
    (cells.day, "２０２４．３．１", date(2024, 3, 1)),
    (cells.day, "2024/03/01 00:00:00", date(2024, 3, 1)),
    (cells.day, "20240301", date(2024, 3, 1)),
    (cells.day, 20240301, date(2024, 3, 1)),
    (cells.day, 45352, date(2024, 3, 1)),
    (cells.day, " ", None),
    (cells.flag, "是", True),
    (cells.flag, "√", True),
    (cells.flag, True, True),
    (cells.flag, "否", False),
    (cells.flag, 0, False),
    (cells.flag, None, None),
    (KIND, "包村民警", "liaison"),
    (KIND, "Liaison officer", "liaison"),
    (KIND, "LIAISON", "liaison"),
    (KIND, "", None),
    (TAGS, "出租房、独居老人", ["living_alone", "rented"]),
    (TAGS, "独居老人,独居老人;", ["living_alone"]),
    (TAGS, "", []),
]
BAD = [
    (cells.text, "=1+1"),
    (cells.text, "#N/A"),
    (cells.text, "a\x00b"),
    (cells.text, "\ud800"),
    (cells.code, "5.10132E+11"),
    (cells.whole, "八百"),
    (cells.whole, -1),
    (cells.whole, 1.5),
    (cells.whole, "9" * 12),
    (cells.day, "2024-02-30"),
    (cells.day, "0024-01-01"),
    (cells.day, "2024年3月"),
    (cells.day, 1),
    (cells.day, time(8)),
    (cells.day, True),
    (cells.flag, "也许"),
    (KIND, "片警"),
    (TAGS, "独居老人、富裕"),
]


@pytest.mark.parametrize(("reader", "value", "meant"), GOOD)
def test_cell_means(reader, value, meant):
    assert reader(Cell(value)) == meant


@pytest.mark.parametrize(("reader", "value"), BAD)
def test_cell_is_refused_with_a_reason(reader, value):
    with pytest.raises(CellError) as refused:
        reader(Cell(value))
    assert str(refused.value)


def test_number_keeps_the_zeros_that_its_format_shows():
    assert cells.code(Cell(51234, zeros=6)) == "051234"
    book = openpyxl.Workbook()
    book.active.append(labels(OFFICERS))
    book.active.append([51234, "李伟", "包村民警", "站"])
    book.active["A2"].number_format = "000000"
    assert read(OFFICERS, saved(book)).rows[0].cells["number"].text == "051234"


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.dates(), st.times(),
    st.timedeltas(), st.text("0123456789年月日-/.０１２３ ="), st.sampled_from(["=A1", "#REF!", "包村民警", "是"]),
)  # fmt: skip
READERS = [cells.text, cells.name, cells.code, cells.whole, cells.day, cells.flag, KIND, TAGS]


@given(VALUES, st.sampled_from(READERS), st.integers(0, 20))
def test_any_cell_has_a_value_or_a_reason(value, reader, zeros):
    cell = Cell(value, zeros=zeros)
    assert "\n" not in cell.shown
    assert len(cell.shown) <= 61
    with suppress(CellError):
        meant = reader(cell)
        if isinstance(meant, str):
            assert "\x00" not in meant
            assert reader(Cell(meant)) == meant  # what was read is read again as the same


@given(st.dates(cells.EARLIEST, cells.LATEST))
def test_every_way_to_write_a_day_is_the_same_day(day):
    ways = [
        day,
        datetime.combine(day, time()),
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    ]
    assert {cells.day(Cell(way)) for way in ways} == {day}


# --- where the table stands
HEAD = ["村（社区）", "地址", "户主", "电话", "标签"]
LINE = ["甲村", "1号", "李伟", "", ""]


def test_heading_is_found_below_a_title_and_in_either_language():
    with translation.override("en"):
        english = labels(HOUSEHOLDS)
    for head in (HEAD, english, [f" {label}* " for label in HEAD], list(reversed(HEAD))):
        table = read(HOUSEHOLDS, workbook([["花源派出所住户名册"], [], head, [], LINE, ["  "], LINE]))
        assert [row.number for row in table.rows] == [5, 7]
        assert table.headings[0].number == 3


def test_wrong_columns_are_all_named_at_once():
    with pytest.raises(ValidationError) as refused:
        read(HOUSEHOLDS, workbook([["地址", "电话", "电话", "身份证号", "备注"], ["1号"]]))
    assert refused.value.messages == [
        "工作表“表1”中有无法识别的列：身份证号、备注。",
        "工作表“表1”缺少列：村（社区）、户主。",
        "工作表“表1”中有重复的列：电话。",
    ]


@pytest.mark.parametrize("sheets", [[[]], [[["a"], ["b"]]], [[HEAD]], [[["地址"], ["1号"]]]])
def test_sheet_without_table_is_refused(sheets):
    with pytest.raises(ValidationError):
        read(HOUSEHOLDS, workbook(*sheets))


def test_every_sheet_with_the_heading_is_read_and_others_are_named():
    content = workbook([HEAD, LINE], [["说明"], ["随便"]], [HEAD, LINE, LINE], titles=["甲", "说明", "乙"])
    table = read(HOUSEHOLDS, content)
    assert [(row.sheet, row.number) for row in table.rows] == [("甲", 2), ("乙", 2), ("乙", 3)]
    assert table.remarks == ["工作表“说明”没有列名，未读取。"]


def test_merged_hidden_and_stray_cells():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook([HEAD, LINE, ["", "2号", "王芳"], ["乙村", "", "", "", "", "批注"]]))
    )
    sheet = book.active
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B4:C4")
    sheet.row_dimensions[3].hidden = True
    table = read(HOUSEHOLDS, saved(book))
    assert [row.cells["village"].text for row in table.rows] == ["甲村", "甲村", "乙村"]
    assert [row.is_merged for row in table.rows] == [False, False, True]
    assert [cell.text for cell in table.rows[2].strays] == ["批注"]
    assert table.remarks == ["工作表“表1”中有 1 个隐藏行，与其他行一并读取。"]


def test_formula_is_not_calculated():
    table = read(HOUSEHOLDS, workbook([HEAD, ["甲村", "=1+1", "李伟"]]))
    assert table.rows[0].cells["address"] == Cell("=1+1", is_formula=True)


TEXT = '村（社区）,地址,户主\n甲村,"1号,东",䶮伟\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_each_encoding(encoding, delimiter):
    text = TEXT.replace("户主", "户主").replace(",", delimiter).replace(f"1号{delimiter}东", "1号,东")
    table = read_table_of(text.encode(encoding))
    assert [cell.text for cell in table.rows[0].line] == ["甲村", "1号,东", "䶮伟"]
    assert table.rows[0].sheet == "户册"


def read_table_of(content: bytes):
    return read_table(HOUSEHOLDS, read_sheets(content, "户册.csv"))


# --- the error file comes back as it went, but for its marks
@settings(max_examples=25)
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("C", "Z"))), min_size=5, max_size=5), min_size=1))
def test_error_file_reads_as_what_was_sent(lines):
    lines = [["甲", *line[1:]] for line in lines if not any("\r" in part for part in line)] or [LINE]
    table = read(HOUSEHOLDS, workbook([HEAD, *lines]))
    again = read(HOUSEHOLDS, error_file(HOUSEHOLDS, table, [Mistake("表1", 2, "地址", "", "原因", "address")]))
    shown = [(row.number, {name: cell.text for name, cell in row.cells.items()}) for row in table.rows]
    assert shown == [(row.number, {name: cell.text for name, cell in row.cells.items()}) for row in again.rows]


def test_error_file_marks_cells_and_says_why():
    table = read(HOUSEHOLDS, workbook([HEAD, LINE, LINE]))
    content = error_file(HOUSEHOLDS, table, [Mistake("表1", 3, "地址", "1号", "太长", "address")])
    assert lines_of(content)[0] == [*HEAD, "错误原因（不导入）"]
    assert lines_of(content)[2][5] == "地址：太长"
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet["B3"].fill.fgColor.rgb, sheet["B2"].fill.fill_type) == ("FFFFC7CE", None)
    assert read(HOUSEHOLDS, content).rows[1].cells.keys() == set(KINDS["households"].by_name)


# --- files made to do harm
def package(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    """A good workbook in which `old` stands as `new` in one of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEAD, LINE]))) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BILLION = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


def wide() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.cell(2, 16_384, "x")
    return saved(book)


HOSTILE = {
    "empty": lambda: b"",
    "html": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
    "html after a mark": lambda: b"\xef\xbb\xbf\n <!DOCTYPE html><html>",
    "old excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "pdf": lambda: b"%PDF-1.7 ...",
    "too large": lambda: b"a" * (limits.MOST_BYTES + 1),
    "truncated": lambda: workbook([HEAD, LINE])[:3000],
    "zip of something else": lambda: package(a_xml=b"x"),
    "bomb": lambda: package(xl__workbook_xml=b"\x00" * (limits.MOST_UNPACKED_BYTES + 1)),
    "many parts": lambda: package(**{f"p{number}": b"" for number in range(limits.MOST_PARTS + 1)}),
    "entities": lambda: replaced(SHEET, b"<worksheet", BILLION + b"<worksheet"),
    "entity from outside": lambda: replaced(SHEET, b"<worksheet", OUTSIDE + b"<worksheet"),
    "entities in the workbook": lambda: replaced("xl/workbook.xml", b"<workbook", BILLION + b"<workbook"),
    "broken xml": lambda: replaced(SHEET, b"</sheetData>", b""),
    "16k columns": wide,
    "41 sheets": lambda: workbook(*[[HEAD, LINE]] * (limits.MOST_SHEETS + 1)),
    "a row far below": lambda: replaced(SHEET, b'r="2"', b'r="1048576"'),
    "nul in csv": lambda: "村（社区）,地址,户主\n\x00,1,2\n".encode(),
    "open quotation mark": lambda: ('村（社区）,地址,户主\n"' + "长" * 50_000).encode(),
    "no characters": lambda: b"\x81\xff\xfe\x80" * 9,
    "too many rows": lambda: ("村（社区）,地址,户主\n" + "甲,1,2\n" * (limits.MOST_ROWS + 101)).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_calmly(name):
    with pytest.raises(ValidationError) as refused:
        read(HOUSEHOLDS, HOSTILE[name]())
    assert all(refused.value.messages)
    assert "root:" not in str(refused.value)


def test_entities_beside_the_table_are_not_looked_at():
    content = replaced("xl/styles.xml", b"<styleSheet", BILLION + b"<styleSheet")
    assert len(read(HOUSEHOLDS, content).rows) == 1


def read_or_refuse(content: bytes) -> None:
    """Anything but a table or a refusal fails the test."""
    with suppress(ValidationError):
        read(HOUSEHOLDS, content)


def test_ten_sheets_are_fine():
    assert len(read(HOUSEHOLDS, workbook(*[[HEAD, LINE]] * 10)).rows) == 10


@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_damaged_workbook_is_read_or_refused(source: random.Random, count: int):
    content = bytearray(workbook([HEAD, LINE]))
    for _ in range(count):
        content[source.randrange(len(content))] = source.randrange(256)
    read_or_refuse(bytes(content))


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content: bytes):
    read_or_refuse(content)


def test_length_of_time_is_a_text():
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["甲村", timedelta(hours=30), time(8), "x"])
    assert read(HOUSEHOLDS, saved(book)).rows[0].cells["address"].text
