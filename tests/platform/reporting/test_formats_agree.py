"""The contract of the package: every format shows the canonical text of every cell."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xinjin.reporting import Column, Kind, ReportTable, cell_text, render
from xinjin.reporting.csv import csv_cell
from xinjin.reporting.fonts import printable

from .read_back import csv_rows, docx_tables, html_rows, pdf_text, squeezed, xlsx_rows
from .samples import bulletin

NASTY = (
    "=1+1", "+86 138", "-3", "@SUM(A1)", "\t=cmd|' /C calc'!A0", "\r=1", "\0=1", "＝1+1", "＋1", "－1", "＠x", " =1+1",
    "\u200b=1", "'=1", "#import \"/etc/passwd\"", "#read(\"/etc/passwd\")", "$x^2$", "*粗* _斜_ `码` <标签> @引用 \\",
    "<b>粗</b><script>alert(1)</script>&amp;", "]]>", "{{ 7|add:7 }} {% now 'Y' %}", "_x0041_", "https://a.cn/",
    "䶮㛃𠅤𬭎", "أحمد שלום", "👮🏽‍♀️", "王\u200b五\u200d六\ufeff", "\u202e倒写", "e\u0301 é", "一\r\n二\r三\u2028四",
    "110101199001011234", "007", "1e5", "2026-01-01", "TRUE", "", " ", "—", "a" * 300, "长" * 150, "\ud800坏",
    "中\x0b\x1f\x7f\x85文", "'", '"', ",", ";", "\n",
)  # fmt: skip
COLUMNS = (
    Column("no", "序号", "integer"),
    Column("text", "=文本", "text"),
    Column("score", "得分", "score"),
    Column("rate", "率", "percent"),
    Column("day", "日期", "date"),
    Column("moment", "时间", "datetime"),
)
anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
decimals = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=2)
fractions = st.decimals(min_value=-2, max_value=2, allow_nan=False, allow_infinity=False, places=4)
rows = st.fixed_dictionaries({
    "no": st.none() | st.integers(-(10**18), 10**18),
    "text": st.none() | st.sampled_from([text for text in NASTY if len(text) < 100]) | anything,
    "score": st.none() | decimals,
    "rate": st.none() | fractions,
    "day": st.none() | st.dates(),
    "moment": st.none() | st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)),
})  # fmt: skip


def assert_all_formats_agree(table: ReportTable) -> None:
    cells = [list(row) for row in table.cells()]
    labels = list(table.labels())
    count = len(cells)

    expected = [[csv_cell(*pair) for pair in zip(table.columns, record, strict=True)] for record in table.records()]
    assert csv_rows(render(table, "csv").content)[1 : count + 1] == expected
    undone = [
        [text[1:] if text != plain else text for text, plain in zip(*pair, strict=True)]
        for pair in zip(expected, cells, strict=True)
    ]
    assert undone == cells
    assert xlsx_rows(render(table, "xlsx").content)[1 : count + 2] == [labels, *cells]
    assert docx_tables(render(table, "docx").content)[0] == [labels, *cells]
    assert html_rows(render(table, "html").content.decode())[: count + 1] == [labels, *cells]
    as_pdf = pdf_text(render(table, "pdf").content)
    for row in (labels, *cells):  # rows, because a page may turn between two of them
        assert squeezed("".join(printable(text) for text in row)) in as_pdf


@given(st.lists(rows, min_size=1, max_size=4))
@example([{"no": -5, "text": "-5", "score": Decimal("-88.0"), "rate": Decimal("-0.050"), "day": None, "moment": None}])
@example([{"no": 10**17, "text": "x", "score": Decimal("-0.0"), "rate": 1, "day": date(1, 1, 1),
           "moment": datetime(2026, 3, 31, 17, 59, 59, tzinfo=UTC)}])  # fmt: skip
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_cells_agree_whatever_people_write(contents: list[dict[str, object]]) -> None:
    assert_all_formats_agree(ReportTable("表", COLUMNS, contents))


@pytest.mark.parametrize("start", range(0, len(NASTY), 8))
def test_cells_agree_for_nasty_texts_in_every_row(start: int) -> None:
    columns = (Column("text", "=列", "text", 5), Column("same", "列", "text", 5))
    contents = [{"text": text, "same": text} for text in NASTY[start : start + 8]]
    assert_all_formats_agree(ReportTable("=表", columns, contents))


def test_bulletin_agrees_table_by_table() -> None:
    report = bulletin()
    as_docx, as_pdf = docx_tables(render(report, "docx").content), pdf_text(render(report, "pdf").content)
    as_xlsx, as_csv = render(report, "xlsx").content, csv_rows(render(report, "csv").content)
    as_html = html_rows(render(report, "html").content.decode())
    start = 0
    for index, table in enumerate(report.tables):
        cells = [list(row) for row in table.cells()]
        expected = [list(table.labels()), *cells]
        assert as_docx[index] == expected
        assert xlsx_rows(as_xlsx, sheet=index)[2 : len(expected) + 2] == expected
        assert as_html[start : start + len(expected)] == expected
        first = as_csv.index(expected[0])
        assert as_csv[first : first + len(expected)] == expected
        for row in cells:
            assert squeezed("".join(row)) in as_pdf
        start += len(expected)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "docx", "pdf"])
def test_same_report_gives_the_same_bytes(file_format: str) -> None:
    assert render(bulletin(), file_format) == render(bulletin(), file_format)


def test_none_is_a_dash_in_every_kind() -> None:
    assert {cell_text(Column("k", "k", kind), None) for kind in Kind} == {"—"}
