"""Photos on the page on which a visit is written: picked, dropped, pasted, without connection, in two tabs (R11)."""

import base64

import pytest
from playwright.sync_api import Page

from assessments.bench.pictures import photograph
from tests.journeys.conftest import SignIn, is_chinese
from tests.journeys.test_spine import new_visit
from tests.patrols.test_photo_hints import jpeg

pytestmark = pytest.mark.browser

# What a browser does when a file is dropped on the page or pasted into it.
BRING = """([kind, data, name]) => {
  const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true });
  document.querySelector("#photos").dispatchEvent(event);
}"""


def sent(seed: int) -> bytes:
    return jpeg(photograph(seed, size=(640, 480)))


def pick(page: Page, *names: str) -> None:
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": sent(place)} for place, name in enumerate(names)]
    page.set_input_files("#id_photos", files)


def bring(page: Page, kind: str, seed: int) -> None:
    page.evaluate(BRING, [kind, base64.b64encode(sent(seed)).decode(), f"{seed}.jpg"])


def wait_for(page: Page, count: int) -> None:
    page.wait_for_selector(f'#photos[data-photo-count="{count}"]')


def captions(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("[data-caption]").all()]


def test_photos_come_by_every_way_and_a_lost_connection_costs_none(sign_in: SignIn):
    page = new_visit(sign_in("officer"))
    assert page.is_visible("#photo_limits")
    page.context.set_offline(True)
    page.set_input_files("#id_photos", [{"name": "断网.jpg", "mimeType": "image/jpeg", "buffer": sent(11)}])
    page.wait_for_selector('.upload[data-state="failed"]')
    assert is_chinese(page.inner_text(".upload__error"))
    page.context.set_offline(False)  # and it goes on by itself
    wait_for(page, 1)
    bring(page, "dragover", 12)
    bring(page, "drop", 12)
    wait_for(page, 2)
    bring(page, "paste", 13)
    wait_for(page, 3)
    page.locator(".photos__remove summary").first.click()
    page.locator(".photos__remove button").first.click()
    wait_for(page, 2)
    assert page.locator(".upload").count() == 0


def test_captions_are_kept_while_photos_come_in_and_order_is_one_click(sign_in: SignIn):
    page = new_visit(sign_in("officer"))
    pick(page, "一.jpg")
    wait_for(page, 1)
    page.locator("[data-caption]").first.type("院坝会")
    pick(page, *"abcdefg")  # the first of them is the same file again
    page.wait_for_selector('.upload[data-state="failed"]')
    wait_for(page, 6)
    assert captions(page)[0] == "院坝会"
    page.locator('[name="move_photo"]').first.click()
    page.wait_for_function("() => document.querySelectorAll('[data-caption]')[1].value === '院坝会'")
    page.reload()
    assert captions(page)[:2] == ["", "院坝会"]


def test_caption_written_in_two_tabs_is_told_in_both_texts(sign_in: SignIn):
    page = new_visit(sign_in("officer"))
    pick(page, "一.jpg")
    wait_for(page, 1)
    other = page.context.new_page()
    other.goto(page.url)
    with other.expect_response("**/caption/"):
        other.fill("[data-caption]", "甲处所写")
    with page.expect_response("**/caption/"):
        page.fill("[data-caption]", "乙处所写")
    told = page.locator(".photo-list .field__errors").inner_text()
    assert "甲处所写" in told
    assert "乙处所写" in told
    assert captions(page) == ["乙处所写"]
