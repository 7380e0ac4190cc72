"""A company nobody knows goes from the public guide to an accepted application without help; one is put right.

The applicant presses only what the pages show. What it takes is counted; a fifth more clicks than counted fail.
"""

import itertools
import re
from typing import Any, Self

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
PHONE_NUMBER = "0512-57691234"
COUNTED = {True: 37, False: 38}
"""Clicks to the receipt when they were last counted, with script and without."""
SLACK = 1.2

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
        mailbox.goto(f"{self.who.base}/demo/mail/")
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
        self.type(address=ADDRESS, phone=PHONE_NUMBER).press("main .actions button.main")
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
        for name, brought in (("name", NAME), ("address", ADDRESS), ("phone", PHONE_NUMBER)):
            assert self.who.page.locator(f"main [name={name}]").input_value() == brought
        self.type(contact=PERSON).saved("main form[method=post] button.main")
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

    def section(self, name: str) -> Self:
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
        most = SLACK * COUNTED[self.script]
        assert self.effort.clicks <= most, f"more clicks than {most:.0f}: {self.spent()}"
        return number


def to_the_desk(clerk: Visitor, case: str, number: str) -> None:
    """From the work list to the desk of acceptance."""
    clerk.go(f"/work/?scope=mine&q={number}").press(f"main a[href$='/cases/{case}/']")
    with_all_papers(clerk.press(f"main a[href$='/cases/{case}/accept/']"))


def with_all_papers(clerk: Visitor) -> None:
    """Application form and commitment letter are written behind the page; the desk waits for them."""
    tabs = ", ".join(
        f"main nav.tabs a[href*='paper={slot}']" for slot in ("application_form", "commitment_letter")
    )
    clerk.until(lambda page: page.locator(tabs).count() == 2, "the generated papers").look()


def accept(clerk: Visitor, case: str) -> None:
    clerk.press("main form.actbar button.main")
    assert clerk.page.url.endswith(f"/cases/{case}/")


def from_the_inbox(who: Visitor, words: str) -> None:
    """Wait for the notice and open what it tells of."""
    who.go("/inbox/?show=unread").until(lambda page: page.get_by_text(words).count() > 0, words)
    who.look().press(f"main form[action$='/open/'] button:has-text('{words}')")


@pytest.mark.req("R-29", "R-43", "R-88", "R-95")
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_a_new_company_goes_from_nothing_to_an_accepted_application(
    stack: Any, people: Any, window: Windows, width: int
) -> None:
    company = NewCompany(window(width=width))
    number = company.to_the_receipt()
    print(f"intake journey: {company.spent()} (window of {width} px)")
    clerk = window()
    (people.sign_in if width == PHONE else people.enter)(clerk, "js-clerk")
    to_the_desk(clerk, company.case, number)
    accept(clerk, company.case)

    company.press("main .actions a.btn.main")
    steps = company.who.page.locator("main ol.rail li.done")
    assert steps.count() == 1 and "受理" in steps.first.inner_text()
    due = re.search(r"最迟 (\d{4} 年 \d{1,2} 月 \d{1,2} 日)作出决定", company.text)
    assert due, company.text
    from_the_inbox(company.who, f"已受理：{short(number)}")
    assert company.who.page.url.endswith(f"/cases/{company.case}/")
    company.open("/inbox/")
    assert f"最迟 {due[1]}作出决定" in company.text
    assert window.complaints() == []


def short(number: str) -> str:
    """The number as people say it: `苏新 2026-000014`."""
    return f"苏新 {number.split('-', 2)[2].rsplit('-', 1)[0]}"


@pytest.mark.req("R-29", "R-88", "R-95")
def test_the_same_way_to_the_receipt_without_javascript(stack: Any, people: Any, window: Windows) -> None:
    company = NewCompany(window(script=False, width=PHONE), script=False)
    number = company.to_the_receipt()
    print(f"intake journey without script: {company.spent()}")
    assert number.startswith("320000-N-")
    assert window.complaints() == []


PHONE_REASON, COPY_REASON = "号码少一位，打不通", "右下角登记机关的印章看不清，请重新扫描"
CORRECTED = "0512-57001299"


def notify(clerk: Visitor) -> None:
    """One notice for everything: a field and a document, each with its reason."""
    clerk.press("main form.actbar a[href$='/correct/']")
    for code, reason in (("enterprise.phone", PHONE_REASON), ("business_licence", COPY_REASON)):
        row = clerk.page.locator(".cite", has=clerk.page.locator(f"[name='{code}']"))
        row.locator("summary").click()
        row.locator("textarea").fill(reason)
    clerk.look().press("main form[method=post] button.main")
    assert clerk.page.locator(".messages .success").count() == 1


def correct(applicant: Visitor, case: str, signer: str) -> None:
    """Each reason stands at its field; what was not noticed cannot be changed; sign anew, send."""
    applicant.press("main .c-now a.btn.main")
    listed = applicant.page.locator("main ol.asked").inner_text()
    assert PHONE_REASON in listed and COPY_REASON in listed
    applicant.press("main ol.asked a[href$='/enterprise/']")
    phone = applicant.page.locator("main .field", has=applicant.page.locator("[name=phone]"))
    assert PHONE_REASON in phone.locator(".asked-note").inner_text()
    assert applicant.page.locator("main [name=address]").is_disabled()
    applicant.fill(phone=CORRECTED).save().press("main ol.asked a[href$='/business-licence/']")
    assert COPY_REASON in applicant.page.locator("main .asked-note").first.inner_text()
    copy = file("营业执照（重扫）.pdf", PDF + b"% scanned again\n")
    applicant.page.locator("main [name=file]").set_input_files(copy)  # type: ignore[arg-type]
    applicant.page.locator("main [data-uploaded]").wait_for()
    applicant.look().press("main form[data-upload] button.main")
    applicant.press("main .actbar a.btn.main[href$='/commitment/']")
    applicant.page.locator("main [name=agreed]").check()
    applicant.fill(signer=signer).save()
    applicant.press("main form[action$='/resubmit/'] button.main")
    assert applicant.page.url.endswith(f"/cases/{case}/receipt/")


@pytest.mark.req("R-31", "S4", "S6", "K14")
def test_one_notice_is_answered_once_and_cannot_be_followed_by_another(
    stack: Any, people: Any, window: Windows
) -> None:
    applicant = people.enter(window(width=PHONE), "changzhou")
    wizard = Wizard(applicant, Told("cable", "蒋联创"))
    number = wizard.all()
    clerk = people.enter(window(), "js-clerk")
    to_the_desk(clerk, wizard.draft, number)
    notify(clerk)
    from_the_inbox(applicant, f"请补正：{short(number)}")
    correct(applicant, wizard.draft, "蒋联创")

    from_the_inbox(clerk, f"已补正：{short(number)}")
    clerk.press(f"main a[href$='/cases/{wizard.draft}/accept/']")
    changes = clerk.page.locator("main ol.asked").inner_text()
    assert "0512-57001234" in changes and CORRECTED in changes and "看原来的文件" in changes
    assert clerk.page.locator("main ol.asked .tag", has_text="已改动").count() == 2
    assert clerk.page.locator("main a[href*='/correct/']").count() == 0
    clerk.go(f"/cases/{wizard.draft}/correct/")
    assert clerk.page.url.endswith(f"/cases/{wizard.draft}/"), "the door is shut, not only hidden"
    with_all_papers(clerk.press(f"main a[href$='/cases/{wizard.draft}/accept/']"))
    accept(clerk, wizard.draft)
    from_the_inbox(applicant, f"已受理：{short(number)}")
    assert window.complaints() == []
