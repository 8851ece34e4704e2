"""Numbers of headings, lines of titles, and what a download is called."""

from dataclasses import replace

import pytest
from django.test import override_settings

from xinjin.reporting import DOWNLOAD_FORMATS, Heading, ReportError, download_response, render
from xinjin.reporting.layout import lay_out
from xinjin.reporting.numbering import Numbering, chinese
from xinjin.reporting.titles import balanced_lines

from .samples import bulletin, people_table, units_table


def test_headings_are_numbered_by_level_and_start_anew() -> None:
    numbering = Numbering()
    levels = (1, 2, 2, 3, 4, 4, 3, 1, 2)
    assert [numbering.next(level) for level in levels] == [
        "一、", "（一）", "（二）", "1.", "（1）", "（2）", "2.", "二、", "（一）",
    ]  # fmt: skip
    with pytest.raises(ReportError):
        Heading("x", 5)


def test_chinese_numerals() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("短标题", ["短标题"]),
        ("关于2026年第一季度“一村一警”工作考核情况的通报", ["关于2026年第一季度", "“一村一警”工作考核情况的通报"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("", [""]),
    ],
)
def test_titles_are_broken_evenly_and_never_inside_a_quotation(title: str, lines: list[str]) -> None:
    assert balanced_lines(title, 20) == lines


@pytest.mark.parametrize("title", ["长" * 100, "a" * 200, "一“" * 60, "2026年" * 30])
def test_broken_titles_fit_and_lose_nothing(title: str) -> None:
    lines = balanced_lines(title, 20)
    assert "".join(lines) == title
    assert len(lines) < 20


def test_long_issuer_is_centred_above_the_date_within_the_page() -> None:
    signature = lay_out(bulletin()).signature
    assert signature is not None
    assert signature.issuer_right >= 0
    assert signature.day_right > 4
    short = lay_out(replace(bulletin(), issuer="新津分局")).signature
    assert short is not None
    assert short.day_right == 4.0


def test_issuer_and_mark_default_to_the_bureau() -> None:
    with override_settings(BUREAU_NAME="某局"):
        layout = lay_out(replace(bulletin(), issuer="", mark=""))
    assert (layout.mark, layout.author) == ("某局", "某局")


def test_table_sizes_fit_the_page() -> None:
    narrow, wide = lay_out(bulletin()).sheets
    assert not narrow.is_landscape
    assert wide.is_landscape
    assert sum(narrow.widths) == pytest.approx(156 * 72 / 25.4, abs=0.1)
    assert sum(wide.widths) == pytest.approx(225 * 72 / 25.4, abs=0.1)
    assert min(narrow.size, wide.size) >= 10.5


def test_inline_tables_never_turn_the_page() -> None:
    layout = lay_out(replace(bulletin(), body=(people_table(3),)))
    (sheet,) = layout.body
    assert not sheet.is_landscape  # type: ignore[union-attr]


@pytest.mark.parametrize("file_format", DOWNLOAD_FORMATS)
def test_download_has_type_and_chinese_name(file_format: str) -> None:
    rendered = render(units_table(), file_format)
    assert rendered.filename == f"2026年第一季度各单位“一村一警”工作考核得分.{file_format}"
    response = download_response(rendered)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''2026%E5%B9%B4")
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Type"] == rendered.content_type
    assert response.content == rendered.content


def test_file_names_are_safe() -> None:
    assert render(units_table(), "csv", stem="bulletin-2026-Q1").filename == "bulletin-2026-Q1.csv"
    assert render(units_table(), "csv", stem='../a\\b:"*?<>|\r\nc').filename == "a_b_c.csv"
    assert render(units_table(), "csv", stem="长" * 300).filename == "长" * 80 + ".csv"
    assert render(replace(units_table(), title="..."), "csv").filename == "report.csv"


def test_unknown_format_is_refused() -> None:
    with pytest.raises(ReportError, match="odt"):
        render(units_table(), "odt")
