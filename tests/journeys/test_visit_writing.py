"""A visit written by keyboard alone, and a draft that survives whatever happens to the page it is written on."""

import time
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server, SignIn, is_chinese
from tests.journeys.test_spine import new_visit

pytestmark = pytest.mark.browser

LINE = "[data-saving-line]"
MOST_KEYS = 60
MOST_SECONDS = 180


class Hands:
    """Someone at the keyboard: counts every press but the letters of free text."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1
        return self

    def figures(self, digits: str) -> "Hands":
        return self.press(*digits)

    def text(self, words: str) -> "Hands":
        self.page.keyboard.insert_text(words)  # as an input method gives it
        return self

    @property
    def at(self) -> str:
        return self.page.evaluate("document.activeElement.name || document.activeElement.id")


def saved(page: Page, state: str = "saved") -> str:
    """Waits for the indicator; its words."""
    page.wait_for_selector(f'[data-saving][data-state="{state}"]')
    return page.inner_text(LINE)


def settled(page: Page) -> None:
    """What was typed last has been saved, not only something before it."""
    page.wait_for_selector('[data-saving][data-state="saving"]')
    saved(page)


def test_typical_entry_takes_sixty_keys_and_no_mouse(sign_in: SignIn):
    page = new_visit(sign_in("community"))
    hands, began = Hands(page), time.monotonic()
    assert hands.at == "started_at"
    hands.figures("0215").press("Enter").figures("0430").press("Enter")
    hands.press("Space", "Enter")  # the companion
    for number in range(5):
        assert hands.at == f"calls-{number}-household"
        page.wait_for_selector("#choices [role=option]")
        hands.press("ArrowDown", "Enter", "Enter", "Space", "Enter").text("路灯不亮").press("Enter")
    hands.press("Enter")  # on the blank sixth row: on to the deeds
    hands.text("张大爷").press("Enter").text("代办社保卡").press("Enter", "Enter").text("已送到家").press("Enter")
    hands.press("Enter")
    assert hands.at == "activity-briefing-done"
    hands.figures("20").press("ArrowDown", "ArrowDown").figures("6").press("ArrowDown", "Space", "ArrowDown")
    assert hands.at == "summary"
    hands.text("入户五户，宣传反诈，排查矛盾纠纷。").press("Tab", "Tab").text("相机没电")
    assert hands.at == "photo_waiver"
    lines = page.locator("[data-panel] [data-line]")
    assert lines.count() == page.locator("[data-panel] .is-met").count()
    with page.expect_navigation():
        hands.press("Control+Enter")
    page.wait_for_load_state()
    assert not urlparse(page.url).path.endswith("/edit/"), page.inner_text("main")
    assert hands.presses <= MOST_KEYS, hands.presses
    assert time.monotonic() - began < MOST_SECONDS
    shown = page.inner_text("main")
    for words in ("02:15 – 04:30", "路灯不亮", "已送到家", "入户五户"):
        assert words in shown
    assert page.locator("main tbody").first.locator("tr").count() == 5


def test_base_info_change_is_added_by_keyboard_and_is_no_stop_before(sign_in: SignIn):
    person = sign_in("community")
    page = new_visit(person)
    hands, part = Hands(page), page.locator("[data-base-info]")
    expect(part.locator("table")).to_be_hidden()
    page.focus('[name="summary"]')
    hands.press("Alt+b")
    assert hands.at == "base_info-0-subject"
    hands.press("ArrowDown", "ArrowDown", "Enter", "ArrowDown", "Enter").text("3组12号").press("Enter").text(
        "新租户一家"
    )
    settled(page)
    hands.press("Enter")
    assert hands.at == "base_info-1-subject"
    hands.press("Alt+Delete")
    shown = person.open(urlparse(page.url).path).locator("[data-base-info]")
    assert shown.locator("[data-row]:not([hidden])").count() == 1
    assert shown.locator('[name="base_info-0-subject"]').input_value() == "person"
    assert shown.locator('[name="base_info-0-what"]').input_value() == "新租户一家"


def test_choices_are_a_combobox_that_pinyin_finds_and_escape_closes(sign_in: SignIn):
    page = new_visit(sign_in("community"))
    field = page.locator('[name="calls-0-household"]')
    field.focus()
    first = page.locator("#choices [role=option]").first
    first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    expect(page.locator("#choices")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    first.wait_for()
    name = str(first.get_attribute("data-value"))
    page.keyboard.press("Escape")
    field.fill(name[: name.index(" ")])  # an address alone: the choice that fits is marked already
    page.wait_for_selector('#choices [aria-selected="true"]')
    assert field.get_attribute("aria-activedescendant") == "choice-0"
    page.keyboard.press("Tab")
    assert " " in field.input_value()
    picked = field.input_value()
    second = page.locator('[name="calls-1-household"]')
    second.focus()
    first.wait_for()
    assert picked not in page.locator("#choices li").evaluate_all("items => items.map(i => i.dataset.value)")
    second.type("99组1号 欧阳青")  # a new household: Enter takes the text as it stands
    page.keyboard.press("Enter")
    assert second.input_value() == "99组1号 欧阳青"
    second.focus()
    page.keyboard.press("Alt+Delete")
    expect(second).to_be_hidden()


def test_half_typed_time_stays_on_the_page_and_holds_nothing_back(sign_in: SignIn):
    person = sign_in("community")
    page = new_visit(person)
    page.fill('[name="started_at"]', "9:7")
    page.fill('[name="summary"]', "写了一段")
    words = saved(page, "partly")
    assert is_chinese(words)
    assert is_chinese(page.inner_text('[data-unsaved="started_at"]'))
    assert page.input_value('[name="started_at"]') == "9:7"
    page.type('[name="started_at"]', "")
    page.fill('[name="started_at"]', "0907")
    settled(page)
    assert page.locator("[data-unsaved]").count() == 0
    page = person.open(urlparse(page.url).path)
    assert page.input_value('[name="summary"]') == "写了一段"
    assert page.input_value('[name="started_at"]') == "09:07"


def test_nothing_is_saved_while_an_input_method_is_open(sign_in: SignIn):
    page = new_visit(sign_in("community"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "autosave" in request.url else None)
    page.focus('[name="summary"]')
    session = page.context.new_cdp_session(page)
    for letters in ("z", "zo", "zou", "zou'f"):
        session.send("Input.imeSetComposition", {"text": letters, "selectionStart": 0, "selectionEnd": len(letters)})
        page.wait_for_timeout(500)
    assert sent == []
    session.send("Input.insertText", {"text": "走访"})
    settled(page)
    assert page.input_value('[name="summary"]') == "走访"
    assert page.evaluate("document.activeElement.name") == "summary"


def test_draft_survives_closing_signing_out_and_another_computer(sign_in: SignIn):
    person = sign_in("community")
    page = new_visit(person)
    path = urlparse(page.url).path
    page.fill('[name="deeds-0-matter"]', "关上标签页之前写的")
    page.close()  # at once: the page sends its last words on leaving
    other = sign_in("community")
    deadline = time.monotonic() + 10
    while other.open(path).input_value('[name="deeds-0-matter"]') != "关上标签页之前写的":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    other.page.fill('[name="summary"]', "换了电脑接着写")
    settled(other.page)
    other.page.locator("details.menu summary").last.click()
    other.press(other.page.locator('form[action="/sign-out/"] button'))
    again = sign_in("community").open(path)
    assert again.input_value('[name="summary"]') == "换了电脑接着写"


def test_draft_survives_a_killed_server_and_catches_up(sign_in: SignIn, server: Server):
    page = new_visit(sign_in("community"))
    page.fill('[name="summary"]', "断电之前")
    settled(page)
    server.kill()
    page.fill('[name="summary"]', "断电之前，断电之时")
    assert is_chinese(saved(page, "lost"))
    page.keyboard.press("Control+Enter")  # is not sent into the void
    assert page.input_value('[name="summary"]') == "断电之前，断电之时"
    server.start()
    saved(page)
    assert page.input_value('[name="summary"]') == "断电之前，断电之时"
    stored = page.evaluate("fetch(location.href).then(r => r.text())")
    assert "断电之前，断电之时" in stored


def test_ended_session_is_said_and_caught_up(sign_in: SignIn):
    person = sign_in("community")
    page = new_visit(person)
    page.context.clear_cookies(name="sessionid")
    page.fill('[name="summary"]', "会话结束后写的")
    assert is_chinese(saved(page, "signed-out"))
    other = page.context.new_page()
    other.goto(person.site + "/sign-in/")
    with other.expect_navigation():
        other.locator('button[name="demo_account"][value="community"]').click()
    other.close()
    page.click("[data-alertbar] [data-retry]")
    saved(page)
    assert "会话结束后写的" in page.evaluate("fetch(location.href).then(r => r.text())")


def test_two_tabs_show_both_texts_in_place_and_the_person_chooses(sign_in: SignIn):
    person = sign_in("community")
    page = new_visit(person)
    second = page.context.new_page()
    second.goto(page.url)
    page.fill('[name="summary"]', "第一个标签页")
    settled(page)
    second.focus('[name="summary"]')
    second.keyboard.insert_text("第二个标签页")
    assert is_chinese(saved(second, "conflict"))
    texts = second.inner_text(".conflict")
    assert "第一个标签页" in texts
    assert "第二个标签页" in texts
    assert second.evaluate("document.activeElement.name") == "summary"
    second.keyboard.insert_text("，继续写")
    assert second.input_value('[name="summary"]') == "第二个标签页，继续写"
    second.click("[data-conflict-mine]")
    saved(second)
    page.focus('[name="photo_waiver"]')
    page.keyboard.insert_text("第一页又来")
    saved(page, "conflict")
    with page.expect_navigation():
        page.click("[data-conflict-theirs]")
    assert page.input_value('[name="summary"]') == "第二个标签页，继续写"
    assert page.input_value('[name="photo_waiver"]') == ""


def test_returned_log_shows_why_and_what_was_corrected(sign_in: SignIn):
    """The station sees, field by field, what the officer changed after it returned his log."""
    officer = sign_in("community")
    page = officer.open("/visits/?state=submitted&sort=-date")
    sheet = str(page.locator("main tbody th a").first.get_attribute("href"))
    chief = sign_in("chief")
    page = chief.open(sheet)
    page.fill('textarea[name="reason"]', "请写明实事的结果")
    chief.press(page.locator('form[action$="/return/"] button'))

    page = officer.open(f"{sheet}edit/")
    assert "请写明实事的结果" in page.inner_text(".notice--warn")
    before = page.input_value('[name="deeds-0-result"]')
    page.fill('[name="deeds-0-result"]', f"{before}，当面送到")
    settled(page)
    page.focus('[name="summary"]')
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert urlparse(page.url).path == sheet, page.inner_text("main")

    page = chief.open(sheet)
    rows = page.locator(".corrected tbody tr")
    assert rows.count() == 1
    assert "当面送到" in rows.first.inner_text()
    page = chief.open(f"{sheet}versions/")
    words = page.inner_text("main")
    assert "请写明实事的结果" in words
    assert is_chinese(words)
