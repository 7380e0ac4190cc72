"""A holder renews from "my licences" to the receipt, in both languages and without script; other kinds' pages fit.

What a journey begins it takes back, so that the next one finds the licence as it was.
"""

import re
from typing import Any

import pytest

from licensing.exemptions import QUESTIONS
from tests.support.browsing import Visitor, Windows
from tests.support.clients import today
from tests.support.kind_pages import MEMBER
from tests.support.wizard import Told, Wizard

pytestmark = [pytest.mark.browser]

HOLDER, SIGNER, CATEGORY = "jinsui", "周敏", "hazchem"
WIDTHS = {"wide": 1280, "phone": 320}


class Renewal(Wizard):
    """The renewal of the one licence that can be renewed now."""

    def start(self) -> None:
        self.open("/my/licences/")
        self.press("main a.btn.main[href*='kind=renewal']")
        self.press("main form[method=post] button.main")
        found = re.search(r"/apply/([0-9a-f-]{36})/$", self.who.page.url)
        assert found, self.who.page.url
        self.draft = found[1]

    def conditions(self) -> None:
        """What the licence brought along, with every instrument calibrated anew."""
        self.section("conditions")
        for box in self.who.page.locator("main [name^='instruments-'][name$='-valid_until']").all():
            if box.input_value():
                box.fill(f"{today().year + 1}-06-30")
        self.save()

    def statement(self) -> None:
        """Nothing of weight has changed (R-23)."""
        self.section("statement")
        for name in QUESTIONS:
            self.who.page.locator(f"main [name='{name}'][value='no']").check()
        self.save()

    def all(self) -> str:
        self.start()
        steps = (self.enterprise, self.conditions, self.statement, self.business_licence, self.commitment)
        for step in steps:
            step()
        return self.submit()

    def take_back(self) -> None:
        self.open(f"/cases/{self.draft}/retract/")
        self.press("main form[method=post] button")


@pytest.mark.req("R-29")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_holder_renews_from_my_licences_to_the_receipt(
    stack: Any, people: Any, window: Windows, language: str
) -> None:
    who = people.enter(window(language), HOLDER)
    renewal = Renewal(who, Told(CATEGORY, SIGNER))
    number = renewal.all()
    assert number.startswith("320000-R-")
    who.go("/my/licences/")
    assert who.page.locator(f"main a[href$='/cases/{renewal.draft}/']").count() == 1, "under way"
    assert who.page.locator("main a[href*='kind=renewal']").count() == 0
    renewal.take_back()
    assert who.go("/my/licences/").page.locator("main a.btn.main[href*='kind=renewal']").count() == 1
    assert who.languages == {"en" if language == "en" else "zh-Hans"}
    assert window.complaints() == []


@pytest.mark.req("R-29")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_holder_renews_without_javascript(stack: Any, people: Any, window: Windows, language: str) -> None:
    who = window(language, script=False)
    who.page.goto(people.link(HOLDER))
    renewal = Renewal(who, Told(CATEGORY, SIGNER), look=False)
    assert renewal.all().startswith("320000-R-")
    renewal.take_back()
    assert window.complaints() == []


def begin(who: Visitor, kind: str) -> str:
    """A draft of a kind from the first licence that offers it; its address."""
    who.go("/my/licences/").press(f"main .offers a[href*='kind={kind}']").press(
        "main form[method=post] button.main"
    )
    found = re.search(r"/apply/[0-9a-f-]{36}/$", who.page.url)
    assert found, who.page.url
    return found[0]


def discard(who: Visitor, draft: str) -> None:
    who.go(draft).page.locator("main details.more summary").click()
    who.press("main form[action$='/discard/'] button")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_statement_and_group_fit_and_lose_nothing(
    stack: Any, people: Any, window: Windows, language: str, width: str
) -> None:
    who = people.enter(window(language, width=WIDTHS[width]), HOLDER)
    draft = begin(who, "replacement")
    page = who.go(f"{draft}statement/").page
    page.locator("main [name=cause][value=lost]").check()
    who.fill(happened_on=f"{today().year + 1}-01-01", detail="证书在搬运档案时遗失").save()
    assert page.locator("main .err").count() == 1 and page.locator("main [name=detail]").input_value()
    who.fill(happened_on=str(today())).save()
    assert page.url.endswith(draft)
    discard(who, draft)
    draft = begin(who, "scope_extension")
    who.go(f"{draft}group/")
    page.locator("main [name=province]").select_option(MEMBER["province"])
    page.locator(f"main [name=division] option[value='{MEMBER['division']}']").wait_for(state="attached")
    page.locator("main [name=division]").select_option(MEMBER["division"])
    who.fill(name=MEMBER["name"], uscc=MEMBER["uscc"], address=MEMBER["address"])
    who.press("main .actions button[name=add]")
    assert MEMBER["name"] in page.locator("main").inner_text()
    who.go(f"{draft}product/").go(draft)
    discard(who, draft)
    assert [line for line in window.complaints() if "422" not in line] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_deregistration_is_proposed_and_set_aside(
    stack: Any, people: Any, window: Windows, language: str, width: str
) -> None:
    holder = people.enter(window(language), HOLDER)
    number = holder.go("/my/licences/").page.locator("main a.num").last.inner_text()
    reviewer = people.enter(window(language, width=WIDTHS[width]), "js-reviewer")
    reviewer.go("/deregistrations/").press("main a.btn.main").fill(number=number, facts="现场已停产")
    reviewer.page.locator("main [name=ground][value=stopped]").check()
    reviewer.save()
    address = re.search(r"/deregistrations/[0-9a-f-]{36}/$", reviewer.page.url)
    assert address, reviewer.page.locator(".err").all_inner_texts()
    assert reviewer.page.locator("main form").count() == 0, "another decides"
    approver = people.enter(window(language, width=WIDTHS[width]), "js-approver")
    approver.go("/deregistrations/?state=closed").go("/deregistrations/").press(
        f"main a[href$='{address[0]}']"
    )
    approver.page.locator("main details.more summary").click()
    approver.press("main button[value=set_aside]")
    assert approver.page.locator("main .err").count() >= 1, "reasons are asked for"
    approver.fill(reasons="企业仍在生产").press("main button[value=set_aside]")
    assert "企业仍在生产" in approver.page.locator("main").inner_text()
    assert [line for line in window.complaints() if "422" not in line] == []
