"""What a national administrator is told of the calendar: which years stand, and that one is missing (DOMAIN §4.3)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.lifecycle.dates import shanghai_date
from core.lifecycle.registry import registry
from core.parties.competence import Standing
from core.workdays.models import NATIONAL, CalendarVersion
from core.workdays.queries import year_missing


def register() -> None:
    """Called once when the app is ready."""
    registry.board("workdays.years", "workdays/board.html", years, place=60)
    registry.todo("workdays", waiting)


def years(standing: Standing, today: date) -> dict[str, Any] | None:
    """This year and the next: published by which notice, or provisional. One query."""
    if not standing.is_national_admin:
        return None
    wanted = (today.year, today.year + 1)
    found = CalendarVersion.objects.filter(scope=NATIONAL, year__in=wanted, superseded_at__isnull=True)
    by_year = {version.year: version for version in found}
    return {"years": [(year, by_year.get(year)) for year in wanted], "scope": NATIONAL}


def waiting(standing: Standing) -> Iterator[dict[str, Any]]:
    """The alarm of §4.3 (4): from 1 December if the next year is missing, at any date if this one is."""
    if not standing.is_national_admin:
        return
    if year := year_missing(shanghai_date(timezone.now())):
        yield {
            "label": _("录入 %(year)s 年节假日安排") % {"year": year}, "count": 1, "late": True,
            "url": reverse("workdays:edit", args=[NATIONAL, year]),
            "hint": _("录入之前，期限都是暂定的"),
        }  # fmt: skip
