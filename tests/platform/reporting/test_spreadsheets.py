"""CSV and XLSX: nothing runs, numbers stay numbers, sheets are ready for print."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from xinjin.reporting import Column, Report, ReportError, ReportTable, render
from xinjin.reporting.csv import disarm

from .read_back import csv_rows
from .samples import bulletin, units_table
from .test_formats_agree import NASTY


def sheets(document: Report | ReportTable) -> list[Worksheet]:
    return openpyxl.load_workbook(io.BytesIO(render(document, "xlsx").content)).worksheets


def text_table(title: str = "t", texts: tuple[str, ...] = NASTY) -> ReportTable:
    return ReportTable(
        title, (Column("v", "=v"),), [{"v": text} for text in texts], notes=("=1", "+2"), signatories=("@x",)
    )


def test_xlsx_has_no_formulas_and_no_links() -> None:
    (sheet,) = sheets(text_table("=1+1"))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "n" and cell.value is not None]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", " =1", "\u200b=1", "\u3000-1", "\n=1"]
)
def test_csv_disarms_text(text: str) -> None:
    assert disarm(text) == "'" + text
    assert csv_rows(render(text_table(text, (text,)), "csv").content)[1][0].startswith("'")


@pytest.mark.parametrize("text", ["", " ", "王", "—", "a=1", "'", "1-2"])
def test_csv_leaves_harmless_text(text: str) -> None:
    assert disarm(text) == text


def test_csv_every_record_of_notes_and_headings_is_disarmed() -> None:
    for record in csv_rows(render(text_table(), "csv").content):
        assert not record or record[0][:1] not in set("=+-@\t\r＝＋－＠")


def test_negative_numbers_stay_numbers() -> None:
    columns = (Column("n", "N", "integer"), Column("s", "S", "score"), Column("p", "P", "percent"))
    table = ReportTable("t", columns, [{"n": -3, "s": Decimal("-1.50"), "p": Decimal("-0.125")}])
    assert csv_rows(render(table, "csv").content)[1] == ["-3", "-1.50", "-12.5%"]
    cells = sheets(table)[0][3]
    assert [cell.value for cell in cells] == [-3, -1.5, -0.125]
    assert [cell.number_format for cell in cells] == ["0", "0.00", "0.0%"]
    assert {cell.data_type for cell in cells} == {"n"}


def test_csv_is_utf8_with_mark_and_crlf() -> None:
    content = render(units_table(), "csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert csv_rows(content)[0] == list(units_table().labels())


def test_csv_of_a_report_has_titled_sections_with_the_seal() -> None:
    report = bulletin()
    records = csv_rows(render(report, "csv").content)
    titles = [index for index, record in enumerate(records) if record and record[0] in {t.title for t in report.tables}]
    assert len(titles) == 2
    assert records[titles[1] - 1] == []
    assert sum(report.seal in "".join(record) for record in records) == 2


def test_dates_are_dates_and_exact_numbers_beyond_fifteen_digits_are_text() -> None:
    columns = (Column("d", "D", "date"), Column("n", "N", "integer"), Column("old", "O", "date"))
    table = ReportTable("t", columns, [{"d": date(2026, 3, 31), "n": 10**16 + 1, "old": date(1899, 1, 1)}])
    cells = sheets(table)[0][3]
    assert cells[0].is_date
    assert [cell.value for cell in cells[1:]] == ["10000000000000001", "1899-01-01"]


def test_sheet_is_ready_for_print() -> None:
    narrow, wide = sheets(bulletin())
    assert narrow.freeze_panes == "A4"
    assert narrow.print_title_rows == "$3:$3"
    assert narrow.page_setup.paperSize == 9
    assert (narrow.page_setup.orientation, wide.page_setup.orientation) == ("portrait", "landscape")
    assert wide.sheet_properties.pageSetUpPr.fitToPage
    assert wide.page_setup.fitToHeight == 0  # as many pages as it takes, one page wide (the default)
    assert narrow.auto_filter.ref == "A3:G17"
    assert narrow.column_dimensions["B"].width > 20
    texts = [row[0].value for row in narrow.iter_rows() if row[0].value]
    assert texts[1] == "新公社警〔2026〕3号 关于2026年第一季度“一村一警”工作考核情况的通报"
    assert any("派出所与业务警种" in str(text) for text in texts)
    assert any("制表" in str(text) for text in texts)
    assert any("sha256:" in str(text) for text in texts)


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (("a/b:c", "A b C"), ["a b c", "A b C (2)"]),
        (("长" * 40, "长" * 40), ["长" * 31, "长" * 27 + " (2)"]),
        (("𠅤" * 20,), ["𠅤" * 15]),
        (("'x'", "History"), ["x", "History_"]),
    ],
)
def test_sheet_names_are_legal_and_unique(titles: tuple[str, ...], names: list[str]) -> None:
    tables = [text_table(title, ("x",)) for title in titles]
    report = Report(title="r", issued_on=date(2026, 1, 1), attachments=tables)
    assert [sheet.title for sheet in sheets(report)] == names


def test_sheet_without_a_usable_title_gets_one() -> None:
    assert sheets(text_table("[]*?", ("x",)))[0].title


def test_report_without_table_is_refused_by_formats_of_tables() -> None:
    report = Report(title="r", issued_on=date(2026, 1, 1), body=("text",))
    for file_format in ("csv", "xlsx", "html"):
        with pytest.raises(ReportError):
            render(report, file_format)


def test_table_without_rows_still_has_its_headings() -> None:
    table = ReportTable("t", (Column("v", "V"), Column("w", "W")), [])
    assert [cell.value for cell in sheets(table)[0][2]] == ["V", "W"]
    assert csv_rows(render(table, "csv").content) == [["V", "W"]]
