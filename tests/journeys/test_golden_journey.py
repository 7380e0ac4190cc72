"""One new application from the first button to a verified certificate, in Chromium, in both languages.

Every page on the way is examined: WCAG 2 A and AA by axe, the console, the content policy, its width.
"""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import Visitor, Windows
from tests.support.wizard import Told, Wizard, file

pytestmark = [pytest.mark.browser]

FULL_WIDTH = {ord("("): "（", ord(")"): "）"} | {code: code + 0xFEE0 for code in range(0x2A, 0x7F)}
JOURNEYS = {
    "zh": ("yonggu", "顾永固", "grinding-wheel", "js-clerk"),
    "en": ("taihu", "钱素芬", "fertilizer-phosphate", "js-allrounder"),
}
NAMES = ("顾永固", "钱素芬", "王晓岚", "赵磊", "李建国", "沈洁", "孟晓东", "罗静", "永固线缆", "太湖餐具")


class Desk:
    """One official at work on one case."""

    def __init__(self, who: Visitor, case: str, number: str) -> None:
        self.who, self.case, self.number = who, case, number

    def find(self) -> None:
        """The case stands in the work list and opens from there."""
        self.who.go("/work/").go(f"/work/?scope=mine&q={self.number}")
        self.who.press(f"main a[href$='/cases/{self.case}/']")
        self.who.go(f"/cases/{self.case}/days/").go(f"/cases/{self.case}/")

    def accept(self) -> None:
        self.who.press(f"main a[href$='/cases/{self.case}/accept/']")
        self.who.until(lambda page: page.locator("main nav.tabs a").count() == 3, "the generated papers")
        for paper in ("application_form", "commitment_letter"):
            self.who.press(f"main nav.tabs a[href*='paper={paper}']")
        self.who.press("main form.actbar button.main")
        assert self.who.page.url.endswith(f"/cases/{self.case}/")

    def review(self) -> None:
        self.who.press(f"main a[href$='/cases/{self.case}/review/']")
        self.who.page.locator("main [name=no_conflict]").check()
        self.who.press("main form[action$='/review/take/'] button")
        for track, paper in (("onsite", "核查记录.pdf"), ("testing", "检验报告.pdf")):
            self.who.press(f"main a[href$='/review/{track}/']")
            self.who.page.locator("main [name=outcome][value=passed]").check()
            self.who.fill(body="江苏省产品质量监督检验研究院", finding="符合要求")
            if track == "onsite":
                self.who.fill(verifiers="孟晓东\n罗静")
            self.who.page.locator("main [name=document]").set_input_files(file(paper))  # type: ignore[arg-type]
            self.who.press("main form[method=post] button.main")
            assert self.who.page.url.endswith("/review/"), self.who.page.locator(".err").all_inner_texts()
        self.who.press("main form[action$='/review/conclude/'] button.main")
        assert self.who.page.url.endswith(f"/cases/{self.case}/")

    def grant(self) -> None:
        self.who.press(f"main a[href$='/cases/{self.case}/decide/']")
        for act in ("refuse", "return", "grant"):
            self.who.press(f"main nav.filters a[href*='act={act}']")
        self.who.page.locator("main [name=no_conflict]").check()
        self.who.press("main form[method=post] button.main")
        assert self.who.page.url.endswith(f"/cases/{self.case}/"), self.who.page.locator(
            ".err"
        ).all_inner_texts()


@pytest.mark.req("R-43", "R-48", "R-49", "R-51")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_the_first_button_to_a_verified_certificate(
    stack: Any, people: Any, window: Windows, tmp_path: Path, language: str
) -> None:
    began = time.monotonic()
    enterprise, signer, category, clerk = JOURNEYS[language]
    applicant = people.enter(window(language), enterprise)
    wizard = Wizard(applicant, Told(category, signer))
    number = wizard.all()
    case = wizard.draft

    for user, act in ((clerk, "accept"), ("js-reviewer", "review"), ("js-approver", "grant")):
        official = window(language)
        (people.sign_in if act == "accept" else people.enter)(official, user)
        desk = Desk(official, case, number)
        desk.find()
        getattr(desk, act)()

    certificate = fetch_certificate(applicant, case, tmp_path)
    licence = licence_number(applicant, case)
    anyone = window(language)
    find_licence(anyone, licence, signer)
    verify(anyone, certificate, tmp_path)
    progress_without_names(anyone, number)
    print(f"{language}: {window.pages()} pages examined in {time.monotonic() - began:.0f} s")
    assert {lang for who in window.visitors for lang in who.languages} == {
        "en" if language == "en" else "zh-Hans"
    }
    assert window.complaints() == []


def fetch_certificate(who: Visitor, case: str, directory: Path) -> Path:
    """Wait for the signing worker, then download."""
    who.go(f"/cases/{case}/")
    began = time.monotonic()
    button = "main form[action$='/certificate/'] button"
    who.until(lambda page: page.locator(button).count() > 0, "the signed certificate").look()
    print(f"certificate at hand {time.monotonic() - began:.1f} s after the applicant looked for it")
    with who.page.expect_download() as download:
        who.page.locator(button).first.click()
    path = directory / "certificate.pdf"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    who.go(f"/cases/{case}/")
    return path


def licence_number(who: Visitor, case: str) -> str:
    link = who.page.locator("main a.num[href*='/licences/']")
    return link.inner_text()


def find_licence(who: Visitor, number: str, person: str) -> None:
    """A full-width spelling in the one box leads to the page, which names no person."""
    who.go("/").page.locator("main [name=q]").fill(number.translate(FULL_WIDTH))
    with who.page.expect_navigation():
        who.page.locator("main [name=q]").press("Enter")
    who.look()
    text = who.page.locator("main").inner_text()
    assert "/licences/" in who.page.url and number in text
    assert who.page.locator("main .banner.ok").count() == 1
    assert person not in text


def verify(who: Visitor, certificate: Path, directory: Path) -> None:
    """Three answers: all yes for the paper as signed, no for the same paper with one byte changed."""
    judge(who, certificate)
    assert who.page.locator("main .banner.ok").count() == 1
    assert who.page.locator("main ul.check .yes").count() == 3
    content = bytearray(certificate.read_bytes())
    content[len(content) // 3] ^= 0x01
    tampered = directory / "tampered.pdf"
    tampered.write_bytes(bytes(content))
    judge(who, tampered)
    assert who.page.locator("main .banner.stop h1").inner_text()
    assert who.page.locator("main ul.check .no").count() >= 1
    assert who.page.locator("main dl.facts").count() == 0


def judge(who: Visitor, path: Path) -> None:
    who.go("/verify/")
    who.page.locator("main [name=file]").set_input_files(path)
    who.press("main form[method=post] button.main")


def progress_without_names(who: Visitor, number: str) -> None:
    who.go("/progress/").fill(number=number)
    with who.page.expect_navigation():
        who.page.locator("main [name=number]").press("Enter")
    text = who.look().page.locator("main").inner_text()
    assert number in text
    assert [name for name in NAMES if name in text] == []


@pytest.mark.req("R-29")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_application_is_filed_without_javascript(
    stack: Any, people: Any, window: Windows, language: str
) -> None:
    who = window(language, script=False)
    who.page.goto(people.link("haimen"))
    number = Wizard(who, Told("waterproof-membrane", "施海燕"), look=False).all()
    assert number.startswith("320000-N-")
    assert window.complaints() == []
