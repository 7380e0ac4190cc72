"""A question, its notice in the inbox, the answer, and how one wants to be told: in Chromium, wide, narrow, no script."""

from typing import Any

import pytest

from portal.demo.people import ENTERPRISES
from tests.support.browsing import Visitor, Windows

pytestmark = [pytest.mark.browser]

PHONE = 390
QUESTION, ANSWER = "请问住所证明要原件吗？", "不用，营业执照副本的复印件就可以。"


SHOT = iter(range(1000))


def shot(who, name):
    import os
    os.makedirs("/tmp/build/shots/msg", exist_ok=True)
    who.page.screenshot(path=f"/tmp/build/shots/msg/{next(SHOT):02d}-{name}.png", full_page=True)


_look = Visitor.look


def looked(self):
    out = _look(self)
    shot(self, self.page.viewport_size["width"].__str__() + self.page.url.split("/", 3)[3].replace("/", "_").replace("?", "_")[-40:])
    return out


Visitor.look = looked


def inbox(who: Visitor, words: str) -> Visitor:
    """Wait for the notice, open it from the list, arrive in the conversation."""
    who.go("/inbox/?show=unread").until(lambda page: page.get_by_text(words).count() > 0, words)
    assert who.page.locator("header b.num").first.inner_text() != "0"
    return who.look().press(f"main form[action$='/open/'] button:has-text('{words}')")


@pytest.mark.req("R-86")
@pytest.mark.parametrize("script", [True, False])
def test_a_question_is_asked_and_answered(stack: Any, people: Any, window: Windows, script: bool) -> None:
    clerk = people.enter(window(script=script), "js-clerk")
    clerk.go("/work/").press("main td a[href*='/cases/']")
    case = clerk.page.url.rstrip("/").rsplit("/", 1)[1]
    name = clerk.page.locator("main p.muted").first.inner_text().rsplit("· ", 1)[1].strip()
    owner = next(row.username for row in ENTERPRISES if row.name == name)
    applicant = people.enter(window(width=PHONE, script=script), owner)
    applicant.go(f"/cases/{case}/").press("#conversation a.btn").fill(text=QUESTION).save()
    assert QUESTION in applicant.page.content() and "3 个工作日" in applicant.page.content()
    inbox(clerk, "申请人提问").fill(text=ANSWER).save()
    assert clerk.page.url.endswith(f"/cases/{case}/conversation/")
    inbox(applicant, "机关发来消息")
    assert ANSWER in applicant.page.content() and "对方已读" in applicant.page.content()
    clerk.go(f"/cases/{case}/conversation/")
    assert "对方已读" in clerk.page.content()
    assert window.complaints() == []


@pytest.mark.parametrize("language, width", [("zh", 1280), ("zh", 320), ("en", PHONE)])
def test_the_inbox_and_its_settings_fit(
    stack: Any, people: Any, window: Windows, language: str, width: int
) -> None:
    who = people.enter(window(language, width=width), "haimen")
    who.go("/inbox/").go("/inbox/?show=unread").go("/inbox/settings/")
    who.page.locator("main details summary").click()
    who.look().fill(webhook_url=f"{stack.url}/hook").press("main form[action$='/webhook/'] button")
    assert "whs_" in who.page.content()
    who.go("/inbox/settings/").save()
    assert who.page.locator(".messages .success").count() == 1
    assert window.complaints() == []
