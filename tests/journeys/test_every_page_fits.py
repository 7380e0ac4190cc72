"""The main pages on a phone of 320 CSS pixels, by keyboard alone, and proof that the examination finds faults."""

from typing import Any

import pytest

from tests.support.browsing import Windows, press_enter

pytestmark = [pytest.mark.browser]

PHONE = 320
PUBLIC = ("/", "/licences/", "/licences/?q=肥业", "/verify/", "/progress/", "/catalog/", "/catalog/cable/",
          "/accessibility/", "/accounts/login/", "/licences/XK13-002-09999/")  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_public_pages_fit_a_phone(stack: Any, window: Windows, language: str) -> None:
    who = window(language, width=PHONE)
    for path in PUBLIC:
        who.go(path)
    who.go("/licences/?q=肥业").page.locator("main a[href*='/licences/']").last.click()
    who.look()
    expected = "en" if language == "en" else "zh-Hans"
    assert who.languages == {expected}
    assert [line for line in window.complaints() if "404" not in line] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_applicant_s_pages_fit_a_phone(stack: Any, people: Any, window: Windows, language: str) -> None:
    who = people.enter(window(language, width=PHONE), "jinsui")
    who.go("/cases/").go("/apply/")
    who.go("/cases/").press("main a[href*='/apply/'][href$='/']:not(.btn)")
    draft = who.page.url.rstrip("/").rsplit("/", 1)[1]
    for section in (
        "enterprise",
        "product",
        "product/?change",
        "sites",
        "conditions",
        "business-licence",
        "check",
    ):
        path = section if "?" in section else f"{section}/"
        who.go(f"/apply/{draft}/{path}")
    who.go("/cases/").press("main a[href*='/cases/']")
    case = who.page.url.rstrip("/").rsplit("/", 1)[1]
    who.go(f"/cases/{case}/days/").go(f"/cases/{case}/receipt/")
    assert window.complaints() == []


DESKS = {
    "js-clerk": ("accept", "refuse-acceptance", "recuse"),
    "js-reviewer": ("review", "review/onsite"),
    "js-approver": ("decide", "decide/?act=refuse", "decide/?act=return"),
}


@pytest.mark.parametrize("user", DESKS)
def test_the_workbench_fits_a_phone(stack: Any, people: Any, window: Windows, user: str) -> None:
    who = people.enter(window("zh", width=PHONE), user)
    who.go("/work/?scope=all").go("/work/?scope=mine&q=nothing")
    who.go("/work/").press("main td a[href*='/cases/']")
    case = who.page.url.rstrip("/").rsplit("/", 1)[1]
    who.go(f"/cases/{case}/days/")
    for page in DESKS[user]:
        who.go(f"/cases/{case}/{page}" + ("" if "?" in page else "/"))
        assert "/cases/" in who.page.url and (page.split("/")[0] in who.page.url)
    assert window.complaints() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_head_s_assignment_fits_a_phone(stack: Any, people: Any, window: Windows, language: str) -> None:
    who = people.enter(window(language, width=PHONE), "js-head")
    who.go("/work/?scope=desk&status=under_review").press("main td a[href*='/cases/']")
    who.press("main a[href$='/review/assign/']")
    who.press("main form[method=post] button.main")
    assert who.page.locator(".err").count() == 2, "who, and why"
    assert [line for line in window.complaints() if "422" not in line] == []


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/verify/"])
def test_the_first_stop_of_the_keyboard_skips_to_the_text(stack: Any, window: Windows, path: str) -> None:
    who = window()
    page = who.go(path).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_signing_in_and_saving_by_keyboard_alone(stack: Any, people: Any, window: Windows) -> None:
    who = window()
    page = who.go("/accounts/login/").page
    page.locator("main [name=login]").focus()
    page.keyboard.type("changfeng")
    page.keyboard.press("Tab")
    page.keyboard.type(people.accounts["changfeng"]["password"])
    press_enter(who, "password")
    assert page.url.endswith("/desk/")
    who.press("main a.btn.main").press("main form[method=post] button.main")
    who.go(page.url.removeprefix(stack.url) + "enterprise/").fill(contact="缪长风", phone="0510-86001234")
    press_enter(who, "phone")
    assert page.url.rstrip("/").rsplit("/", 2)[1] == "apply", "Enter saves, it does not switch the province"
    assert page.locator(".messages .success").count() == 1
    assert window.complaints() == []


def test_an_error_takes_the_focus_and_leads_to_its_field(stack: Any, people: Any, window: Windows) -> None:
    who = people.enter(window(), "changfeng")
    page = who.press("main a.btn.main").press("main form[method=post] button.main").page
    who.go(page.url.removeprefix(stack.url) + "enterprise/").fill(
        uscc="913202810000000000", phone="0510-86001234"
    )
    who.fill(contact="缪长风")
    press_enter(who, "phone")
    assert page.evaluate("document.activeElement.className") == "errsum"
    page.locator(".errsum a").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "uscc"
    assert page.locator("main [name=uscc]").get_attribute("aria-invalid") == "true"
    assert [line for line in window.complaints() if "422" not in line] == []


def test_the_examination_finds_what_is_wrong(stack: Any, window: Windows) -> None:
    """A net without a hole: each kind of fault, made on purpose, is caught."""
    who = window(width=PHONE)
    page = who.go("/").page
    assert window.complaints() == []
    page.evaluate(
        """() => {
            document.querySelector('main').insertAdjacentHTML('beforeend',
                '<img src="https://elsewhere.example/x.png"><p style="color:red">x</p>' +
                '<table><tr><td></td></tr></table>');
            document.querySelector('main td').append('很宽'.repeat(400));
            document.querySelector('main td').setAttribute('nowrap', '');
            setTimeout(() => { throw new Error('broken'); });
        }"""
    )
    page.wait_for_function("document.querySelector('main img').complete")
    who.look()
    text = "\n".join(window.complaints())
    for fault in ("image-alt", "content policy: img-src", "content policy: style-src", "px wide", "broken"):
        assert fault in text
