"""The week in front of a screen: plan, open as a draft, hand in, and the wall; a list kept, taken along and printed."""

import re
from datetime import date
from urllib.parse import urlparse

import pytest

from tests.journeys.conftest import SignIn
from tests.journeys.test_spine import TODAY, hand_in, write_activities, write_deed, write_households
from xinjin.periods import Week

pytestmark = pytest.mark.browser


def test_planned_visit_becomes_a_log_and_shows_on_the_wall(sign_in: SignIn):
    person = sign_in("auxiliary")
    page = person.page
    free = page.locator(".week-plan__button:not(.is-planned)").first
    code, day = str(free.get_attribute("value")).split(":")
    with page.expect_response("**/today/plans/"):
        free.click()
    line = page.locator(".week-plan__lines tr", has_text=day[5:])
    line.locator('input[name="note"]').fill("走访独居老人")
    with page.expect_response(re.compile(r"/today/plans/[0-9a-f-]+/")):
        page.keyboard.press("Enter")
    page = person.open("/today/")
    line = page.locator(".week-plan__lines tr", has_text=day[5:])
    assert line.locator('input[name="note"]').input_value() == "走访独居老人"

    person.press(line.locator('form[action="/visits/new/"] button'))
    assert page.input_value('input[name="visited_on"]') == day
    page.fill('input[name="visited_on"]', f"{TODAY:%Y-%m-%d}")
    page.fill('input[name="started_at"]', "05:00")
    page.fill('input[name="ended_at"]', "06:00")
    write_households(page, start=21)
    write_deed(page)
    write_activities(page)
    page.fill('textarea[name="summary"]', "按计划走访五户。")
    page.fill('input[name="photo_waiver"]', "相机没电")
    assert re.fullmatch(r"/visits/[0-9a-f-]{36}/", hand_in(person))

    week = Week.of(date.fromisoformat(day))
    chief = sign_in("brigade")
    wall = chief.open(f"/coverage/?show=plan&period={Week.of(TODAY).key}")
    row = wall.locator("tr", has=wall.locator(f'a[href="/villages/{code}/"]'))
    if week == Week.of(TODAY):
        kept, planned = row.locator(".wall__word").inner_text().split("/")
        assert 1 <= int(kept) <= int(planned)
    plans = chief.open(f"/plans/?period={week.key}&village={code}")
    assert "走访独居老人" in plans.inner_text("table.list")


def test_list_is_kept_under_a_name_taken_along_and_printed(sign_in: SignIn):
    person = sign_in("chief")
    page = person.open("/visits/?standard=met")
    page.keyboard.press("/")
    page.keyboard.type("反诈")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    count = int(re.sub(r"\D", "", page.inner_text(".list-tools__count")))
    assert count

    page.click("details[data-menu] >> nth=0")
    page.fill("#keep_name", "反诈走访")
    person.press(page.locator(".list-menu__form button"))
    assert "反诈走访" in page.inner_text(".list-tools")
    page.click("details[data-menu] >> nth=1")
    page.check('input[name="columns"][value="summary"]')
    person.press(page.locator(".list-menu__panel button.button--primary >> visible=true"))
    heads = [head.strip() for head in page.locator("table.list thead th").all_inner_texts() if head.strip()]
    with page.expect_download() as download:
        page.locator('a[href*="/export.csv"]').click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].split(",") == heads
    assert "工作内容" in heads

    page.locator('input[name="pick"]').first.check()
    page.locator('input[name="pick"]').nth(1).check()
    person.press(page.locator("[data-pick-button]"))
    assert urlparse(page.url).path == "/visits/print/"
    assert page.locator("article.sheet").count() == 2
    page.emulate_media(media="print")
    assert page.locator(".topbar").is_hidden()
