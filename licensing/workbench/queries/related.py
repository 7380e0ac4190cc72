"""Other cases that belong beside one: of the enterprise, of its licence, at its place; possible duplicates.

Every list begins from what the reader may see: what he may not is neither listed nor counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.parties.competence import Standing
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application
from licensing.queries.cases import visible

SHOWN = 8
REASONS: Mapping[str, Promise] = {
    "duplicate": _("可能重复"),
    "licence": _("同一许可证"),
    "unit": _("同一产品单元"),
    "site": _("同一生产地址"),
    "enterprise": _("同一企业"),
    "sister": _("同址的另一家企业"),
}
"""Why a case is shown, the most telling first."""


@dataclass(frozen=True)
class Related:
    """A case and why it is shown."""

    application: Application
    reasons: tuple[str, ...]

    @property
    def is_duplicate(self) -> bool:
        return "duplicate" in self.reasons

    @property
    def same_enterprise(self) -> bool:
        return "sister" not in self.reasons

    @property
    def words(self) -> list[str]:
        return [str(REASONS[code]) for code in self.reasons]


@dataclass(frozen=True)
class RelatedCases:
    """The newest ones, possible duplicates on top; `more` when there are others."""

    rows: tuple[Related, ...]
    more: bool = False

    @property
    def duplicates(self) -> tuple[Related, ...]:
        return tuple(row for row in self.rows if row.is_duplicate)


def related_cases(standing: Standing, case: Application) -> RelatedCases:
    """Two queries: one by enterprise and licence, one by the addresses of production; each by its own index."""
    others = visible(standing).exclude(pk=case.pk).exclude(status=Status.DRAFT)
    same = Q(enterprise_id=case.enterprise_id)
    if case.licence_id:
        same |= Q(licence_id=case.licence_id)
    own = _newest(others.filter(same))
    sites = [Q(filed__sites__contains=[{"full_address": place}]) for place in addresses(case)]
    sisters: list[Application] = []
    if sites:
        at_place = sites[0]
        for other in sites[1:]:
            at_place |= other
        sisters = _newest(others.filter(at_place).exclude(enterprise_id=case.enterprise_id))
    found = [Related(row, reasons(case, row)) for row in (*own[:SHOWN], *sisters[:SHOWN])]
    found.sort(key=lambda row: not row.is_duplicate)
    return RelatedCases(tuple(found), len(own) > SHOWN or len(sisters) > SHOWN)


def _newest(cases: QuerySet[Application]) -> list[Application]:
    rows = cases.select_related("filing_authority", "licence").defer("draft")
    return list(rows.order_by("-pk")[: SHOWN + 1])


def addresses(case: Application) -> list[str]:
    """Where the filed case produces."""
    return [row["full_address"] for row in case.filed.get("sites", ()) if row.get("full_address")]


def reasons(case: Application, other: Application) -> tuple[str, ...]:
    """Why `other` belongs beside `case`, from what was filed."""
    if other.enterprise_id != case.enterprise_id:
        return ("licence",) if case.licence_id and other.licence_id == case.licence_id else ("sister",)
    units = shared_units(case, other)
    both_open = case.status in UNDECIDED and other.status in UNDECIDED
    found = {
        "duplicate": both_open
        and case.category_id == other.category_id
        and units
        and case.kind == other.kind,
        "licence": case.licence_id is not None and case.licence_id == other.licence_id,
        "unit": units,
        "site": bool(set(addresses(case)) & set(addresses(other))),
    }
    return tuple(code for code, holds in found.items() if holds) or ("enterprise",)


def shared_units(case: Application, other: Application) -> bool:
    """Whether both name a unit."""
    mine, theirs = ({unit["id"] for unit in row.filed.get("units", ())} for row in (case, other))
    return bool(mine & theirs)
