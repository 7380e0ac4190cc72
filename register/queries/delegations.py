"""Who decides: the general rule, and what provinces have entrusted to prefectures (R-20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q

from core.parties.models import Stage
from register.models import CatalogueCategory, PublicDelegation
from register.queries.licences import english


@dataclass(frozen=True)
class Entrusted:
    """One stage at one delegate, in the reader's language."""

    row: PublicDelegation
    delegate: str
    category: str
    suspended: bool

    @property
    def stage(self) -> Any:
        return Stage(self.row.stage).label


@dataclass(frozen=True)
class Province:
    """A province with what it has entrusted."""

    code: str
    name: str
    rows: tuple[Entrusted, ...]


def entrusted(today: date) -> tuple[Province, ...]:
    """Delegations that have not ended, by province; two queries."""
    names = {row.key: row.name_en if english() else row.name_zh for row in CatalogueCategory.public.all()}
    found = PublicDelegation.public.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    ordered = found.order_by("province_code", "delegate_code", "stage", "category_key", "valid_from")
    return tuple(_provinces(ordered, names, today))


def _provinces(rows: Any, names: dict[str, str], today: date) -> Iterator[Province]:
    order = list(Stage.values)
    for code, held in groupby(rows, key=lambda row: row.province_code):
        group = sorted(held, key=lambda row: (row.delegate_code, order.index(row.stage)))
        name = group[0].province_en if english() else group[0].province_zh
        yield Province(
            code, name,
            tuple(
                Entrusted(
                    row, row.delegate_en if english() else row.delegate_zh, names.get(row.category_key, ""),
                    row.suspended_on is not None and row.suspended_on <= today,
                )
                for row in group
            ),
        )  # fmt: skip
