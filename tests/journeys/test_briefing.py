"""The week's briefing in front of a screen: from the day's page to the notice, by keyboard; two at one text."""

import pytest

from tests.journeys.conftest import SignIn
from tests.journeys.test_spine import TODAY
from xinjin.periods import Week

pytestmark = pytest.mark.browser


def test_briefing_is_written_given_and_printed(sign_in: SignIn):
    person = sign_in("community")
    page = person.open("/today/")
    address = str(page.locator(".owed a[href^='/briefings/']").first.get_attribute("href"))
    assert address.endswith(f"/{Week.of(TODAY).key}/")
    page = person.open(address)
    if page.locator("summary", has_text="误标为已通报").count():  # the demo has given it already
        page.click("text=误标为已通报")
        page.fill('input[name="reason"]', "改期")
        person.press(page.locator("text=退回草稿"))
    other = sign_in("community").open(address)

    text = page.locator('textarea[name="text"]')
    before = text.input_value()
    page.locator("[data-insert]").first.click()
    advice = text.input_value()[len(before) :].strip()
    assert advice in page.inner_text(".briefing-library")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert text.input_value().endswith(advice)

    other.fill('textarea[name="text"]', "另一份文字")
    with other.expect_navigation():
        other.click("button[data-save]")
    conflict = other.inner_text(".error-summary")
    assert "另一份文字" in conflict
    assert advice in conflict

    page.check("text=公示栏")
    person.press(page.locator('button[name="give"]'))
    assert "已通报" in page.inner_text("h1")
    assert advice in person.open(f"{address}notice/").inner_text(".official")
    with page.expect_download() as poster:
        page.evaluate("address => { location.href = address }", f"{address}poster-a3.pdf")
    assert poster.value.suggested_filename.endswith("A3.pdf")
