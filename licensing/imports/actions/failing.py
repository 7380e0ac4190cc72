"""An import that cannot be gone on with: tried again after longer and longer pauses, and not without end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from core.lifecycle.actors import SYSTEM
from licensing.imports.actions.act import advance, counts
from licensing.imports.lifecycle import AT_WORK
from licensing.imports.models import Batch

MOST_FAILURES = 14
"""Failures in a row: with these pauses some six hours, longer than any restart and most repairs."""
FIRST_PAUSE, LONGEST_PAUSE = 10, 3_600


@transaction.atomic
def put_off(*, public_id: UUID | str, at: datetime) -> None:
    """Note that an attempt failed and when to try again; the last one stops the import.

    What was loaded stays loaded: the same file uploaded anew finds those rows in the register. A portion that is
    committed begins the count anew. Nothing happens to an import that another worker has in hand or that has moved on.
    """
    rows = Batch.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    batch = rows.filter(public_id=public_id, status__in=AT_WORK).first()
    if batch is None:
        return
    batch.failures += 1
    if batch.failures >= MOST_FAILURES:
        batch.closed_at, batch.next_attempt_at = at, None
        advance(batch, "stop", actor=SYSTEM, at=at, public=counts(batch))
        return
    pause = min(FIRST_PAUSE * 2 ** (batch.failures - 1), LONGEST_PAUSE)
    batch.next_attempt_at = at + timedelta(seconds=pause)
    batch.save(update_fields=["failures", "next_attempt_at"])
