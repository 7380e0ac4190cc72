"""A company nobody knows goes from the public guide to an accepted application without help; one is put right.

The applicant presses only what the pages show. What it takes is counted, and more clicks than today fail.
"""

import itertools
import re
from typing import Any

import pytest

from portal.demo.people import demo_uscc
from tests.support.browsing import Visitor, Windows
from tests.support.clients import today
from tests.support.counting import Applicant
from tests.support.wizard import Told, Wizard, file
from tests.support.world import PDF

pytestmark = [pytest.mark.browser]

PHONE = 390
NAME, PERSON = "昆山新程线缆有限公司", "程立新"
ADDRESS = "花桥镇绿地大道 260 号"
CLICKS = {True: 70, False: 70}
"""Most clicks of the way to the receipt, with script and without: a fifth more than were counted."""

_serial = itertools.count(9100)


class NewCompany(Applicant):
    """Somebody who makes electric wire in Kunshan and has never been here."""

    def __init__(self, who: Visitor, *, script: bool = True) -> None:
        super().__init__(who, script=script)
        serial = next(_serial)
        self.uscc, self.user = demo_uscc("320583", serial), f"chenglixin{serial}"
        self.case = ""

    def ask_whether_needed(self) -> None:
        """The product in one's own words, then one question per page, then the answer."""
        self.open("/need/").type(q="电线").send("q")
        self.press("main a[href^='?category=cable']")
        self.tick("main [name=unit]").press("main form button.main")
        self.press("main a", "自己生产").press("main a.btn.main")
        self.choose("place", "320000").press("main form button.main")
        assert "需要生产许可证" in self.text
        assert "江苏省质量技术监督局" in self.text
        self.press("main a.btn.main", "开始申请")

    def sign_up(self) -> None:
        """The door asks to sign in; who has no account opens one, and proves the address by the code mailed there."""
        address = f"{self.user}@example.com"
        self.press("main a[href*='/signup/']")
        self.type(username=self.user, name=PERSON, email=address, password1="长江边上的新线缆厂-2026")
        self.press("main form[method=post] button.main")
        self.type(code=self.mailed(address)).press("main form[method=post] button.main")

    def mailed(self, address: str) -> str:
        """The code in the newest letter to this address."""
        mailbox = self.who.page.context.new_page()
        mailbox.goto(f"{self.who.base}/accounts/demo-mail/")
        letter = mailbox.locator("article", has_text=address).first.inner_text()
        mailbox.close()
        found = re.search(r"\b(\d{6})\b", letter)
        assert found, letter
        return found[1]

    def claim(self) -> None:
        """The enterprise as on its business licence, proved by the identity port at once."""
        assert "你代表哪家企业" in self.text
        self.type(uscc=self.uscc, name=NAME, legal_representative=PERSON)
        self.province_of_claim()
        self.type(address=ADDRESS, phone="0512-57691234").press("main .actions button.main")
        self.press("main form[action$='/identity/'] button")
        assert "/identity/authorize" in self.who.page.url
        self.type(enterprise_name=NAME, legal_representative=PERSON).press("main .actions button.main")
        assert "认领已证明" in self.text

    def province_of_claim(self) -> None:
        self.choose("province", "320000")
        if not self.script:
            self.press("main button[name=switch]")
        self.choose("division", "320583")

    def open_draft(self) -> None:
        """Straight on to the product chosen before there was an account."""
        self.press("main .actions a.btn.main")
        assert "电线电缆" in self.text and NAME in self.text
        self.press("main form[method=post] button.main")
        found = re.search(r"/apply/([0-9a-f-]{36})/$", self.who.page.url)
        assert found, self.who.page.url
        self.case = found[1]

    def fill_in(self) -> None:
        """Every section; the enterprise and the product are there already."""
        self.section("enterprise")
        assert self.who.page.locator("main [name=name]").input_value() == NAME
        assert self.who.page.locator("main [name=address]").input_value() == ADDRESS
        self.type(contact=PERSON, phone="0512-57691234").saved("main form[method=post] button.main")
        self.section("sites").press("main button[name=same]")
        self.saved("main a.btn.main")
        self.section("conditions").type(
            equipment__0__name="挤出机", equipment__0__model="SJ-65", equipment__0__quantity="2",
            instruments__0__name="火花试验机", instruments__0__number="HH-0017",
            instruments__0__valid_until=f"{today().year + 1}-06-30", process="按现行国家标准组织生产",
            staff="电气工程师 2 人",
        ).saved("main .actions button.main")  # fmt: skip
        self.section("business-licence").attach("营业执照.pdf", PDF)
        self.saved("main form[data-upload] button.main")
        self.section("commitment").tick("main [name=agreed]").type(signer=PERSON)
        self.saved("main form[method=post] button.main")

    def section(self, name: str) -> "NewCompany":
        self.press(f"main ol.tasks a[href$='/{name}/']")
        return self

    def saved(self, selector: str) -> None:
        self.press(selector)
        errors = self.who.page.locator(".err:visible").all_inner_texts()
        assert self.who.page.url.endswith(f"/apply/{self.case}/"), errors

    def submit(self) -> str:
        """Look once more, send; the number on the receipt."""
        self.press("main a.btn.main[href$='/check/']")
        assert "火花试验机" in self.text and "营业执照.pdf" in self.text
        self.press("main form[action$='/submit/'] button.main")
        assert self.who.page.url.endswith(f"/cases/{self.case}/receipt/")
        return self.who.page.locator("main dd b.num").inner_text()

    def to_the_receipt(self) -> str:
        self.ask_whether_needed()
        self.sign_up()
        self.claim()
        self.open_draft()
        self.fill_in()
        number = self.submit()
        assert self.effort.clicks <= CLICKS[self.script], f"more than it took: {self.spent()}"
        return number


def accept(clerk: Visitor, case: str, number: str) -> None:
    """From the work list to the desk; all three papers, then one button."""
    clerk.go(f"/work/?scope=mine&q={number}").press(f"main a[href$='/cases/{case}/']")
    clerk.press(f"main a[href$='/cases/{case}/accept/']")
    clerk.until(lambda page: page.locator("main nav.tabs a").count() == 3, "the generated papers").look()
    clerk.press("main form.actbar button.main")
    assert clerk.page.url.endswith(f"/cases/{case}/")


@pytest.mark.req("R-29", "R-43", "R-88", "R-95")
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_a_new_company_goes_from_nothing_to_an_accepted_application(
    stack: Any, people: Any, window: Windows, width: int
) -> None:
    company = NewCompany(window(width=width))
    number = company.to_the_receipt()
    spent = company.spent()
    clerk = window()
    (people.sign_in if width == PHONE else people.enter)(clerk, "js-clerk")
    accept(clerk, company.case, number)
    company.press("main .actions a.btn.main")
    assert "已受理" in company.text
    due = re.search(r"最迟 (\d{4} 年 \d{1,2} 月 \d{1,2} 日)", company.text)
    assert due, company.text
    title = f"已受理：{number}"
    company.press("header a[href$='/inbox/']").who.until(
        lambda page: page.get_by_text("已受理").count() > 0, title
    )
    assert due[1] in company.text
    print(f"intake journey: {spent}")
    assert window.complaints() == []


@pytest.mark.req("R-29", "R-88", "R-95")
def test_the_same_way_without_javascript(stack: Any, people: Any, window: Windows) -> None:
    company = NewCompany(window(script=False, width=PHONE), script=False)
    number = company.to_the_receipt()
    print(f"intake journey without script: {company.spent()}")
    assert number.startswith("320000-N-")
    assert window.complaints() == []
