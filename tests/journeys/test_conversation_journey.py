"""A question, its notice in the inbox, the answer, and how one wants to be told: wide, narrow, without script."""

from typing import Any

import pytest

from portal.demo.people import ENTERPRISES
from tests.support.browsing import Visitor, Windows

pytestmark = [pytest.mark.browser]

PHONE = 390
QUESTION, ANSWER = "请问住所证明要原件吗？", "不用，营业执照副本的复印件就可以。"


def inbox(who: Visitor, words: str) -> Visitor:
    """Wait for the notice, open it from the list, arrive in the conversation."""
    who.go("/inbox/?show=unread").until(lambda page: page.get_by_text(words).count() > 0, words)
    assert who.page.locator("header .tools b.num").text_content() != "0"
    return who.look().press(f"main form[action$='/open/'] button:has-text('{words}')")


def at_desk(clerk: Visitor) -> tuple[str, str]:
    """The first case at the clerk's desk, and the account of its enterprise."""
    clerk.go("/work/").press("main td a[href*='/cases/']")
    case = clerk.page.url.rstrip("/").rsplit("/", 1)[1]
    name = clerk.page.locator("main p.muted").first.inner_text().rsplit("· ", 1)[1].strip()
    return case, next(row.username for row in ENTERPRISES if row.name == name)


@pytest.mark.req("R-86")
def test_a_question_is_asked_and_answered(stack: Any, people: Any, window: Windows) -> None:
    clerk = people.enter(window(), "js-clerk")
    case, owner = at_desk(clerk)
    applicant = people.enter(window(width=PHONE), owner)
    applicant.go(f"/cases/{case}/").press("#conversation a.btn").fill(text=QUESTION).save()
    assert QUESTION in applicant.page.content() and "3 个工作日" in applicant.page.content()
    inbox(clerk, "申请人提问").fill(text=ANSWER).save()
    assert clerk.page.url.endswith(f"/cases/{case}/conversation/")
    inbox(applicant, "机关发来消息")
    assert ANSWER in applicant.page.content() and "对方已读" in applicant.page.content()
    clerk.go(f"/cases/{case}/conversation/")
    assert "对方已读" in clerk.page.content()
    assert window.complaints() == []


@pytest.mark.req("R-86")
def test_without_javascript_a_question_is_sent_and_the_inbox_read(
    stack: Any, people: Any, window: Windows
) -> None:
    """Pages without script cannot be examined by one, so the steps are bare."""
    case, owner = at_desk(people.enter(window(), "js-clerk"))
    page = window(width=PHONE, script=False).page
    page.goto(people.link(owner))
    page.goto(f"{stack.url}/cases/{case}/conversation/")
    page.locator("main [name=text]").fill("没有脚本也能问吗？")
    with page.expect_navigation():
        page.locator("main form[method=post] button.main").click()
    assert "没有脚本也能问吗？" in page.locator("main ol").inner_text()
    page.goto(f"{stack.url}/inbox/")
    with page.expect_navigation():
        page.locator("main form[action$='/open/'] button").first.click()
    assert "/cases/" in page.url
    page.goto(f"{stack.url}/inbox/settings/")
    with page.expect_navigation():
        page.locator("main form[method=post] button.main").first.click()
    assert page.locator(".messages .success").count() == 1


@pytest.mark.parametrize(
    "language, width, user", [("zh", 1280, "haimen"), ("zh", 320, "changfeng"), ("en", PHONE, "xuzhou")]
)
def test_the_inbox_and_its_settings_fit(
    stack: Any, people: Any, window: Windows, language: str, width: int, user: str
) -> None:
    who = people.enter(window(language, width=width), user)
    who.go("/inbox/").go("/inbox/?show=unread").go("/inbox/settings/")
    who.page.locator("main details summary").click()
    who.look().fill(webhook_url=f"{stack.url}/hook").press("main form[action$='/webhook/'] button")
    assert "whs_" in who.page.content()
    who.go("/inbox/settings/").save()
    assert who.page.locator(".messages .success").count() == 1
    assert window.complaints() == []
