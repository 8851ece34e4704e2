"""Canonical texts, refusals, and tables that can be read more than once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from xinjin.reporting import Column, Kind, ReportError, ReportTable, cell_text
from xinjin.reporting.text import MAX_CHARACTERS, clean_text, width_of


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", " 王小䶮 ", " 王小䶮 "),
        ("text", 110101199001011234, "110101199001011234"),
        ("integer", -12, "-12"),
        ("integer", 10**15, "1000000000000000"),
        ("score", Decimal("88.0"), "88.0"),
        ("score", Decimal("-0.00"), "0.00"),
        ("score", Decimal("1E+2"), "100"),
        ("score", 7, "7"),
        ("percent", Decimal("0.933"), "93.3%"),
        ("percent", Decimal("0.95"), "95%"),
        ("percent", Decimal("0.9500"), "95.00%"),
        ("percent", Decimal("0.5"), "50%"),
        ("percent", 1, "100%"),
        ("date", date(2026, 3, 1), "2026-03-01"),
        ("datetime", datetime(2026, 3, 31, 17, 59, 58, tzinfo=UTC), "2026-04-01 01:59"),
    ],
)
def test_cell_text_by_kind(kind: str, value: Any, expected: str) -> None:
    assert cell_text(Column("k", "k", kind), value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("score", 88.5),
        ("percent", 0.5),
        ("score", Decimal("NaN")),
        ("score", Decimal("Infinity")),
        ("score", Decimal("1E+999999")),
        ("score", "88"),
        ("integer", Decimal(1)),
        ("integer", True),
        ("text", True),
        ("text", 1.0),
        ("date", datetime(2026, 1, 1, tzinfo=UTC)),
        ("date", "2026-01-01"),
        ("datetime", date(2026, 1, 1)),
    ],
)
def test_wrong_type_is_refused_without_quoting_the_value(kind: str, value: Any) -> None:
    with pytest.raises(ReportError, match="'salary'") as caught:
        cell_text(Column("salary", "k", kind), value)
    assert str(value) not in str(caught.value)


def test_rows_may_be_mappings_or_objects_and_missing_keys_are_named() -> None:
    columns = (Column("a", "A"), Column("b", "B", Kind.INTEGER))
    table = ReportTable("t", columns, [{"a": "x", "b": 1}, SimpleNamespace(a="y", b=None)])
    assert list(table.cells()) == [("x", "1"), ("y", "—")]
    with pytest.raises(ReportError, match="row 2 has no value 'b'"):
        list(ReportTable("t", columns, [{"a": "x", "b": 1}, {"a": "y"}]).cells())
    with pytest.raises(ReportError, match="row 1 has no value 'b'"):
        list(ReportTable("t", columns, [SimpleNamespace(a="x")]).cells())


def test_generator_can_be_rendered_twice_and_a_list_is_not_copied() -> None:
    table = ReportTable("t", (Column("n", "N", "integer"),), ({"n": n} for n in range(3)))
    assert list(table.cells()) == list(table.cells()) == [("0",), ("1",), ("2",)]
    rows = [{"n": 1}]
    assert ReportTable("t", (Column("n", "N"),), rows).rows is rows


def test_columns_need_different_keys_and_known_kinds() -> None:
    with pytest.raises(ReportError):
        ReportTable("t", (), [])
    with pytest.raises(ReportError):
        ReportTable("t", (Column("a", "A"), Column("a", "B")), [])
    with pytest.raises(ValueError, match="money"):
        Column("a", "A", "money")


def test_clean_text_removes_what_a_format_cannot_hold_and_cuts_visibly() -> None:
    assert clean_text("a\0\x1b\ufffe\ud800\U0001fffe\u202eb\r\nc\u2029d\te") == "ab\nc\nd e"
    assert len(clean_text("长" * 40_000)) == MAX_CHARACTERS
    assert clean_text("长" * 40_000).endswith("…")


def test_width_counts_chinese_full_and_latin_half() -> None:
    assert width_of("新津2026\n字") == 4.0
    assert width_of("") == 0.0
    assert width_of("e\u0301\u200b") == 0.5


def test_widths_are_given_or_measured_on_heading_and_contents() -> None:
    columns = (Column("a", "A", width=9), Column("b", "很长很长的列标题八"), Column("c", "名"))
    assert ReportTable("t", columns, [{"a": "", "b": "x", "c": "六个字的名字"}]).widths() == (9, 4.5, 6.0)
    assert ReportTable("t", columns, []).widths() == (9, 4.5, 2.0)
