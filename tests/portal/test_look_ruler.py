"""The ruler as one SVG with a text equivalent, and the filters beside it."""

import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override

from portal.ruler import MOST_CELLS
from portal.style import ExamplePage, clock, clocks
from portal.templatetags.portal import filesize, isodate, longdate, shortstamp, uscc

SVG = re.compile(r"<svg class=\"ruler.*</svg>", re.S)


def drawn(*views, size: str = "") -> str:
    template = Template("{% load portal %}{% for view in views %}{% ruler view size=size %}{% endfor %}")
    return template.render(Context({"views": views, "size": size}))


def svg(view, size: str = "bare") -> ElementTree.Element:
    match = re.match(r"\s*(<svg.*?</svg>)", drawn(view, size=size), re.S)
    assert match
    return ElementTree.fromstring(match[1])


@pytest.mark.req("R-49")
@pytest.mark.parametrize("size", ["", "mini"])
@pytest.mark.parametrize("item", clocks(), ids=lambda item: str(item["title"]))
def test_every_ruler_has_a_text_equivalent_and_no_style_attribute(item, size: str):
    view = item["clock"]
    html = drawn(view, size=size)
    assert 'role="img"' in html
    assert f'aria-label="{view.summary}"' in html
    assert "style=" not in html


def test_one_cell_for_each_day_of_the_clock_named_by_its_kind():
    view = clock("uuppt" + "l" * 26)
    wide = svg(view).findall("g[@class='ruler-wide']/rect")
    assert [cell.get("class") for cell in wide] == [f"r-{cell.kind}" for cell in view.cells]
    assert [cell.find("title").text for cell in wide] == [cell.title for cell in view.cells]
    narrow = svg(view).findall("g[@class='ruler-narrow']/rect")
    assert [cell.get("class") for cell in narrow] == [cell.get("class") for cell in wide]


def test_cells_fill_the_width_without_leaving_it():
    for letters in ("u", "uuull", "u" * 23, "u" * 37):
        cells = [cell for cell in svg(clock(letters)).iter("rect") if str(cell.get("class")).startswith("r-")]
        edges = [float(c.get("x").rstrip("%")) + float(c.get("width").rstrip("%")) for c in cells]
        assert max(edges) == pytest.approx(100, abs=0.3)


def test_hatches_have_ids_of_their_own_on_a_page():
    html = drawn(clock("uppt"), clock("uppt"), clock("uppt"))
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 6
    assert set(re.findall(r"url\(#([^)]+)\)", html)) == set(ids)


def test_a_clock_overdue_for_years_stays_a_ruler():
    view = clock("u" * 30 + "L" * 700, left=0)
    assert len(svg(view).findall("g[@class='ruler-wide']/rect")) == MOST_CELLS
    assert len(drawn(view, size="mini")) < 3_000


def test_the_legend_names_what_is_there_and_nothing_else():
    with override("zh-hans"):
        running, late = drawn(clock("uuppt" + "l" * 27)), drawn(clock("u" * 30 + "LL", left=0))
    assert "停计 2 日" in running and "今天" in running and "剩余 27 日" in running and "超期" not in running
    assert "超期 2 日" in late and "今天" not in late and "剩余" not in late


@pytest.mark.parametrize(
    ("language", "expected"), [("zh-hans", "2015 年 12 月 2 日"), ("en", "2 December 2015")]
)
def test_dates_in_words(language: str, expected: str):
    with override(language):
        assert longdate(date(2015, 12, 2)) == expected
        assert longdate(datetime(2015, 12, 1, 16, 0, tzinfo=UTC)) == expected
        assert longdate(None) == ""


def test_stamps_are_shanghai_time():
    instant = datetime(2015, 10, 28, 7, 20, tzinfo=UTC)
    assert shortstamp(instant) == "10-28 15:20"
    assert isodate(datetime(2015, 10, 28, 17, 0, tzinfo=UTC)) == "2015-10-29"
    assert shortstamp(date(2015, 10, 28)) == "10-28"
    assert shortstamp(None) == isodate(None) == ""


def test_credit_codes_are_grouped_in_fours_however_they_come():
    assert uscc("91320583MA1X5C7DXJ") == "9132 0583 MA1X 5C7D XJ"
    assert uscc("9132 0583MA1X5C7DXJ") == "9132 0583 MA1X 5C7D XJ"
    assert uscc(None) == ""


def test_file_sizes_in_units_people_know():
    assert [filesize(n) for n in (1, 365_000, 2_516_582)] == ["1 KB", "356 KB", "2.4 MB"]


def test_paging_keeps_the_filters_and_drops_the_old_cursor():
    request = RequestFactory().get("/work/?stage=review&after=x&q=%E9%92%A2")
    template = Template("{% load portal %}{% pagination page %}")
    html = template.render(RequestContext(request, {"page": ExamplePage(), "request": request}))
    assert 'href="?stage=review&amp;q=%E9%92%A2&amp;after=b2"' in html
    assert 'href="?stage=review&amp;q=%E9%92%A2&amp;before=a1"' in html


def test_status_pills_take_text_or_a_status_with_its_tone():
    template = Template('{% load portal %}{% tag "超期" "stop" %}{% tag status %}{% tag odd "<b>" %}')
    html = template.render(Context({"status": {"label": "已发证", "tone": "ok"}, "odd": "<x>"}))
    assert '<span class="tag stop">超期</span>' in html
    assert '<span class="tag ok">已发证</span>' in html
    assert '<span class="tag">&lt;x&gt;</span>' in html
