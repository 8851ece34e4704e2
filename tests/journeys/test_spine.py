"""From one visit to the quarter's bulletin, as people do it in front of a screen."""

import csv
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import urlparse
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.journeys.conftest import SignIn, Watched, is_chinese
from xinjin.periods import Month, Quarter, Week

pytestmark = pytest.mark.browser

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


def photo() -> bytes:
    """A picture of noise, as a camera would send it."""
    picture = BytesIO()
    Image.frombytes("RGB", (640, 480), Random(1).randbytes(640 * 480 * 3)).save(picture, "JPEG")
    return picture.getvalue()


def new_visit(person: Watched) -> Page:
    """Opens a draft from the officer's week; the page on which it is written."""
    page = person.open("/today/")
    person.press(page.locator('form[action="/visits/new/"] button').first)
    assert urlparse(page.url).path.endswith("/edit/")
    return page


def write_households(page: Page, start: int = 1, count: int = 5) -> None:
    """Five rows by keyboard alone: text, then Enter on to the next field."""
    for number in range(count):
        field = page.locator(f'input[name="calls-{number}-household"]')
        field.focus()
        page.keyboard.type(f"8组{start + number}号 王建国{'甲乙丙丁戊己庚辛'[number]}")
        page.keyboard.press("Enter")
        page.keyboard.type("本人")
        page.locator(f'input[name="calls-{number}-topics"]').first.check()
        page.locator(f'input[name="calls-{number}-raised"]').fill("路灯不亮")


def write_deed(page: Page) -> None:
    page.fill('input[name="deeds-0-beneficiary"]', "张大爷")
    page.fill('input[name="deeds-0-matter"]', "代办社保卡")
    page.fill('input[name="deeds-0-result"]', "已送到家")


def write_activities(page: Page) -> None:
    page.check('input[name="activity-screening-nothing_found"]')
    for kind in ("briefing", "publicity", "group_patrol"):
        page.check(f'input[name="activity-{kind}-done"]')
        page.fill(f'input[name="activity-{kind}-people_count"]', "12")


