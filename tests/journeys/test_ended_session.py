"""A session ends while somebody writes: what he sent waits behind the door, and goes on by one press."""

import pytest

from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.browser


def test_case_sent_after_the_session_had_ended_is_opened_after_signing_in(sign_in: SignIn):
    person = sign_in("officer")
    page = person.open("/ledger/new/")
    page.select_option('select[name="kind"]', "concern")
    page.select_option('select[name="category"]', "facilities")
    page.fill('input[name="title"], textarea[name="title"]', "组道路灯不亮")
    page.fill('textarea[name="detail"]', "第一行\n第二行")
    page.fill('input[name="parties-0-name"]', "赵某")
    page.context.clear_cookies(name="sessionid")
    person.press(page.locator(".form-actions button").first)
    assert "没有丢失" in page.inner_text("main")
    person.press(page.locator('button[name="demo_account"][value="officer"]'))
    shown = page.inner_text("main")
    assert "您登录前提交的内容" in shown
    assert "组道路灯不亮" in shown
    assert "第 1 行" in shown
    person.press(page.locator("text=再次提交"))
    assert "组道路灯不亮" in page.inner_text("h1")
    assert "第二行" in page.inner_text(".case")


def test_a_part_of_a_page_says_that_the_session_has_ended_and_keeps_what_stands_there(sign_in: SignIn):
    page = sign_in("officer").open("/today/")
    page.context.clear_cookies(name="sessionid")
    form = page.locator("#week-plan form").first
    before = form.inner_html()
    form.locator("button, select").first.click()
    page.wait_for_selector("[data-alertbar] p")
    assert "登录已失效" in page.inner_text("[data-alertbar]") or "重新登录" in page.inner_text("[data-alertbar]")
    assert form.inner_html() == before
