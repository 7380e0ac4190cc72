"""Copying many licences at once that an import took over: the same values as one by one, in few statements (R-90).

A licence that has moved on since, or that the register has already, is copied by itself, as after any other act.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.ledger.queries import timelines
from core.lifecycle.dates import shanghai_date
from licensing.actions.effects import LICENCE
from licensing.imports.queries import loaded_in
from licensing.models import ProductionLicence
from licensing.queries.terms import renewed_by_law
from register.actions import basis_of, certificate_values, licence_values, refresh_licence
from register.models import Licence, LicenceEvent

SOURCES = ("filing_authority", "category", "issuing_authority", "replaces")


def copy_part(*, import_id: str, part: int, at: datetime) -> int:
    """Copy the licences that one portion of an import loaded; returns how many. Safe any number of times."""
    numbers = loaded_in(import_id, part)
    fresh = _copy_fresh(numbers, at)
    for number in sorted(set(numbers) - fresh):
        refresh_licence(number=number, at=at)
    return len(numbers)


@transaction.atomic
def _copy_fresh(numbers: Sequence[str], at: datetime) -> set[str]:
    """Those that are as they were taken over and not in the register yet: locked, read and written together."""
    rows = ProductionLicence.objects.select_for_update(of=("self",), no_key=True).select_related(*SOURCES)
    rows = rows.prefetch_related("units", "gaps")
    locked = list(rows.filter(number__in=numbers, version=1, certificate_version=0).order_by("pk"))
    there = set(Licence.objects.filter(number__in=numbers).values_list("number", flat=True))
    renewed = renewed_by_law(locked)
    sources = [row for row in locked if row.number not in there and row.pk not in renewed]
    acts = timelines(LICENCE, [source.number for source in sources])
    copies = Licence.objects.bulk_create(
        Licence(
            number=source.number, opaque_id=source.opaque_id, as_of=at,
            **licence_values(source, renews_until=None, successor=""), **certificate_values(None),
        )
        for source in sources
    )  # fmt: skip
    LicenceEvent.objects.bulk_create(
        LicenceEvent(
            licence=copy, position=position, kind=row.act, on=shanghai_date(row.effective_at), version=row.version,
            basis=basis_of(row), stated={},
        )
        for copy in copies
        for position, row in enumerate(acts.get(copy.number, ()))
    )  # fmt: skip
    return {copy.number for copy in copies}
