"""The changes of an enterprise's register entry that others may order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.parties.models import Enterprise


def take_over_facts(*, enterprise: Enterprise, name: str, division: str, address: str) -> None:
    """Name and registered address as an authority has decided them; that act has its own entry in the ledger.

    Whoever calls is inside the transaction of that act.
    """
    Enterprise.objects.filter(pk=enterprise.pk).update(
        name=name, registered_division=division, registered_address=address
    )
    enterprise.refresh_from_db(fields=["name", "registered_division", "registered_address"])


@dataclass(frozen=True)
class Recorded:
    """An enterprise as an authority's record of the paper era knows it; what it does not say is empty."""

    uscc: str
    name: str
    division: str
    address: str
    legal_representative: str = ""
    legacy: str = ""


def take_in(rows: Iterable[Recorded], at: datetime) -> dict[str, Enterprise]:
    """Enterprises by their code: those known already as they are, the others made from the record, without members.

    An authority's record proves the facts (R-90), so they also take the place of what a mere claimant typed (R-88);
    whoever acts for the enterprise still has to prove that himself. In the order of codes, so that two at once do not
    wait for each other. Whoever calls is inside the transaction of his act.
    """
    wanted = {row.uscc: row for row in sorted(rows, key=lambda row: row.uscc)}
    made = [
        Enterprise(
            uscc=row.uscc, name=row.name, legal_representative=row.legal_representative, proved_at=at,
            registered_division=row.division, registered_address=row.address, legacy_registration_number=row.legacy,
        )
        for row in wanted.values()
    ]  # fmt: skip
    Enterprise.objects.bulk_create(made, ignore_conflicts=True)
    found = {row.uscc: row for row in Enterprise.objects.filter(uscc__in=wanted)}
    for code in [code for code, row in found.items() if row.proved_at is None]:
        _settle(found[code].pk, wanted[code], at)
    return found


def _settle(pk: int, recorded: Recorded, at: datetime) -> None:
    """The record in place of what a claimant typed, unless a claim was proved in the meantime."""
    Enterprise.objects.filter(pk=pk, proved_at__isnull=True).update(
        name=recorded.name, legal_representative=recorded.legal_representative, proved_at=at,
        registered_division=recorded.division, registered_address=recorded.address,
        legacy_registration_number=recorded.legacy,
    )  # fmt: skip
