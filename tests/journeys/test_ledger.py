"""Disputes in a browser: from a tick in a log to red and resolved; one of earlier weeks called on and closed."""

import re
from datetime import timedelta
from urllib.parse import urlparse

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.journeys.conftest import SignIn, Watched, is_chinese
from tests.journeys.test_spine import add_photo, hand_in, new_visit, write_activities, write_deed, write_households
from tests.patrols.test_attachments import PLAIN
from tests.patrols.test_photos import picture

pytestmark = pytest.mark.browser
PICTURE = picture("PNG")


def act(person: Watched, name: str, **fields: str) -> Page:
    """Opens the form of an act on the case's page, fills it and sends it."""
    page = person.page
    form = page.locator(f"details#{name}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for field, value in fields.items():
        place = form.locator(f'[name="{field}"]')
        if place.evaluate("each => each.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    person.press(form.locator('button[type="submit"]'))
    return page


def next_step(page: Page) -> str:
    """The day by which the case asks for another step."""
    found = re.search(r"下次最迟(\d{4}-\d\d-\d\d)", page.inner_text("main"))
    assert found, page.inner_text("main")
    return found[1]


def test_dispute_of_a_visit_becomes_red_is_resolved_and_cannot_be_closed_before_its_calls(sign_in: SignIn):
    officer = sign_in("officer")
    page = new_visit(officer)
    page.fill('input[name="started_at"]', "18:00")
    page.fill('input[name="ended_at"]', "19:00")
    write_households(page, 31)
    page.fill('input[name="calls-0-raised"]', "邻居挖沟伤了地基，双方动了手")
    page.select_option('select[name="calls-0-case_kind"]', "dispute")
    write_deed(page)
    write_activities(page)
    page.fill('textarea[name="summary"]', "入户五户，排查矛盾纠纷。")
    add_photo(page)
    sheet = hand_in(officer)
    link = page.locator("a", has_text=re.compile("〔20"))
    assert link.count() == 1
    officer.press(link)
    path = urlparse(page.url).path
    assert "黄色" in page.inner_text("main")
    assert "个工作日" in page.inner_text("main")

    act(officer, "level", level="red", reason="扬言报复")
    assert "须当日报村两委" in page.inner_text("main")
    chief = sign_in("chief")
    assert "红色" in chief.open("/inbox/").inner_text("main")
    chief.open(path)
    act(chief, "lead", leader=chief.page.locator('#lead [name="leader"] option').nth(1).get_attribute("value") or "")
    notice = chief.open(f"{path}notice/").inner_text("main")
    assert is_chinese(notice)
    assert "王建国" not in notice
    chief.open(path)
    act(chief, "inform", received_by="村支书")
    assert "须当日报村两委" not in chief.page.inner_text("main")

    # Every week a step: the day is said, moves on with a step, and the step takes the signed agreement along.
    officer.open(path)
    first = next_step(officer.page)
    papers = [{"name": "现场.png", "mimeType": "image/png", "buffer": PICTURE},
              {"name": "协议.pdf", "mimeType": "application/pdf", "buffer": PLAIN}]  # fmt: skip
    officer.page.set_input_files('#step [name="files"]', papers)
    act(officer, "step", kind="mediation", note="双方到村委会面对面调解")
    assert next_step(officer.page) >= first
    assert "协议.pdf" in officer.page.inner_text("main")
    with officer.page.expect_download() as download:
        officer.page.click("text=协议.pdf")
    assert download.value.suggested_filename == "协议.pdf"
    officer.page.wait_for_function("document.querySelector('.case__files img').naturalWidth > 0")
    act(officer, "resolve", result="赔偿三千元，当场付清", resolver="committee", method="peoples_mediation")
    act(officer, "answer", answer="已当面告知", satisfaction="satisfied")
    chief.open(path)
    act(chief, "close")
    refusal = chief.page.inner_text("details#close")
    assert "还有2次回访未完成" in refusal
    assert path in officer.open(sheet).content()


def test_red_dispute_of_earlier_weeks_is_called_on_and_closed_by_the_station(sign_in: SignIn):
    def ago(days: int) -> str:
        return f"{timezone.localdate() - timedelta(days=days):%Y-%m-%d}"

    officer, chief = sign_in("officer"), sign_in("chief")
    page = officer.open("/ledger/new/")
    page.fill('[name="title"]', "宅基地边界争执")
    page.select_option('[name="category"]', "land")
    page.select_option('[name="level"]', "red")
    page.fill('[name="opened_on"]', ago(55))
    page.fill('[name="parties-0-name"]', "王建国")
    officer.press(page.locator('main form button[type="submit"]').last)
    path = urlparse(page.url).path
    chief.open(path)
    act(chief, "lead", leader=chief.page.locator('#lead [name="leader"] option').nth(1).get_attribute("value") or "")
    act(chief, "inform", received_by="村支书")
    officer.open(path)
    act(officer, "step", kind="mediation", happened_on=ago(50), note="现场丈量")
    act(officer, "resolve", resolved_on=ago(48), result="恢复界桩", resolver="committee", method="peoples_mediation")
    act(officer, "answer", answered_on=ago(48), answer="已当面告知", satisfaction="satisfied")
    # The call after a week, not on the day after the resolution.
    act(officer, "follow_up", done_on=ago(47), satisfaction="satisfied", note="已和好")
    assert "方可进行" in officer.page.inner_text("details#follow_up")
    act(officer, "follow_up", done_on=ago(41), satisfaction="satisfied", note="已和好")
    act(officer, "follow_up", done_on=ago(17), satisfaction="satisfied", note="相处平稳")
    chief.open(path)
    act(chief, "close", reason="回访无反复")
    assert "已销号" in chief.page.inner_text("main")
    assert chief.page.locator("details#close").count() == 0
