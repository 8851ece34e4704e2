"""The PDF: archival, made of data only, and honest about characters that no font holds."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from django.test import override_settings

from xinjin.reporting import Column, Heading, Report, ReportError, ReportTable, render
from xinjin.reporting import fonts as reporting_fonts
from xinjin.reporting.cmap import characters_of
from xinjin.reporting.fonts import missing_characters, printable
from xinjin.reporting.titles import balanced_lines

from .read_back import pdf_text, squeezed
from .samples import bulletin, people_table, units_table

MM = 72 / 25.4


def reader(document: Report | ReportTable) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render(document, "pdf").content))


def one_cell(text: str, **extra: object) -> ReportTable:
    return ReportTable("表", (Column("v", "列"),), [{"v": text}], **extra)  # type: ignore[arg-type]


def test_is_pdf_a_2b_dated_by_the_report() -> None:
    found = reader(bulletin())
    metadata = found.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert str(found.metadata.creation_date).startswith("2026-04-10")
    assert found.metadata.title == "关于2026年第一季度“一村一警”工作考核情况的通报"
    assert found.metadata.author == "成都市公安局新津区分局社区警务大队"


def test_pages_are_a4_and_turn_for_the_wide_table() -> None:
    pages = reader(bulletin()).pages
    sizes = [(round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM)) for page in pages]
    assert sizes == [(210, 297)] * 3 + [(297, 210)] * (len(pages) - 4) + [(210, 297)]


def placed(page: pypdf.PageObject) -> list[tuple[float, float, str]]:
    """Millimetres from the left and from the top of a portrait page, and the text that starts there."""
    places = []

    def note(text: str, page_matrix: list[float], matrix: list[float], _font: object, _size: object) -> None:
        if text.strip():
            (a, b, c, d, e, f), (x, y) = page_matrix, matrix[4:]
            places.append(((a * x + c * y + e) / MM, 297 - (b * x + d * y + f) / MM, text.strip()))

    page.extract_text(visitor_text=note)
    return places


def test_text_stands_inside_the_text_area() -> None:
    places = placed(reader(bulletin()).pages[1])
    body = [(x, y) for x, y, _ in places if y < 262]
    assert min(x for x, _ in body) >= 27.9
    assert 37 < min(y for _, y in body) < 43
    footer = [(x, y) for x, y, _ in places if y > 262]
    assert footer
    assert all(269 < y < 276 for _, y in footer)
    assert all(x < 50 for x, _ in footer)  # an even page: on the left


def test_every_page_of_a_long_table_has_headings_and_a_number() -> None:
    pages = reader(people_table()).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = squeezed(page.extract_text())
        assert "序号姓名所包村（社区）" in text
        assert f"—{number}—" in text


@pytest.mark.parametrize(
    "text",
    ['#read("report.typ")', "#panic()", "$x$", "*a*", "= 标题", "// 注释", "@ref", "<label>", "\\u{41}", "#sys.inputs"],
)
def test_markup_is_only_text_everywhere(text: str) -> None:
    report = replace(
        bulletin(), title=text, number=text, addressees=(text,), body=(text,), notes=(text,), seal=text, cc=(text,),
        issuer=text, mark=text, printed_by=text, attachments=(replace(one_cell(text), title=text, notes=(text,)),),
    )  # fmt: skip
    assert pdf_text(render(report, "pdf").content).count(squeezed(text)) >= 14


def test_missing_characters_are_marked_and_listed() -> None:
    table = one_cell("王\U000323af\u05e9二")
    assert missing_characters("王\U000323af\u05e9二\n") == {"\U000323af", "\u05e9"}
    text = pdf_text(render(table, "pdf").content)
    assert "王〓〓二" in text
    assert "U+05E9U+323AF" in text
    assert "U+" not in pdf_text(render(one_cell("王䶮㛃𠅤"), "pdf").content)


def test_invisible_characters_are_left_out_not_marked() -> None:
    assert printable("a\u200d\u200bb\ufe0f葛\U000e0101\u2009c\nd") == "ab葛 c\nd"
    assert missing_characters("\u200b\u200d\ufe0f\u2009\n") == set()


def test_words_and_tall_cells_stay_inside_their_column() -> None:
    columns = (Column("a", "一", width=2), Column("b", "二", width=20), Column("c", "三", width=20))
    rows = [{"a": "W" * 60, "b": "长" * 900, "c": "三"}, {"a": "长" * 160, "b": "@" * 300, "c": "三"}]
    found = reader(ReportTable("表", columns, rows))
    for page in found.pages:
        # The wide letter fills its column of two em; nothing of it may reach the next column.
        for x, y, text in placed(page):
            assert 37 <= y < 297, (x, y)
            if set(text) <= {"W"}:
                assert x < 28 + 210 * 2 / 42 + 5
    text = squeezed("".join(page.extract_text() for page in found.pages))
    assert (text.count("W"), text.count("@"), text.count("长")) == (60, 300, 1060)


@pytest.mark.parametrize("text", ["a" * 3000, "长" * 9000, "一\n" * 900, "W" * 15_999, "\u0301" * 50])
def test_extreme_cells_are_set_in_full(text: str) -> None:
    found = pdf_text(render(one_cell(text), "pdf").content)
    for character in set(squeezed(text)):
        assert found.count(character) >= text.count(character)


def test_tags_only_where_size_does_not_matter() -> None:
    assert "/StructTreeRoot" in reader(units_table()).trailer["/Root"]
    long = reader(people_table(600))
    assert "/StructTreeRoot" not in long.trailer["/Root"]


def test_fonts_of_the_bureau_come_before_the_wheel(tmp_path: Path) -> None:
    wheel = Path(reporting_fonts.font_folders()[-1])
    (tmp_path / "own.otf").write_bytes((wheel / "NotoSansSC-Regular.otf").read_bytes())
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with override_settings(REPORT_FONT_DIR=str(tmp_path)):
        assert reporting_fonts.font_folders() == (str(tmp_path), str(wheel))
        paths = {font.family: font.path for font in reporting_fonts.compiler_fonts().fonts()}
        assert paths["Noto Serif SC"].startswith(str(wheel))
        assert b"%PDF" in render(one_cell("王"), "pdf").content
    with override_settings(REPORT_FONT_DIR="/does/not/exist"):
        assert reporting_fonts.font_folders() == (str(wheel),)


def test_no_fonts_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting_fonts, "WHEEL", "no_such_wheel")
    with override_settings(REPORT_FONT_DIR=""), pytest.raises(ReportError, match="REPORT_FONT_DIR"):
        render(one_cell("王"), "pdf")


def test_panic_of_the_compiler_is_an_ordinary_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(*_: object, **__: object) -> bytes:
        raise PanicException

    monkeypatch.setattr("typst.compile", panic)
    with pytest.raises(ReportError, match="compiler failed"):
        render(one_cell("王"), "pdf")


def test_cmap_of_the_wheel_and_of_broken_files(tmp_path: Path) -> None:
    wheel = Path(reporting_fonts.font_folders()[-1])
    held = characters_of(wheel / "NotoSerifSC-Regular.otf")
    assert set("王䶮㛃𠅤𬭎A〓—“") <= held
    assert not set("\u05e9\U000323af") & held
    broken = tmp_path / "broken.otf"
    for content in (b"", b"ttcf", b"OTTO\0\xff" + b"\0" * 20, (wheel / "NotoSerifSC-Regular.otf").read_bytes()[:9000]):
        broken.write_bytes(content)
        assert characters_of(broken) == set()


def test_signature_shares_a_page_with_text_and_imprint_ends_the_document() -> None:
    for count in range(1, 30, 4):
        report = replace(bulletin(), body=["全局各单位认真落实走访要求。" * 3] * count, attachments=())
        pages = [squeezed(page.extract_text()) for page in reader(report).pages]
        (signed,) = [text for text in pages if "社区警务大队2026年4月10日（" in text or "大队4/10/2026（" in text]
        assert "全局各单位" in signed
        assert "督察大队" in pages[-1]


def test_list_of_attachments_goes_over_with_the_signature() -> None:
    for count in range(10, 26):
        body = ["请注意防范。" * 4] * count + ["各村议事会每月召开一次。" * 3]
        report = Report(
            title="治安形势分析", issued_on=date(2026, 4, 10), issuer="五津派出所", body=body, is_letter=True,
            attachments=(one_cell("x"),) * 2,
        )  # fmt: skip
        pages = [squeezed(page.extract_text()) for page in reader(report).pages]
        (signed,) = [text for text in pages if "五津派出所2026年4月10日" in text]
        assert "召开一次" in signed, count


def test_date_of_a_table_without_date_is_fixed() -> None:
    assert str(reader(one_cell("x")).metadata.creation_date).startswith("2000-01-01")
    assert str(reader(one_cell("x", issued_on=date(2026, 1, 2))).metadata.creation_date).startswith("2026-01-02")


def test_letter_keeps_its_first_page_for_its_text() -> None:
    """A notice with two paragraphs below a document's head runs to a second page; as a letter it does not."""
    report = Report(
        title="关于治安情况的通报", issued_on=date(2026, 4, 10), issuer="五津派出所", body=["请注意防范。" * 28] * 2
    )
    document, letter = reader(report).pages, reader(replace(report, is_letter=True)).pages
    assert (len(document), len(letter)) == (2, 1)
    tops = [min(y for _, y, text in placed(pages[0]) if text.startswith("五津")) for pages in (document, letter)]
    assert tops[0] > 80
    assert 37 < tops[1] < 50


def test_title_breaks_between_words() -> None:
    title = "关于某某社区11月9日至11月15日矛盾纠纷排查化解情况告知书"
    for cut in range(9):
        for line in balanced_lines(title[cut:], 20)[:-1]:
            assert not line.endswith(("矛", "矛盾", "矛盾纠", "排", "化", "情", "至", "11月"))


def test_table_without_a_title_follows_its_heading() -> None:
    table = ReportTable("", (Column("v", "列"),), [{"v": "值"}])
    body: list[object] = [Heading("本周"), table]
    report = Report(title="题", issued_on=date(2026, 4, 10), issuer="所", body=body)  # type: ignore[arg-type]
    places = {text: y for _, y, text in placed(reader(report).pages[0])}
    heading = next(y for text, y in places.items() if "本周" in text)
    assert places["列"] - heading < 12
