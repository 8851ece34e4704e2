"""The table on a page: semantics, escaping, links, language."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy, override

from xinjin.reporting import Column, ReportError, ReportTable, render
from xinjin.reporting.html import html_table

from .read_back import html_tags
from .samples import people_table


def shown(table: ReportTable) -> str:
    return render_to_string("_components/report_table.html", {"table": html_table(table)})


def test_headings_have_scope_and_numbers_a_class() -> None:
    page = shown(people_table(2))
    assert "<caption>2026年第一季度包村民警工作情况明细表</caption>" in page
    assert page.count('scope="col"') == 10
    assert page.count('<th scope="row" class="text">') == 2
    assert '<td class="num">66</td>' in page
    assert '<td class="date">2026-03-02</td>' in page
    assert "style=" not in page


def test_links_by_key_or_function_and_only_within_the_site() -> None:
    page = shown(people_table(1))
    assert '<a href="/assessments/2026-03/000001/">李伟</a>' in page
    by_function = Column("a", "A", link=lambda row: f'/x/{row["a"]}/?q="')
    assert 'href="/x/1/?q=&quot;"' in shown(ReportTable("t", (by_function,), [{"a": "1"}]))
    assert "<a" not in shown(ReportTable("t", (Column("a", "A", link=lambda _: None),), [{"a": "1"}]))
    for address in ("javascript:alert(1)", "//evil.cn/", "/\\evil.cn", "https://evil.cn/"):
        with pytest.raises(ReportError, match="'a'"):
            shown(ReportTable("t", (Column("a", "A", link="u"),), [{"a": "1", "u": address}]))


def test_text_is_escaped_and_lines_are_kept() -> None:
    table = ReportTable(
        "<i>", (Column("a", "<u>"),), [{"a": "<script>x</script>\n二"}], notes=("<b>",), signatories=("<s>",)
    )
    page = shown(table)
    assert "&lt;script&gt;x&lt;/script&gt;<br>二" in page
    assert not html_tags(page) & {"script", "i", "u", "b", "s"}


def test_empty_table_says_so() -> None:
    assert 'class="empty" colspan="1"' in shown(ReportTable("t", (Column("a", "A"),), []))


def test_page_follows_the_reader_and_files_are_chinese() -> None:
    table = ReportTable("t", (Column("a", gettext_lazy("Monday")),), [{"a": "x"}])
    with override("en"):
        assert "Monday" in render(table, "html").content.decode()
        assert "星期一" in render(table, "csv").content.decode()
