"""Autosave in a browser: two tabs, a lost network, a session that ends in the middle, and no JavaScript at all."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Visitor, Windows

pytestmark = [pytest.mark.browser]
EXPECTED = re.compile(
    r"Failed to load resource: (net::ERR|the server responded with a status of (401|403|409))"
)


@pytest.fixture
def wizard(people: Any, window: Windows) -> Callable[..., Visitor]:
    """A window on the first section of a new draft of its own."""

    def open_one(language: str = "zh", **options: Any) -> Visitor:
        who = window(language, **options)
        page = who.page
        page.goto(people.link("jinsui"))
        page.goto(f"{who.base}{who.prefix}/apply/")
        with page.expect_navigation():
            page.locator("main form[method=post] button.main").click()
        page.goto(page.url + "enterprise/")
        return who

    return open_one


def said(page: Page, what: str) -> Any:
    return page.locator(f"[data-say={what}]")


def contact(page: Page) -> Any:
    return page.locator("main [name=contact]")


def faults(window: Windows) -> list[str]:
    """What no window should have complained of; requests refused on purpose are no fault."""
    return [line for line in window.complaints() if not EXPECTED.search(line)]


def test_typing_is_kept_and_can_be_discarded(wizard: Any, window: Windows) -> None:
    who = wizard()
    page = who.page
    begun = contact(page).input_value()
    contact(page).clear()
    contact(page).press_sequentially("顾小满")
    expect(said(page, "saved")).to_be_visible()
    expect(said(page, "saved")).to_contain_text(re.compile(r"已自动保存 \d\d:\d\d"))
    page.reload()
    who.look()
    expect(contact(page)).to_have_value("顾小满")
    expect(page.locator(".note", has_text="尚未确认")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="放弃这些内容").click()
    expect(contact(page)).to_have_value(begun)
    assert begun == "周敏" and faults(window) == []


def test_words_travel_even_when_the_page_is_left_at_once(wizard: Any, window: Windows) -> None:
    page = wizard().page
    address = page.url
    contact(page).fill("匆匆离开")
    page.locator("main a", has_text="回到清单").click()
    page.wait_for_url(lambda url: not url.endswith("/enterprise/"))
    expect(page.locator("main ol.tasks")).to_contain_text("有未确认的内容")
    page.goto(address)
    expect(contact(page)).to_have_value("匆匆离开")
    assert faults(window) == []


def test_a_second_tab_is_told_and_chooses(wizard: Any, window: Windows) -> None:
    who = wizard()
    first = who.page
    second = first.context.new_page()
    second.goto(first.url)
    contact(first).fill("第一个窗口")
    expect(said(first, "saved")).to_be_visible()
    contact(second).fill("第二个窗口")
    expect(said(second, "conflict")).to_be_visible()
    expect(said(second, "conflict")).to_contain_text("另一个窗口改过这一部分")
    Visitor(second, who.base, who.prefix).look()
    second.locator("[data-act=mine]").click()
    expect(said(second, "saved")).to_be_visible()
    contact(first).fill("第一个窗口又写")
    expect(said(first, "conflict")).to_be_visible()
    with first.expect_navigation():
        first.locator("[data-act=theirs]").click()
    expect(contact(first)).to_have_value("第二个窗口")
    assert faults(window) == []


def test_a_lost_network_is_said_at_once_and_nothing_is_lost(wizard: Any, window: Windows) -> None:
    who = wizard()
    page = who.page
    page.context.set_offline(True)
    expect(said(page, "offline")).to_be_visible()
    contact(page).fill("断网时写的")
    page.locator("main [name=phone]").fill("0512-57001234")
    page.locator("main .actions button.main").click()
    expect(said(page, "offline")).to_be_visible()
    assert page.url.endswith("/enterprise/") and contact(page).input_value() == "断网时写的"
    page.context.set_offline(False)
    expect(said(page, "saved")).to_be_visible()
    page.reload()
    expect(contact(page)).to_have_value("断网时写的")
    assert faults(window) == []


def test_a_session_that_ends_in_the_middle(wizard: Any, people: Any, window: Windows) -> None:
    who = wizard()
    page = who.page
    page.context.clear_cookies(name="sessionid")
    contact(page).fill("登录过期时写的")
    expect(said(page, "signed_out")).to_be_visible()
    link = said(page, "signed_out").get_by_role("link")
    assert link.get_attribute("target") == "_blank"
    with page.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.wait_for_load_state()
    assert "/accounts/login/" in other.url
    other.goto(people.link("jinsui"))
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(said(page, "saved")).to_be_visible()
    page.locator("main [name=phone]").fill("0512-57001234")
    with page.expect_navigation():
        page.locator("main .actions button.main").click()
    assert page.locator(".messages .success").count() == 1, "the page's own form has the new token too"
    assert faults(window) == []


def test_somebody_else_signs_in_in_the_middle(wizard: Any, people: Any, window: Windows) -> None:
    page = wizard().page
    other = page.context.new_page()
    other.goto(people.link("changfeng"))
    contact(page).fill("换了人")
    expect(said(page, "foreign")).to_be_visible()
    expect(contact(page)).to_have_value("换了人")
    assert [line for line in faults(window) if "404" not in line] == []


def test_without_javascript_the_words_wait_through_the_sign_in(
    wizard: Any, people: Any, window: Windows
) -> None:
    who = wizard(script=False)
    page = who.page
    address = page.url
    page.locator("main [name=contact]").fill("没有脚本")
    page.locator("main [name=phone]").fill("0512-57001234")
    page.context.clear_cookies(name="sessionid")
    with page.expect_navigation():
        page.locator("main .actions button.main").click()
    assert "/accounts/login/" in page.url and "已经保留" in page.locator("body").inner_text()
    account = people.accounts["jinsui"]
    page.locator("main [name=login]").fill("jinsui")
    page.locator("main [name=password]").fill(account["password"])
    with page.expect_navigation():
        page.locator("main [name=password]").press("Enter")
    assert page.url == address
    assert "登录过期前填写的内容" in page.locator("main").inner_text()
    assert contact(page).input_value() == "没有脚本"
    with page.expect_navigation():
        page.locator("main .actions button.main").click()
    assert page.locator(".messages .success").count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_counties_follow_the_province_by_themselves(wizard: Any, window: Windows, language: str) -> None:
    who = wizard(language)
    page = who.page
    assert page.locator("main button[name=switch]").count() == 0
    page.locator("main [name=province]").select_option("330000")
    page.locator("main [name=division] option[value='330109']").wait_for(state="attached")
    assert page.locator("main [name=xpcc]").count() == 0
    page.locator("main [name=province]").select_option("650000")
    page.locator("main [name=xpcc]").wait_for()
    expect(said(page, "saved")).to_be_visible()
    who.look()
    assert faults(window) == []


def test_all_sections_autosave_and_pass_the_examination(wizard: Any, window: Windows) -> None:
    who = wizard(width=390)
    page = who.page
    root = page.url.removesuffix("enterprise/")
    typing = {"sites": "address", "conditions": "process"}
    for section, name in typing.items():
        page.goto(f"{root}{section}/")
        page.locator(f"main [name={name}]").fill("写到一半")
        expect(said(page, "saved")).to_be_visible()
        page.reload()
        who.look()
        expect(page.locator(f"main [name={name}]")).to_have_value("写到一半")
    page.goto(f"{root}product/")
    with page.expect_navigation():
        page.locator("main button[name=category][value=fertilizer-compound]").click()
    page.locator("main [name=units]").nth(1).check()
    expect(said(page, "saved")).to_be_visible()
    page.reload()
    who.look()
    assert page.locator("main [name=units]").nth(1).is_checked()
    assert faults(window) == []


def test_a_form_that_answers_with_a_download_can_be_sent_again(stack: Any, window: Windows) -> None:
    page = window().go("/").page
    page.route("**/paper/", lambda route: route.fulfill(
        status=200, body="x", headers={"Content-Disposition": "attachment; filename=x.txt"}))  # fmt: skip
    page.evaluate(
        """document.querySelector('main').insertAdjacentHTML('beforeend',
        '<form method="post" action="/paper/" data-download><button type="submit" id="paper">x</button></form>')"""
    )
    for _press in range(2):
        with page.expect_download():
            page.locator("#paper").click()
        assert page.locator("#paper").get_attribute("aria-busy") == "true"
        expect(page.locator("#paper")).not_to_have_attribute("aria-busy", "true", timeout=8000)
