"""Template tags and filters of the portal: ruler, fields, icons, dates and numbers as people read them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms.boundfield import BoundField
from django.template.context import RequestContext
from django.utils.safestring import SafeString, mark_safe

from core.lifecycle.dates import SHANGHAI, long_date, shanghai_date
from portal import charts
from portal import ruler as drawing
from portal.charts import Chart
from portal.forms import problems, view_of
from portal.icons import icon_svg

register = template.Library()

TONES = ("", "ok", "go", "wait", "stop")


@register.filter
def longdate(value: date | datetime | None) -> str:
    """A date in words: 2015 年 12 月 2 日 / 2 December 2015. An instant gives its date in Shanghai."""
    if not value:
        return ""
    return long_date(shanghai_date(value) if isinstance(value, datetime) else value)


@register.filter
def shortstamp(value: datetime | date | None) -> str:
    """10-28 15:20 in Shanghai; a bare date 10-28."""
    if not value:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
    return value.strftime("%m-%d")


@register.filter
def isodate(value: date | datetime | None) -> str:
    """2015-12-02, the legal date, for the datetime attribute and for tables."""
    if not value:
        return ""
    return (shanghai_date(value) if isinstance(value, datetime) else value).isoformat()


@register.filter
def uscc(value: str | None) -> str:
    """A unified social credit code in groups of four, as people read it aloud."""
    code = "".join(str(value or "").split())
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


@register.filter
def filesize(value: int | None) -> str:
    """A file's size in the unit people know: 356 KB, 2.4 MB."""
    size = int(value or 0)
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, round(size / 1024))} KB"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG icon; give a label only where no text stands beside it."""
    return mark_safe(icon_svg(name, str(template.defaultfilters.force_escape(label)) if label else ""))


@register.inclusion_tag("components/ruler.html", takes_context=True)
def ruler(context: template.Context, clock: Any, size: str = "") -> dict[str, Any]:
    """The working-day ruler of a ClockView; size="mini" for lists, "bare" without legend."""
    number = _number(context, "rulers")
    draw = drawing.mini if size == "mini" else drawing.large
    return {
        "clock": clock,
        "size": size,
        "svg": draw(clock, f"hatch-{number}"),
        "key": f"hatch-key-{number}",
        "shows_today": any(cell.kind == "today" for cell in clock.cells),
    }


@register.inclusion_tag("components/chart.html", takes_context=True)
def chart(context: template.Context, chart: Chart) -> dict[str, Any]:
    """A chart of portal.charts as a figure, with its numbers in a table."""
    return {"chart": chart, "key": f"chart-{_number(context, 'charts')}"}


def _number(context: template.Context, kind: str) -> int:
    """The how many-th of its kind on this page. Counted at the base of the context: included templates share it."""
    base = context.dicts[0]
    base[kind] = int(base.get(kind, 0)) + 1
    return int(base[kind])


register.simple_tag(charts.bars, name="bars")
register.simple_tag(charts.columns, name="columns")


@register.inclusion_tag("components/tag.html", name="tag")
def tag_pill(status: Any, tone: str = "") -> dict[str, Any]:
    """A status pill. `status` is text, or has `label` and `tone`; tones: ok, go, wait, stop."""
    if isinstance(status, Mapping):
        label, tone = status["label"], tone or status.get("tone", "")
    else:
        label, tone = getattr(status, "label", status), tone or getattr(status, "tone", "")
    return {"label": label, "tone": tone if tone in TONES else ""}


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    width: str = "",
    inline: bool = False,
    stored: Any = None,
    label: str = "",
    hint: str = "",
) -> dict[str, Any]:
    """Label, hint, error, control of one field. width: xs s m l full; stored: the file already there
    (url, name, size); label and hint replace those of forms that are not ours."""
    bound.label = label or bound.label
    bound.help_text = hint or bound.help_text
    return {"f": view_of(bound, width), "field": bound, "inline": inline, "stored": stored}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any, still: bool = False) -> dict[str, Any]:
    """What must be changed, each linking to its control. Takes forms and formsets; empty if all is well.
    It takes the focus, unless it stands `still` to be looked at."""
    return {"problems": problems(*forms), "still": still}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Any) -> dict[str, Any]:
    """Links to the pages beside this one, filters kept. Takes a keyset page (next_cursor, previous_cursor,
    optional total, first, last) or Django's Page."""
    if hasattr(page, "paginator"):
        steps = {
            "previous": page.previous_page_number() if page.has_previous() else None,
            "next": page.next_page_number() if page.has_next() else None,
        }
        links = {name: _query(context, page=number) for name, number in steps.items() if number}
        numbers = {"first": page.start_index(), "last": page.end_index(), "total": page.paginator.count}
        return {"links": links, **numbers}
    links = {}
    if previous := getattr(page, "previous_cursor", None):
        links["previous"] = _query(context, before=previous)
    if following := getattr(page, "next_cursor", None):
        links["next"] = _query(context, after=following)
    return {"links": links, **{name: getattr(page, name, None) for name in ("first", "last", "total")}}


def _query(context: RequestContext, **changes: Any) -> str:
    request = context.get("request")
    kept = [
        (name, value)
        for name, values in (request.GET.lists() if request else [])
        for value in values
        if name not in {"page", "after", "before"}
    ]
    return "?" + urlencode([*kept, *changes.items()])
