"""What every act on an import shares: the lock, whose it is, one step of the life cycle."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import HeldDuty, standing_for
from core.parties.models import Level
from licensing.actions.act import acting_for
from licensing.imports.errors import NotYourImport, Stale
from licensing.imports.lifecycle import LIFE_CYCLE
from licensing.imports.models import Batch

SUBJECT = "imports.batch"
ISSUING = frozenset({Level.NATIONAL, Level.PROVINCIAL})
_NOTHING: Mapping[str, Any] = {}


def locked(public_id: UUID | str, *, expected_version: int | None = None) -> Batch:
    """The import, locked until the transaction ends. Raises Stale when it moved since the page was drawn."""
    rows = Batch.objects.select_for_update(of=("self",), no_key=True).select_related(
        "authority", "document__blob"
    )
    batch = rows.get(public_id=public_id)
    if expected_version is not None and batch.version != expected_version:
        raise Stale()
    return batch


def at_hand(public_id: UUID | str, status: str) -> Batch | None:
    """The import in this state, locked; None for one that moved on or that another worker has in hand."""
    rows = Batch.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return (
        rows.select_related("authority", "document__blob").filter(public_id=public_id, status=status).first()
    )


def duty_of(actor: Actor, kind: str, at: datetime, *, authority_id: int | None = None) -> HeldDuty | None:
    """The duty an act rests on, at an authority that issues licences itself: this one, or any."""
    duties = standing_for(actor, at).duties
    return next(
        (
            duty
            for duty in duties
            if duty.kind == kind and duty.level in ISSUING and authority_id in (None, duty.authority_id)
        ),
        None,
    )


def require(batch: Batch, kind: str, actor: Actor, at: datetime) -> Actor:
    """The actor with this duty at the authority of the import, acting for it. Raises NotYourImport."""
    duty = duty_of(actor, kind, at, authority_id=batch.authority_id)
    if duty is None:
        raise NotYourImport()
    return acting_for(actor, duty.authority_code, duty.authority_name)


def advance(
    batch: Batch, act: str, *, actor: Actor, at: datetime, public: Mapping[str, Any] = _NOTHING
) -> Batch:
    """Take one step, write it down, tell it. Raises WrongState."""
    row = LIFE_CYCLE.find(act, batch.status)
    batch.status, batch.version = row.target, batch.version + 1
    batch.save()
    subject = Subject(SUBJECT, str(batch.public_id), batch.version)
    record(
        act=f"imports.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=row.clauses, public=public
    )  # fmt: skip
    emit(type=f"imports.{act}", subject=subject)
    return batch


def counts(batch: Batch) -> dict[str, int]:
    """The rows of an import as the ledger tells them."""
    return {
        "rows": batch.rows_total, "ready": batch.rows_ready, "same": batch.rows_same, "wrong": batch.rows_wrong,
        "loaded": batch.rows_loaded, "left_out": batch.rows_left_out,
    }  # fmt: skip
