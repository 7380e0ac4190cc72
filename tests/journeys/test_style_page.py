"""The component page in a browser: accessible at every width, in both languages, in large type and without script."""

from typing import Any

import pytest

from portal.pages import FRAMES
from tests.support.browsing import Windows

pytestmark = [pytest.mark.browser]

WIDTHS = (1280, 390)


@pytest.mark.req("R-49")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_the_component_page_is_accessible_and_fits(
    stack: Any, window: Windows, language: str, width: int
) -> None:
    who = window(language, width=width)
    who.go("/style/")
    for frame in FRAMES:
        who.go(f"/style/?frame={frame}")
    assert window.complaints() == []


@pytest.mark.req("R-49")
def test_large_type_does_not_break_the_component_page(stack: Any, window: Windows) -> None:
    who = window(width=390)
    who.page.add_init_script("localStorage.setItem('size', 'large')")
    who.go("/style/")
    assert who.page.evaluate("document.documentElement.dataset.size") == "large"
    assert window.complaints() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_everything_is_readable_and_dialogs_open_by_their_link(
    stack: Any, window: Windows, width: int
) -> None:
    page = window(width=width, script=False).page
    page.goto(f"{stack.url}/style/")
    assert page.locator("[data-dismiss]:visible").count() == 0
    assert page.locator(".messages li:visible").count() == 4
    page.locator(".chart details summary").first.click()
    assert page.locator(".chart details table").first.is_visible()
    page.locator('a[href="#withdraw"]').click()
    assert page.locator("#withdraw").is_visible()
    page.locator("#withdraw a[data-close]").click()
    assert not page.locator("#withdraw").is_visible()


def test_with_script_a_message_is_put_away_and_a_dialog_opens_as_a_modal(stack: Any, window: Windows) -> None:
    page = window().go("/style/").page
    page.locator("[data-dismiss]").first.click()
    assert page.locator(".messages li").count() == 3
    page.locator('a[href="#refuse"]').first.click()
    assert page.evaluate("document.querySelector('#refuse').matches(':modal')")
    page.keyboard.press("Escape")
    assert not page.locator("#refuse").is_visible()
    assert window.complaints() == []
