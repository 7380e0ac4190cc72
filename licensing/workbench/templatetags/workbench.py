"""Addresses that carry along where one is: the paper shown, the act chosen, the list one came from."""

from typing import Any
from urllib.parse import urlencode

from django import template

from licensing.lifecycle import Status
from licensing.models import Application
from licensing.workbench.filters import Filters

register = template.Library()
KEPT = ("paper", "act", "list")


@register.simple_tag(takes_context=True)
def turned(context: template.Context, **changes: Any) -> str:
    """This page with something else of it shown."""
    asked = context["request"].GET
    values = {name: asked[name] for name in KEPT if asked.get(name)} | changes
    return "?" + urlencode({name: value for name, value in values.items() if value})


@register.simple_tag(takes_context=True)
def carried(context: template.Context, url: str) -> str:
    """Another page of the case, with the list one came from."""
    trail = context["request"].GET.get("list", "")
    return f"{url}?{urlencode({'list': Filters.parse(trail).trail})}" if trail else url


@register.simple_tag
def listed(url: str, filters: Filters) -> str:
    """A page opened from a list, which it then knows."""
    return f"{url}?{urlencode({'list': filters.trail})}"


@register.simple_tag
def sorted_by(filters: Filters, field: str) -> dict[str, str]:
    """Where a column's head leads, and how the column is sorted now (aria-sort)."""
    now = {field: "ascending", f"-{field}": "descending"}.get(filters.sort, "")
    following = f"-{field}" if filters.sort == field else field
    return {"url": filters.url(sort="" if following == "due" else following), "sort": now}


@register.filter
def is_open(case: Application) -> bool:
    return case.status in (Status.SUBMITTED, Status.UNDER_REVIEW, Status.DECISION_PENDING)
