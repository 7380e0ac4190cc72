"""The matters of one holder, one after the other: its row is locked before any licence or case of it.

A fact about a holder, an acceptance, a decision: whichever comes first is done before the other looks. The order is
everywhere enterprise, licence, case, so that no two acts wait for each other.
"""

from uuid import UUID

from core.parties.models import Enterprise
from licensing.models import Application


def in_turn(enterprise_id: int) -> None:
    """Wait for whatever is being done about this holder, and keep others waiting until the transaction ends.

    Rows that point at the enterprise may still be written (`no_key`).
    """
    Enterprise.objects.select_for_update(of=("self",), no_key=True).get(pk=enterprise_id)


def in_turn_of(case_id: UUID | str) -> None:
    """The same by one of its cases, before the case itself is locked. Raises Application.DoesNotExist."""
    in_turn(Application.objects.values_list("enterprise_id", flat=True).get(public_id=case_id))


def turn_is_free(enterprise_id: int) -> bool:
    """The same without waiting, for the sweep, which has the case already; False where somebody else has the turn."""
    rows = Enterprise.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.filter(pk=enterprise_id).first() is not None
