"""The one change of an enterprise's register entry that others may order."""

from core.parties.models import Enterprise


def take_over_facts(*, enterprise: Enterprise, name: str, division: str, address: str) -> None:
    """Name and registered address as an authority has decided them; that act has its own entry in the ledger.

    Whoever calls is inside the transaction of that act.
    """
    Enterprise.objects.filter(pk=enterprise.pk).update(
        name=name, registered_division=division, registered_address=address
    )
    enterprise.refresh_from_db(fields=["name", "registered_division", "registered_address"])
