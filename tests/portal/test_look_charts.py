"""Charts: values become an SVG and a table with the same figures, whatever the values are."""

from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from portal import charts
from portal.charts import Chart

WEEKS = [("09-28", 4), ("10-05", 0), ("10-12", 7), ("10-19", 12), ("10-26", 9), ("11-02", 3)]
STAGES = [("受理", 6), ("实地核查", 11), ("暂停", 7, "wait"), ("决定", 0)]
KINDS = [charts.bars, charts.columns, charts.stack, charts.line]


class Drawn(HTMLParser):
    """The tags of a drawn chart, and the words of its table cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self._inside = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]

    def ids(self) -> list[str | None]:
        return [attrs["id"] for _name, attrs in self.tags if "id" in attrs]


def drawn(*given: Chart) -> Drawn:
    template = Template("{% load portal %}{% for one in given %}{% chart one %}{% endfor %}")
    with override("zh-hans"):
        return Drawn(template.render(Context({"given": given})))


@pytest.mark.req("R-49")
@pytest.mark.parametrize("make", KINDS)
def test_the_table_holds_every_label_with_its_value(make: Any):
    page = drawn(make(WEEKS, title="作出决定", unit="件"))
    body = [cell.strip() for cell in page.cells]
    for label, value in WEEKS:
        assert body[body.index(label) + 1] == str(value)


@pytest.mark.req("R-49")
@pytest.mark.parametrize("make", KINDS)
def test_a_chart_is_a_named_figure_without_style_attributes(make: Any):
    page = drawn(make(WEEKS, title="作出决定", unit="件"))
    name = page.all("figure")[0]["aria-labelledby"]
    assert page.all("figcaption", id=str(name))
    assert "单位：件" in page.html and "style=" not in page.html
    for picture in page.all("svg", role="img"):
        assert picture["aria-labelledby"] == name
        assert picture["aria-describedby"] in page.ids()


@pytest.mark.parametrize("make", [charts.columns, charts.stack, charts.line])
def test_who_hears_the_chart_hears_its_highest_value(make: Any):
    page = drawn(make(WEEKS, title="作出决定", unit="件"))
    assert len(page.all("svg", role="img")) == 1
    assert "10-19：12 件" in page.html


def test_bars_need_no_words_for_the_picture_because_the_picture_is_the_table():
    page = drawn(charts.bars(STAGES, title="在办", unit="件"))
    assert all(picture["aria-hidden"] == "true" for picture in page.all("svg"))
    assert [bar["width"] for bar in page.all("rect")] == ["54.55%", "100%", "63.64%", "0%"]


def test_what_is_overdue_is_red_in_bar_and_figure_unless_there_is_none():
    late = drawn(charts.bars([("超期", 2, "late"), ("在办", 5)], title="在办", unit="件"))
    assert [bar["class"] for bar in late.all("rect")] == ["c-late", "c-1"]
    assert late.all("b", **{"class": "num late"})
    none = drawn(charts.bars([("超期", 0, "late"), ("在办", 5)], title="在办", unit="件"))
    assert not none.all("b", **{"class": "num late"})


def test_columns_stand_on_the_base_line_inside_the_drawing():
    chart = charts.columns(WEEKS, title="作出决定", unit="件")
    for mark in chart.marks:
        assert float(mark.y) + float(mark.height) == pytest.approx(100, abs=0.02)
        assert float(mark.x) >= 0 and float(mark.x) + float(mark.width) <= 100
    assert max(float(mark.height) for mark in chart.marks) == charts.HEADROOM


@pytest.mark.parametrize("count", [1, 2, 5, 6, 13, 26, 53, 366])
@pytest.mark.parametrize("make", [charts.columns, charts.line])
def test_few_labels_stand_under_a_long_series_and_the_last_is_one_of_them(make: Any, count: int):
    chart = make([(f"{n}", n) for n in range(count)], title="", unit="")
    labelled = [mark.row.label for mark in chart.marks if mark.labelled]
    assert len(labelled) <= charts.MOST_LABELS and labelled[-1] == f"{count - 1}"


def test_parts_of_a_whole_follow_one_another_and_fill_it():
    chart = charts.stack(STAGES, title="用时", unit="日")
    edges = [(float(mark.x), float(mark.width)) for mark in chart.marks]
    for (start, width), (following, _width) in pairwise(edges):
        assert start + width == pytest.approx(following, abs=0.02)
    assert sum(edges[-1]) == pytest.approx(100, abs=0.02)
    assert [mark.row.share for mark in chart.marks] == ["25%", "46%", "29%", "0%"]


def test_a_small_part_is_not_written_as_nothing():
    assert charts.stack([("a", 1), ("b", 999)], title="", unit="").rows[0].share == "<1%"


def test_hatches_and_names_have_ids_of_their_own_on_a_page():
    page = drawn(*(make(WEEKS, title="作出决定", unit="件") for make in KINDS * 2))
    assert len(page.ids()) == len(set(page.ids()))


@pytest.mark.parametrize("make", KINDS)
def test_without_rows_the_chart_says_so(make: Any):
    page = drawn(make([], title="作出决定", unit="件"))
    assert "还没有数据" in page.html
    assert not page.all("svg") and not page.all("table")


@pytest.mark.parametrize("make", [charts.bars, charts.columns, charts.line])
def test_nothing_but_noughts_is_a_chart_too(make: Any):
    page = drawn(make([("受理", 0), ("决定", 0)], title="在办", unit="件"))
    assert "nan" not in page.html.lower() and "还没有数据" not in page.html
    assert page.cells.count("0") == 2


def test_nothing_cannot_be_divided_into_parts():
    assert "还没有数据" in drawn(charts.stack([("受理", 0)], title="用时", unit="日")).html


@pytest.mark.parametrize("make", KINDS)
def test_words_from_outside_stay_words(make: Any):
    html = drawn(make([("<b>甲&乙</b>", 3)], title="<i>", unit='"件"')).html
    assert "<b>甲" not in html and "&lt;b&gt;甲&amp;乙" in html and "<i>" not in html


@pytest.mark.parametrize("row", [("a", -1), ("a", 1, "pink")])
def test_a_chart_refuses_what_it_cannot_draw(row: tuple[Any, ...]):
    with pytest.raises(ValueError, match="not a value"):
        charts.bars([row], title="", unit="")
