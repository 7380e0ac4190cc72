"""Claiming an enterprise in the browser: the identity port over real sockets, a dispute, agents, no script."""

from typing import Any

import pytest
from stdnum.cn import uscc as stdnum

from core.parties.identifiers import organisation_check_digit
from tests.support.browsing import Visitor, Windows
from tests.support.wizard import file

pytestmark = [pytest.mark.browser, pytest.mark.req("R-88")]

PHONE = 320


def code(serial: int) -> str:
    """An invented code of Kunshan that passes every check."""
    body = f"MA9E{serial:04d}"
    without = f"91320583{body}{organisation_check_digit(body)}"
    return without + stdnum.calc_check_digit(without)


JINSUI = "91320583MA9D00013P"


def claim(who: Visitor, uscc: str, *, ground: str = "first", script: bool = True) -> str:
    """Fill in and send the claim; the path of its page."""
    page = who.go("/enterprise/claim/").page
    who.fill(uscc=uscc, name="昆山新丰肥业有限公司", legal_representative="顾永固")
    page.locator("main [name=province]").select_option("320000")
    if script:
        page.locator("main [name=division] option[value='320583']").wait_for(state="attached")
    else:
        who.press("main button[name=switch]")
    page.locator("main [name=division]").select_option("320583")
    page.locator(f"main [name=ground][value={ground}]").check()
    who.fill(address="春晖路 88 号", phone="0512-57000000")
    who.press("main .actions button.main")
    assert "/enterprise/claims/" in page.url, page.locator(".err").all_inner_texts()
    return page.url.split("/enterprise/")[1]


@pytest.mark.parametrize("width", [1280, PHONE])
def test_proving_by_the_identity_port_then_inviting_an_agent(
    stack: Any, people: Any, window: Windows, width: int
) -> None:
    """The portal answers itself while it asks itself: the demo provider stands on the same web server."""
    who = people.enter(window(width=width), "yonggu")
    claim(who, code(width))
    who.press("main form[action$='/identity/'] button")
    assert "/identity/authorize" in who.page.url
    who.fill(enterprise_name="昆山新丰肥业有限公司", legal_representative="顾永固").press(
        "main .actions button.main"
    )
    assert "认领已证明" in who.page.locator("main").inner_text()
    who.press("main a[href$='/agents/']").fill(address="taihu").press("main form.stack button")
    agents = "/enterprise/" + who.page.url.split("/enterprise/")[1]
    guest = people.enter(window(width=width), "taihu")
    guest.go("/enterprise/").press("main form[action*='/accept/'] button")
    who.go(agents).press("main .card a.btn.main").save()
    assert "授权有效" in who.page.locator("main").inner_text()
    assert "能，授权到" in guest.go("/enterprise/").page.locator("main").inner_text()
    who.press("main a[href*='/revoke/']").press("main form[method=post] button")
    assert "授权已被收回" in guest.go("/enterprise/").page.locator("main").inner_text()
    who.press("main a[href*='/remove/']").press("main form[method=post] button")
    assert window.complaints() == []


def test_a_second_claimant_is_heard_and_the_approver_decides(
    stack: Any, people: Any, window: Windows
) -> None:
    rival, lead = people.enter(window(), "changfeng"), people.enter(window(), "jinsui")
    found = claim(rival, JINSUI, ground="changed")
    number = found.split("/")[1]
    assert "金穗" not in rival.page.locator("main").inner_text()
    rival.press("main a[href$='/authorisation/']")
    rival.page.locator("main [name=file]").set_input_files(file("授权书.pdf"))  # type: ignore[arg-type]
    rival.press("main .actions button.main")
    assert "这家企业已有法定代表人账号" in rival.page.locator("main").inner_text()
    rival.press("main a[href$='/statement/']").fill(text="本人已变更为法定代表人").press(
        "main .actions button.main"
    )
    lead.go("/enterprise/").press("main .note a").press("main a[href$='/statement/']")
    lead.fill(text="未变更，不认识对方").press("main .actions button.main")
    for width in (1280, PHONE):
        approver = people.enter(window(width=width), "js-approver")
        approver.go("/enterprise/reviews/").press(f"main td a[href*='{number}']").go(
            f"/enterprise/reviews/{number}/?act=replace"
        )
    approver.go(f"/enterprise/reviews/{number}/?act=uphold")
    assert "未变更，不认识对方" in approver.page.locator("main").inner_text()
    approver.fill(reasons="登记机关档案未见变更").press("main .actions button.main")
    assert "登记机关档案未见变更" in rival.go("/enterprise/" + found).page.locator("main").inner_text()
    assert "维持不变" in lead.go("/enterprise/" + found).page.locator("main").inner_text()
    assert window.complaints() == []


def test_a_sealed_authorisation_without_javascript(stack: Any, people: Any, window: Windows) -> None:
    person = people.enter(window(), "haimen")
    plain = window(script=False)
    plain.page.context.add_cookies(person.page.context.cookies())
    page = plain.page

    def go(path: str) -> None:
        page.goto(plain.base + path)

    go("/enterprise/claim/")
    plain.fill(
        uscc=code(7),
        name="昆山新丰肥业有限公司",
        legal_representative="施海燕",
        address="春晖路 88 号",
        phone="0512-57000000",
    )
    page.locator("main [name=province]").select_option("320000")
    page.locator("main button[name=switch]").click()
    page.locator("main [name=division]").select_option("320583")
    page.locator("main .actions button.main").click()
    page.wait_for_url("**/claims/*/")
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    page.locator("main a[href$='/authorisation/']").click()
    page.locator("main [name=file]").set_input_files(file("授权书.pdf"))  # type: ignore[arg-type]
    page.locator("main .actions button.main").click()
    assert "现在要你做的：没有" in page.locator("main").inner_text()
    clerk = people.enter(window(), "js-clerk")
    clerk.go("/enterprise/reviews/").press(f"main td a[href*='{number}']")
    for box in clerk.page.locator("main [name=checked]").all():
        box.check()
    clerk.press("main .actions button.main")
    page.reload()
    assert "认领已证明" in page.locator("main").inner_text()
    assert window.complaints() == []
