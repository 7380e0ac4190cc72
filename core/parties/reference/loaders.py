"""Loading reference data into the database: idempotent, in bulk, never deleting a row."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models, transaction

from core.parties.models import Authority, AuthorityTerritory, Division
from core.parties.reference.authorities import local_authorities
from core.parties.reference.files import AuthorityRow, divisions, leading_authorities, xpcc_territory

BATCH = 1000
LEVEL_ORDER = ("national", "provincial", "prefecture", "county")


@dataclass(frozen=True)
class Loaded:
    """What one loader did: rows made, rows changed, rows it answers for."""

    created: int
    changed: int
    total: int

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.created + other.created, self.changed + other.changed, self.total + other.total)


@transaction.atomic
def load_divisions() -> Loaded:
    """Divisions of both data sets with validity and successors (DOMAIN §6.1)."""
    return sync(Division, ("code", "valid_from"), (asdict(row) for row in divisions()))


@transaction.atomic
def load_authorities() -> Loaded:
    """AQSIQ, 32 provincial authorities, one per prefecture and county, the territory of the Corps (R-17)."""
    corps = frozenset(row.division_code for row in xpcc_territory())
    rows = [*leading_authorities(), *local_authorities(divisions(), corps)]
    done = Loaded(0, 0, 0)
    for level in LEVEL_ORDER:
        done += _load_level([row for row in rows if row.level == level])
    _load_territory()
    return done


def _load_level(rows: list[AuthorityRow]) -> Loaded:
    ids = dict(Authority.objects.values_list("code", "id"))
    values = []
    for row in rows:
        value = asdict(row)
        parent = value.pop("parent_code")
        values.append({**value, "parent_id": ids[parent] if parent else None})
    return sync(Authority, ("code",), values)


def _load_territory() -> Loaded:
    corps_id = Authority.objects.only("id").get(code="XPCC").id
    rows = ({**asdict(row), "authority_id": corps_id} for row in xpcc_territory())
    return sync(AuthorityTerritory, ("authority_id", "division_code", "valid_from"), rows)


def sync(model: type[models.Model], key: Sequence[str], rows: Iterable[dict[str, Any]]) -> Loaded:
    """Make the table hold `rows`: insert what is missing, update what differs, leave the rest untouched.

    `rows` all have the same attribute names; `key` identifies a row. Three queries at most per batch of 1000.
    """
    wanted = {tuple(row[field] for field in key): row for row in rows}
    present = {tuple(getattr(obj, field) for field in key): obj for obj in model._default_manager.all()}
    fields = [name for name in next(iter(wanted.values()), {}) if name not in key]
    changed = []
    for identity, obj in present.items():
        row = wanted.get(identity)
        if row is not None and any(getattr(obj, field) != row[field] for field in fields):
            for field in fields:
                setattr(obj, field, row[field])
            changed.append(obj)
    missing = [model(**row) for identity, row in wanted.items() if identity not in present]
    model._default_manager.bulk_create(missing, batch_size=BATCH)
    if changed:
        names = [field.removesuffix("_id") for field in fields]
        model._default_manager.bulk_update(changed, names, batch_size=BATCH)
    return Loaded(len(missing), len(changed), len(wanted))
