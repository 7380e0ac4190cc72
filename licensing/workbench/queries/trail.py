"""The list a case was opened from: what comes before and after it there, and how much is left."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from core.parties.competence import Standing
from licensing.models import Application
from licensing.workbench.filters import Filters
from licensing.workbench.queries.counting import Count, bounded
from licensing.workbench.queries.lists import chosen
from licensing.workbench.rules import desk_of


@dataclass(frozen=True)
class Trail:
    """Addresses of the neighbours, each at its desk; `left` are the others of the list."""

    filters: Filters
    previous: str
    next: str
    left: Count
    list_url: str

    @property
    def onward(self) -> str:
        """Where to go when this case is done: the next one, or back to the list."""
        return self.next or self.list_url


def trail_of(standing: Standing, filters: Filters, case: Application, today: date) -> Trail:
    """Three queries, however long the list. At the end it goes on from the beginning, with what was passed over."""
    others = chosen(standing, filters, today).exclude(pk=case.pk)
    here = filters.order.position(case)
    following = _first(others, filters, here) or _first(others, filters, "")
    before = _first(others, filters, here, back=True)
    left = bounded({"left": others})["left"]
    return Trail(
        filters, _address(standing, before, filters), _address(standing, following, filters), left,
        reverse("licensing:work") + filters.url(),
    )  # fmt: skip


def _first(
    cases: QuerySet[Application], filters: Filters, position: str, *, back: bool = False
) -> Application | None:
    further = filters.order.beyond(position, back=back)
    found = cases if further is None else cases.filter(further)
    key = found.order_by(*filters.order.by(back=back)).values_list("pk", flat=True).first()
    return Application.objects.filter(pk=key).defer("draft", "filed").first() if key else None


def _address(standing: Standing, case: Application | None, filters: Filters) -> str:
    if case is None:
        return ""
    page = reverse(f"licensing:{desk_of(standing, case) or 'case'}", args=[case.public_id])
    return f"{page}?{urlencode({'list': filters.trail})}"
