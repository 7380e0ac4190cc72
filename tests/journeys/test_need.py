"""The guide "do I need a licence?" in a browser: every question examined, and straight into a prefilled draft."""

from typing import Any

import pytest

from tests.support.browsing import Windows

pytestmark = [pytest.mark.browser, pytest.mark.req("R-95")]

QUESTIONS = (
    "", "?q=电线", "?q=电缆线", "?q=月球车", "?browse=1", "?listed=none", "?category=cable",
    "?category=cable&unit=unsure",
    "?category=cement", "?category=cement&do=make", "?category=cement&do=make&on=today",
    "?category=cement&do=make&on=today&place=320000", "?category=cement&do=process&on=today&place=any",
    "?category=cement&do=sell&on=today", "?category=cement&do=import&on=today",
)  # fmt: skip


@pytest.mark.parametrize(("language", "width"), [("zh", 320), ("zh", 1280), ("en", 320)])
def test_every_question_fits_and_passes_the_examination(
    stack: Any, window: Windows, language: str, width: int
) -> None:
    who = window(language, width=width)
    for query in QUESTIONS:
        who.go(f"/need/{query}")
        assert who.page.locator("h1").count() == 1
    assert window.complaints() == []


@pytest.mark.parametrize("script", [True, False])
def test_from_the_home_page_into_a_prefilled_draft(
    stack: Any, people: Any, window: Windows, script: bool
) -> None:
    who = window(script=script)
    page = who.page
    page.goto(people.link("jinsui"))
    page.goto(who.base + "/")
    page.locator("main a.door[href='/need/']").click()
    page.locator("main [name=q]").fill("复肥")
    page.locator("main form button[type=submit]").click()
    page.locator("main a[href='?category=fertilizer-compound']").first.click()
    page.locator("main [name=unit]").nth(1).check()
    page.locator("main button.main").click()
    page.locator("main a", has_text="自己生产").click()
    page.locator("main a.btn.main").click()
    page.locator("main [name=place]").select_option("320000")
    page.locator("main button.main").click()
    assert "江苏省质量技术监督局" in page.locator("main").inner_text()
    page.locator("main a", has_text="开始申请").click()
    page.wait_for_url("**/apply/?category=fertilizer-compound*")
    assert "掺混肥料" in page.locator("main").inner_text()
    page.locator("main form[method=post] button.main").click()
    page.wait_for_url(lambda url: "?" not in url)
    assert "掺混肥料" in page.locator("main ol.tasks").inner_text()
    assert window.complaints() == []
