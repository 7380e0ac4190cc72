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

FRAMES = ("menu", "list", "large")


@pytest.fixture
def html(db: Any) -> str:
    return Client().get("/style/").content.decode()


def test_the_table_of_contents_leads_to_every_section(html: str):
    for section in SECTIONS:
        assert f'<a href="#{section.id}">' in html
        assert f'<section class="specimen" id="{section.id}"' in html
        get_template(section.template)


def test_every_section_says_in_one_line_when_to_use_it():
    with override("zh-hans"):
        assert all(8 <= len(str(section.use)) <= 60 for section in SECTIONS)


def test_colours_are_tokens_of_the_style_sheet_and_icons_are_all_there(html: str):
    assert {colour.name for colour in COLOURS} <= set(TOKENS)
    assert all(f"icon-{name}" in html for name in ICONS)


def test_ids_are_unique_though_components_stand_there_many_times(html: str):
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_nothing_on_the_page_waits_for_work_that_does_not_exist(html: str):
    assert "data-await" not in html


def test_the_page_opens_at_its_top_and_not_at_the_errors_it_shows(html: str):
    assert 'class="errsum"' in html and "data-focus" not in html


def test_messages_of_each_level_can_be_put_away_by_script_and_stay_without(html: str):
    for level in ("success", "info", "warning", "error"):
        assert f'<li class="{level}">' in html
    assert html.count("data-dismiss hidden") == 4


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
