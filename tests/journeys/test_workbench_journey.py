"""The workbench in a browser: twenty decisions without leaving the keyboard, and every page wide, narrow, in both
languages and without script."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browsing import Visitor, Windows

pytestmark = [pytest.mark.browser]
PHONE = 320


class Hands:
    """Somebody at the keyboard: every press is counted, and nothing else is used."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1
        return self

    def to(self, *keys: str) -> "Hands":
        """Keys of which the last leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])
        self.page.wait_for_load_state()
        return self

    @property
    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.outerHTML"))


def at_list(who: Visitor, query: str = "scope=mine") -> Hands:
    who.go(f"/work/?{query}")
    return Hands(who.page)


@pytest.mark.req("DOMAIN-8")
def test_a_clean_case_is_granted_with_two_keys_and_the_next_one_opens(
    stack: Any, people: Any, window: Windows
) -> None:
    who = people.enter(window(), "js-approver")
    hands = at_list(who, "scope=mine&status=decision_pending")
    left = who.page.locator("[data-rows] tr").count()
    assert left >= 2
    hands.to("j", "Enter")
    assert "/decide/?list=" in who.look().page.url
    assert f"之后还有 {left - 1} 件" in who.page.locator(".trail").inner_text()
    first, before = who.page.url, hands.pressed
    while who.page.locator("#alarms").count():
        hands.to("n")
        assert who.page.url != first, "at least one case is clean"
    clean, before = who.page.url, hands.pressed
    hands.press("Enter")
    assert who.page.url == clean, "without the statement nothing is sent"
    before = hands.pressed
    hands.press("c")
    assert who.page.locator("[name=no_conflict]").is_checked()
    assert "已声明没有利害关系" in who.page.locator("[data-said]").inner_text()
    hands.to("Enter")
    assert hands.pressed - before == 2, "a statement and a submission"
    assert "已准予许可" in who.page.locator(".messages").inner_text()
    assert who.page.url != clean and "list=" in who.look().page.url
    assert f"之后还有 {left - 2} 件" in who.page.locator(".trail").inner_text()
    print(f"keys per clean case: {hands.pressed - before}")
    assert window.complaints() == []


def test_the_keys_of_a_desk_turn_papers_and_decisions_and_take_none(
    stack: Any, people: Any, window: Windows
) -> None:
    who = people.enter(window(), "js-approver")
    hands = at_list(who).to("j", "o")
    case = who.page.url.split("?")[0]
    hands.to("3")
    assert "paper=" in who.page.url and "list=" in who.page.url
    hands.to("r")
    assert "act=refuse" in who.page.url and who.page.url.startswith(case)
    box = who.page.locator("main [name=reasons]")
    box.focus()
    hands.press("a", "r", "n", "?", "/")
    assert box.input_value() == "arn?/" and who.page.locator("#keys[open]").count() == 0, (
        "letters while typing"
    )
    who.page.locator("main h1").first.click()
    hands.to("b")
    assert "act=return" in who.page.url
    hands.to("a")
    assert "act=grant" in who.page.url and not who.page.locator("[name=no_conflict]").is_checked()
    hands.press("?")
    assert who.page.locator("#keys[open]").is_visible()
    who.look()
    hands.press("Escape").to("g", "t")
    assert who.page.url.endswith("/work/?scope=desk")
    hands.press("/")
    assert "data-seek" in hands.focused
    assert window.complaints() == []


def test_rows_are_walked_chosen_and_accepted_by_keyboard(stack: Any, people: Any, window: Windows) -> None:
    who = people.enter(window(), "js-clerk")
    hands = at_list(who)
    rows = who.page.locator("[data-rows] tr").count()
    hands.press(*["j"] * (rows + 2))
    assert who.page.locator("tr.is-here").count() == 1
    assert who.page.locator("[data-rows] tr").last.get_attribute("class") == "is-here", (
        "no further than the end"
    )
    hands.press(*["k"] * (rows + 2)).press("x")
    assert "已选 1 件" in who.page.locator("[data-picked]").inner_text()
    hands.press("j", "X")
    assert who.page.locator("input[name=case]:checked").count() == 2
    hands.press("x")
    assert who.page.locator("input[name=case]:checked").count() == 1
    who.look()
    who.page.locator("button[value=accept]").focus()
    hands.to("Enter")
    assert who.look().page.locator("h1").inner_text().startswith("受理这 ")
    going = who.page.locator("input[name=case]").count()
    if going:
        who.press("main .actbar button.main")
        assert f"里受理了 {going} 件" in who.page.locator("h1").inner_text()
    assert window.complaints() == []


def test_keys_switched_off_do_nothing(stack: Any, people: Any, window: Windows) -> None:
    who = people.enter(window(), "js-reviewer")
    who.go("/work/keys/").press("main form button[name=keys]")
    hands = at_list(who)
    url = who.page.url
    hands.press("j", "?", "/", "g", "t", "x")
    assert who.page.url == url and who.page.locator("tr.is-here, #keys[open]").count() == 0
    who.go("/work/keys/").press("main form button[name=keys]")
    at_list(who).press("?")
    assert who.page.locator("#keys[open]").is_visible()
    assert window.complaints() == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [PHONE, 390, 1280])
def test_every_page_of_the_workbench_fits(
    stack: Any, people: Any, window: Windows, language: str, width: int
) -> None:
    who = people.enter(window(language, width=width), "js-head")
    for scope in ("mine", "desk", "unassigned", "delegated", "all"):
        who.go(f"/work/?scope={scope}")
    for path in ("/work/?scope=desk&due=5&sort=-received&q=nothing", "/work/team/", "/work/keys/", "/work/views/",
                 "/work/views/?query=scope%3Dall", "/search/", "/search/?q=有限", "/search/?q=x"):  # fmt: skip
        who.go(path)
    who.go("/work/?scope=desk&status=under_review")
    who.page.locator("input[name=case]").first.check()
    who.press("button[value=assign]").press("main .actbar button.main")
    approver = people.enter(window(language, width=width), "js-approver")
    for query in ("", "&act=refuse", "&act=return", "&paper=commitment_letter"):
        approver.go("/work/?scope=mine")
        address = approver.page.locator("main a[href*='/decide/']").first.get_attribute("href")
        assert address
        path = address.removeprefix("/en") if language == "en" else address
        approver.go(path + query)
    approver.page.locator("main #notes details > summary").last.click()
    approver.look()
    assert [line for line in window.complaints() if "422" not in line] == []


def test_search_is_walked_by_arrows(stack: Any, people: Any, window: Windows) -> None:
    who = people.enter(window(), "js-clerk")
    hands = Hands(who.page)
    hands.press("/")
    who.page.keyboard.type("有限")
    hands.to("Enter")
    page = who.look().page
    page.locator("main [data-seek]").focus()
    hands.press("ArrowDown")
    first = page.evaluate("document.activeElement.href")
    hands.press("ArrowDown", "ArrowUp")
    assert first and page.evaluate("document.activeElement.href") == first
    hands.to("Enter")
    assert page.url == first
    assert window.complaints() == []


def test_without_javascript_everything_is_there(stack: Any, people: Any, window: Windows) -> None:
    """Lists, filters, a saved view, several chosen, a note and a decision, by links and forms alone."""
    page = window(script=False).page
    page.goto(people.link("js-head"))
    page.goto(f"{stack.url}/work/?scope=desk")
    page.locator("main select[name=status]").select_option("under_review")
    with page.expect_navigation():
        page.locator("form[role=search] button:has-text('筛选')").click()
    assert "status=under_review" in page.url
    with page.expect_navigation():
        page.locator("a:has-text('保存为视图')").click()
    page.locator("main [name=name]").fill("在审的")
    with page.expect_navigation():
        page.locator("main button.main").click()
    assert page.locator(".chip.own[aria-current]").inner_text() == "在审的"
    page.locator("input[name=case]").first.check()
    with page.expect_navigation():
        page.locator("button[value=assign]").click()
    assert page.locator("main [name=reviewer]").count()
    page.goto(f"{stack.url}/work/?scope=desk&status=under_review")
    with page.expect_navigation():
        page.locator("main td a[href*='/cases/']").first.click()
    page.locator("#notes details > summary").last.click()
    page.locator("#notes [name=text]").fill("没有脚本也能记")
    with page.expect_navigation():
        page.locator("#notes form:has([name=text]) button[type=submit]").click()
    assert page.url.endswith("#notes") and "没有脚本也能记" in page.locator("#notes").inner_text()
    page.goto(f"{stack.url}/search/?q=有限")
    assert page.locator("main section.card a").count()
    page.goto(f"{stack.url}/work/#keys")
    assert page.locator("#keys").is_visible(), "the table of keys is shown by its address"
