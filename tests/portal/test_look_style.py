"""The component page: every section is there, its states are the real components, and it stands without script."""

import re
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils.translation import override

from portal.icons import ICONS
from portal.style import examples
from portal.style_sections import COLOURS, SECTIONS
from tests.portal.test_look_rules import TOKENS

WIDTHS = (1280, 390)
FRAMES = ("menu", "list", "large")


@pytest.fixture
def page(db: Any) -> str:
    return Client().get("/style/").content.decode()


def test_the_table_of_contents_leads_to_every_section(page: str):
    for section in SECTIONS:
        assert f'<a href="#{section.id}">' in page
        assert f'<section class="specimen" id="{section.id}"' in page
        get_template(section.template)


def test_every_section_says_in_one_line_when_to_use_it():
    with override("zh-hans"):
        assert all(8 <= len(str(section.use)) <= 60 for section in SECTIONS)


def test_colours_are_tokens_of_the_style_sheet_and_icons_are_all_there(page: str):
    assert {colour.name for colour in COLOURS} <= set(TOKENS)
    assert all(f"icon-{name}" in page for name in ICONS)


def test_ids_are_unique_though_components_stand_there_many_times(page: str):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_nothing_on_the_page_waits_for_work_that_does_not_exist(page: str):
    assert "data-await" not in page


def test_messages_of_each_level_can_be_put_away_by_script_and_stay_without(page: str):
    for level in ("success", "info", "warning", "error"):
        assert f'<li class="{level}">' in page
    assert page.count("data-dismiss hidden") == 4


@pytest.mark.parametrize("frame", FRAMES)
def test_the_phone_frames_are_pages_of_the_portal(db: Any, frame: str):
    answer = Client().get("/style/", {"frame": frame})
    html = answer.content.decode()
    assert 'id="main"' in html and "specimen" not in html
    assert ('<details class="menu" open>' in html) == (frame == "menu")
    assert ('data-size="large"' in html) == (frame == "large")


def test_an_unknown_frame_is_the_page_itself(db: Any):
    assert "specimen" in Client().get("/style/", {"frame": "x"}).content.decode()


def test_the_form_with_errors_has_one_of_each_kind():
    bad = examples(RequestFactory().get("/style/"))["bad"]
    assert set(bad.errors) == {"people", "count", "day", "province", "units", "licence", "agreed"}


@pytest.mark.browser
@pytest.mark.req("R-49")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_the_component_page_is_accessible_and_fits(
    stack: Any, window: Any, language: str, width: int
) -> None:
    who = window(language, width=width)
    who.go("/style/")
    for frame in FRAMES:
        who.go(f"/style/?frame={frame}")
    assert window.complaints() == []


@pytest.mark.browser
@pytest.mark.req("R-49")
def test_large_type_does_not_break_the_component_page(stack: Any, window: Any) -> None:
    who = window(width=390)
    who.page.add_init_script("localStorage.setItem('size', 'large')")
    who.go("/style/")
    assert who.page.evaluate("document.documentElement.dataset.size") == "large"
    assert window.complaints() == []


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_everything_is_readable_and_dialogs_open_by_their_link(
    stack: Any, window: Any, width: int
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


@pytest.mark.browser
def test_with_script_a_message_is_put_away_and_a_dialog_opens_as_a_modal(stack: Any, window: Any) -> None:
    page = window().go("/style/").page
    page.locator("[data-dismiss]").first.click()
    assert page.locator(".messages li").count() == 3
    page.locator('a[href="#refuse"]').first.click()
    assert page.evaluate("document.querySelector('#refuse').matches(':modal')")
    page.keyboard.press("Escape")
    assert not page.locator("#refuse").is_visible()
    assert window.complaints() == []
