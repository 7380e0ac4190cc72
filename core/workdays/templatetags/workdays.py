"""Filters that put the days of a calendar into words."""

from django import template

from core.workdays.labels import row_label, status_label
from core.workdays.rules import DayRow, DayStatus

register = template.Library()


@register.filter
def day_reason(row: DayRow) -> str:
    """Why a day of an explanation counts or not."""
    return row_label(row)


@register.filter
def day_status(status: DayStatus) -> str:
    """What the calendar says of a day."""
    return status_label(status)