def add_photo(page: Page) -> None:
    page.set_input_files("#id_photos", [{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    page.wait_for_selector('#photos[data-photo-count="1"]')
    picture = page.locator("#photos img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('#photos img').naturalWidth > 0")


def hand_in(person: Watched) -> str:
    """Hands in by keyboard; the path of the sheet that is shown then."""
    page = person.page
    page.locator('textarea[name="summary"]').focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    return urlparse(page.url).path


def hand_in_impatiently(person: Watched) -> str:
    """Hands in with two clicks instead of one."""
    with person.page.expect_navigation():
        person.page.dblclick("[data-submit]")
    person.page.wait_for_url("**/visits/*-*/")
    return urlparse(person.page.url).path


def write_visit(
    person: Watched, *, start: str, end: str, first_household: int, finish: Callable[[Watched], str] = hand_in
) -> str:
    """A complete visit of today, handed in; its path."""
    page = new_visit(person)
    page.fill('input[name="started_at"]', start)
    page.fill('input[name="ended_at"]', end)
    write_households(page, first_household)
    write_deed(page)
    write_activities(page)
    page.fill('textarea[name="summary"]', "入户五户，宣传反诈，排查矛盾纠纷。")
    add_photo(page)
    return finish(person)


def test_visit_written_once_is_seen_everywhere(sign_in: SignIn):
    person = sign_in("officer")
    page = person.page
    assert urlparse(page.url).path == "/today/"
    code = page.locator('form[action="/visits/new/"] input[name="village"]').first.input_value()
    sheet = write_visit(person, start="20:00", end="21:00", first_household=1)
    assert re.fullmatch(r"/visits/[0-9a-f-]{36}/", sheet)
    shown = page.inner_text("main")
    for text in ("8组1号 王建国甲", "代办社保卡", "路灯不亮", "入户五户"):
        assert text in shown

    page = person.open("/today/")
    row = page.locator("table tr", has=page.locator(f'a[href="/villages/{code}/"]')).first
    assert f"{TODAY:%Y-%m-%d}" in row.inner_text()

    week = Week.of(TODAY).key
    page = person.open(f"/coverage/?period={week}")
    cell = page.locator(f'a[href$="/coverage/{code}/{week}/"]')
    if cell.count():  # a week without working days owes nothing and shows no cell
        assert "missed" not in str(cell.locator("xpath=..").get_attribute("class"))
    page = person.open(f"/coverage/{code}/{week}/")
    assert page.locator(f'a[href="{sheet}"]').count() == 1

    page = person.open(f"/assessments/{Month.counting(TODAY).key}/")
    lines = page.locator(".scorecard table a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert lines
    assert any(_leads_to(person, line, sheet) for line in lines), "no line of the score opens to the visit"

    page = person.open(f"/villages/{code}/")
    assert page.locator(f'a[href="{sheet}"]').count() >= 1


def _leads_to(person: Watched, line: str, sheet: str) -> bool:
    return person.open(line).locator(f'a[href="{sheet}"]').count() > 0


def test_mistakes_are_shown_at_once_in_chinese_and_nothing_is_lost(sign_in: SignIn):
    person = sign_in("officer")
    page = new_visit(person)
    tomorrow = f"{TODAY + timedelta(days=1):%Y-%m-%d}"
    typed = {
        "visited_on": tomorrow,
        "ended_at": "22:45",
        "calls-0-household": "没有空格",
        "calls-1-household": "8组1号 王建国甲",
        "calls-1-raised": "井盖坏了",
        "deeds-0-beneficiary": "李婆婆",
        "deeds-0-matter": "修水管",
    }
    for name, value in typed.items():
        page.fill(f'[name="{name}"]', value)
    draft = urlparse(page.url).path
    assert hand_in(person) == draft
    errors = page.locator(".error-summary li").all_inner_texts()
    assert len(errors) >= 6, errors
    assert [error for error in errors if not is_chinese(error)] == []
    beside = page.locator(".field__errors").all_inner_texts()
    assert len([text for text in beside if text.strip()]) >= 6
    for name, value in typed.items():
        assert page.input_value(f'[name="{name}"]') == value
    person.open("/visits/")
    page = person.open(draft)  # and another day it is still there
    for name in ("calls-1-raised", "deeds-0-matter"):
        assert page.input_value(f'[name="{name}"]') == typed[name]


def test_file_that_is_no_picture_is_refused(sign_in: SignIn):
    person = sign_in("officer")
    page = new_visit(person)
    page.set_input_files("#id_photos", [{"name": "假.jpg", "mimeType": "image/jpeg", "buffer": b"no picture" * 100}])
    page.wait_for_selector('#photos .upload[data-state="failed"]')
    assert "假.jpg" in page.inner_text("#photos .upload__name")
    message = page.inner_text("#photos .upload__error")
    assert is_chinese(message)
    assert page.get_attribute("#photos", "data-photo-count") == "0"


def test_second_hand_in_of_a_visit_changes_nothing(sign_in: SignIn):
    person = sign_in("officer")
    page = person.page
    sheet = write_visit(person, start="21:10", end="22:00", first_household=11, finish=hand_in_impatiently)
    assert not sheet.endswith("/edit/")
    page.go_back()  # what is handed in is not offered for writing again
    assert page.locator('textarea[name="summary"]').count() == 0
    listed = person.open("/visits/").locator(f'a[href="{sheet}"]')
    assert listed.count() == 1


# --- month and quarter


def month_to_sign(person: Watched) -> str:
    """The oldest month that still waits for the chief's signature."""
    page = person.open("/assessments/")
    links = page.locator('main a[href^="/assessments/"]').evaluate_all(
        "links => links.map(a => a.getAttribute('href'))"
    )
    keys = sorted({found[1] for link in links if (found := re.match(r"/assessments/(\d{4}-\d{2})/$", link))})
    for key in keys:
        if person.open(f"/assessments/{key}/").locator('a[href$="/sign-month/"]').count():
            return key
    raise AssertionError(f"no month waits for a signature: {keys}")


def comment_and_sign(person: Watched, key: str) -> None:
    page = person.open(f"/assessments/{key}/")
    first = page.locator('select[name^="remark-"]').first
    name = first.get_attribute("name")
    first.select_option("fairly_good")
    person.press(page.locator(f'form[action*="/{key}/leader-comments/"] button'))
    assert page.locator(f'select[name="{name}"]').input_value() == "fairly_good"
    page.locator('form[action*="/same-comment/"] select').select_option("good")
    person.press(page.locator('form[action*="/same-comment/"] button'))
    person.press(page.locator('a[href$="/sign-month/"]'))
    for _ in range(2):  # late records may have changed the figures: then one looks once more
        page.fill('main textarea[name="remark"]', "属实")
        person.press(page.locator("main form .button--primary"))
        if urlparse(page.url).path == f"/assessments/{key}/":
            return
    raise AssertionError(page.inner_text("main"))


def lock(person: Watched, key: str) -> None:
    page = person.open(f"/assessments/{key}/")
    person.press(page.locator('a[href$="/lock-month/"]'))
    person.press(page.locator("main form .button--primary"))
    assert urlparse(page.url).path == f"/assessments/{key}/", page.inner_text("main")


def issue(person: Watched, quarter: str) -> None:
    page = person.open(f"/bulletins/{quarter}/")
    person.press(page.locator('form[action$="/draw-up/"] button'))
    assert "version=1" in page.url
    number = page.input_value('form[action$="/issue/"] input[name="number"]')
    assert is_chinese(number)
    person.press(page.locator('form[action$="/issue/"] button'))
    assert urlparse(page.url).path == f"/bulletins/{quarter}/"
    assert number in page.inner_text("main")


def download(person: Watched, quarter: str, folder: Path) -> dict[str, Path]:
    """{format: the file that the browser kept}."""
    page = person.open(f"/bulletins/{quarter}/")
    files = {}
    for file_format in ("xlsx", "pdf", "docx", "csv"):
        with page.expect_download() as kept:
            page.locator(f'a[href*="/bulletins/{quarter}.{file_format}"]').click()
        assert quarter in kept.value.suggested_filename or is_chinese(kept.value.suggested_filename)
        files[file_format] = folder / f"bulletin.{file_format}"
        kept.value.save_as(files[file_format])
    return files


def plain(values: Iterable[object]) -> list[str]:
    """Cells as a person reads them: no blanks, no trailing zeros."""
    texts = (re.sub(r"\s", "", "" if value is None else str(value)) for value in values)
    return [re.sub(r"^(-?\d+\.\d*?)0+$", r"\1", text).rstrip(".") for text in texts if text]


def tables_of(page: Page) -> list[list[str]]:
    """The rows of the bulletin's tables as the page shows them."""
    rows = page.locator("main table tbody tr").all()
    return [plain(row.locator("th, td").all_inner_texts()) for row in rows]


def sheet_values(book: openpyxl.Workbook) -> Iterable[object]:
    """What the cells of a workbook show; a share is stored as a number and shown in per cent."""
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        is_share = isinstance(cell.value, int | float) and cell.number_format.endswith("%")
        yield f"{cell.value:.2%}" if is_share else cell.value


def words_of(files: dict[str, Path]) -> dict[str, str]:
    """Everything written in each file, without blanks."""
    book = openpyxl.load_workbook(files["xlsx"])
    document = docx.Document(str(files["docx"]))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    with files["csv"].open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    return {
        "xlsx": "|".join(plain(sheet_values(book))),
        "docx": "|".join(plain([*(cell.text for cell in cells), *(p.text for p in document.paragraphs)])),
        "csv": "|".join(plain(cell for row in rows for cell in row)),
        "pdf": re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(files["pdf"]).pages)),
    }


def test_month_is_signed_locked_and_becomes_a_bulletin(sign_in: SignIn, tmp_path: Path):
    chief = sign_in("chief")
    key = month_to_sign(chief)
    comment_and_sign(chief, key)
    page = chief.open("/admin/assessments/assessmentmonth/")
    chief.press(page.locator("#result_list a", has_text=key).first)
    assert key in page.inner_text("main")
    assert is_chinese(page.inner_text("main fieldset"))

    brigade = sign_in("brigade")
    lock(brigade, key)
    year, month = key.split("-")
    quarter = Quarter.of(TODAY.replace(year=int(year), month=int(month), day=1)).key
    issue(brigade, quarter)
    rows = [row for row in tables_of(brigade.page) if row]
    assert len(rows) > 8
    files = download(brigade, quarter, tmp_path)
    for file_format, words in words_of(files).items():
        assert is_chinese(words), file_format
        missing = sorted({cell for row in rows for cell in row if cell not in words})
        assert missing == [], file_format

    page = chief.open(f"/bulletins/{quarter}/")
    assert [row for row in tables_of(page) if row] == rows


# --- every page that a menu leads to


@pytest.mark.parametrize("name", ["officer", "unitleader", "chief", "brigade", "inspector", "command", "bureau"])
def test_menu_leads_to_quiet_pages(sign_in: SignIn, name: str):
    person = sign_in(name)
    links = person.page.locator("header a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    paths = sorted({link for link in links if link.startswith("/")})
    assert len(paths) >= 5
    for path in paths:
        page = person.open(path)
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        assert is_chinese(page.title())


@pytest.mark.parametrize("name", ["clerk", "brigade", "sysadmin", "secadmin", "auditor"])
def test_admin_is_quiet_and_chinese(sign_in: SignIn, name: str):
    person = sign_in(name)
    page = person.open("/admin/")
    links = page.locator("main a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    lists = sorted({link for link in links if re.fullmatch(r"/admin/\w+/\w+/", link)})
    assert lists
    for path in lists:
        page = person.open(path)
        assert is_chinese(page.inner_text("main"))
        may_add = page.locator('a[href$="/add/"]').count() > 0
        row = page.locator("#result_list th a").first
        if row.count():
            person.press(row)
        if may_add:
            person.open(f"{path}add/")
