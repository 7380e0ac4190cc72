"""Bars on applying (DOMAIN §3.4): asked at submission, at acceptance and before a grant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from catalog.queries import categories_on
from core.lifecycle.law import Clause
from core.parties.competence import Standing, in_force
from core.parties.models import Duty
from licensing.models import Application, Bar

CLAUSES = {
    Bar.Cause.FALSE_MATERIAL: Clause("L1", "第七十八条"),
    Bar.Cause.FRAUD: Clause("L1", "第七十九条"),
    Bar.Cause.PENALTY: Clause("L2", "第五十五条"),
}


def bar_against(application: Application, on: date) -> Bar | None:
    """The bar that runs longest against this enterprise and category on a day, if any; one query."""
    rows = _standing(on).filter(enterprise_id=application.enterprise_id, category_id=application.category_id)
    return rows.order_by("-valid_to").first()


def bars_on(enterprises: Collection[int], on: date) -> dict[tuple[int, int], Bar]:
    """The bar that runs longest for each of these enterprises and category, by both; one query."""
    rows = _standing(on).filter(enterprise_id__in=enterprises).order_by("valid_to")
    return {(row.enterprise_id, row.category_id): row for row in rows}


def _standing(on: date) -> QuerySet[Bar]:
    return Bar.objects.filter(in_force(on), Q(lifted_on__isnull=True) | Q(lifted_on__gt=on))


PAGE = 50


def visible_bars(standing: Standing) -> QuerySet[Bar]:
    """Bars a person may read: those of his authority, and all of them for national auditors."""
    rows = Bar.objects.select_related("enterprise", "authority", "document__blob")
    if standing.audits_everything:
        return rows
    kinds = (Duty.Kind.APPROVAL, Duty.Kind.ACCEPTANCE, Duty.Kind.HEAD, Duty.Kind.AUDIT)
    return rows.filter(authority_id__in=standing.authorities(*kinds))


def find_bar(standing: Standing, public_id: UUID) -> Bar | None:
    return visible_bars(standing).filter(public_id=public_id).first()


@dataclass(frozen=True)
class BarRow:
    """One bar with the category's name of the day."""

    bar: Bar
    category: str


@dataclass(frozen=True)
class BarList:
    rows: tuple[BarRow, ...]
    words: str
    next_before: str


def bar_list(standing: Standing, *, words: str, before: str, on: date) -> BarList:
    """One page, newest first; `before` is the key of the last row seen, odd ones start at the top."""
    words = words.replace("\0", "").strip()[:100]
    found = visible_bars(standing)
    if words:
        found = found.filter(Q(enterprise__name__icontains=words) | Q(enterprise__uscc=words.upper()))
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found.order_by("-pk")[: PAGE + 1])
    names = {entry.category_id: entry.name for entry in categories_on(on)}
    rows = tuple(BarRow(bar, names.get(bar.category_id, "")) for bar in page[:PAGE])
    return BarList(rows, words, str(page[PAGE - 1].pk) if len(page) > PAGE else "")
