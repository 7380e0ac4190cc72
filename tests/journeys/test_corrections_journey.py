"""A certificate printed wrongly: a holder asks, a clerk proposes, another person approves, everybody reads why (R-89).

What a journey begins it takes back; only the proposal of a licence told for it is approved, once.
"""

from typing import Any

import pytest

from tests.support.browsing import Visitor, Windows

PROPOSED = """
from django.utils import timezone
from portal.demo import holders
from portal.demo.world import Builder
holders.tell(Builder(timezone.now()), next(row for row in holders.HOLDINGS if row.holder == "qidong"))
"""
pytestmark = [pytest.mark.browser, pytest.mark.req("R-89")]

ASKED = "/corrections/?state=asked"
RIGHT = "江苏省苏州市昆山市周市镇优比路 21 号"


def choose(who: Visitor, name: str, place: int) -> None:
    who.page.locator(f"main [name={name}]").nth(place).check()


def propose(who: Visitor) -> None:
    """From the holder's request to the proposal, with one refusal on the way that loses nothing."""
    who.go(ASKED).press("main td a")
    who.press("main a.btn.main")
    who.fill(site__0="浙江省杭州市西湖区 1 号", reason="生产地址的门牌号录入时颠倒")
    choose(who, "since", 0)
    choose(who, "source", 0)
    who.save()
    assert who.page.locator("main .err").count() == 1
    assert who.page.locator("main [name=reason]").input_value() == "生产地址的门牌号录入时颠倒"
    who.fill(site__0=RIGHT).save()
    assert "/corrections/" in who.page.url and RIGHT in who.page.locator("main").inner_text()
    assert who.page.locator("main button[value=approve]").count() == 0, "not one's own"


@pytest.mark.parametrize(
    ("language", "width", "script"), [("zh", 1280, True), ("en", 320, True), ("zh", 320, False)]
)
def test_a_clerk_proposes_what_a_holder_asked_for_and_takes_it_back(
    stack: Any, people: Any, window: Windows, language: str, width: int, script: bool
) -> None:
    who = window(language, width=width, script=script)
    if script:
        people.enter(who, "js-clerk")
        propose(who)
        who.press("main button[value=withdraw]")
        who.go(ASKED)
    else:
        plain = _Plain(who)
        who.page.goto(people.link("js-clerk"))
        propose(plain)
        plain.press("main button[value=withdraw]")
        plain.go(ASKED)
    assert who.page.locator("main td a").count() == 1, "the request waits again"
    expected = [line for line in window.complaints() if "422" not in line]
    assert expected == []


class _Plain(Visitor):
    """The same window without a script: nothing can be examined in it, everything can be done."""

    def __init__(self, who: Visitor) -> None:
        self.page, self.base, self.prefix = who.page, who.base, who.prefix

    def look(self) -> "Visitor":
        self.page.wait_for_load_state()
        return self


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_holder_s_pages_fit_a_phone(stack: Any, people: Any, window: Windows, language: str) -> None:
    who = people.enter(window(language, width=320), "jinsui")
    who.go("/my/licences/").press("main a[href*='/my/corrections/ask/']")
    who.save()
    assert who.page.locator("main .err").count() == 2
    who.go("/my/corrections/").press("main td a")
    assert who.page.locator("main button[value=take_back]").count() == 1
    assert [line for line in window.complaints() if "422" not in line] == []


def test_another_person_approves_and_everybody_reads_why(stack: Any, people: Any, window: Windows) -> None:
    stack.manage("shell", "-v", "0", "-c", PROPOSED)
    who = people.enter(window("zh"), "js-approver")
    who.go("/corrections/").press("main td a")
    number = who.page.locator("main dd a.num").first.inner_text()
    assert who.page.locator("main .doc img").count() == 1, "the paper beside the comparison"
    who.press("main button[value=approve]")
    assert "已更正" in who.page.locator("main").inner_text()
    who.go("/corrections/?state=closed")
    reader = window("zh", width=320).go(f"/licences/{number}/")
    reader.until(lambda page: "第 2 版" in page.locator("main").inner_text(), "version 2")
    shown = reader.look().page.locator("main").inner_text()
    assert "更正" in shown and "营业执照上的号码与证书不一致" in shown
    assert "王晓岚" not in shown and "李建国" not in shown
    assert "Correction" in window("en").go(f"/licences/{number}/").page.locator("main").inner_text()
    assert window.complaints() == []
