"""After the decision: the certificate arrives, the applicant takes delivery, a changed calendar moves due dates."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from licensing.actions.act import advance, advance_system, locked, note, require_enterprise
from licensing.actions.filing import start_intake
from licensing.clock import compute_due, statutory_due
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.profile import PROFILE


@transaction.atomic
def note_certificate(*, public_id: UUID | str, at: datetime) -> bool:
    """Mark the case as issued once its certificate exists; False when that was noted before."""
    application = locked(public_id)
    if application.status != Status.GRANTED:
        return False
    advance_system(application, "issue_certificate", at=at)
    return True


@transaction.atomic
def deliver(*, public_id: UUID | str, actor: Actor, at: datetime) -> bool:
    """The applicant takes the certificate or the refusal; False when it was delivered before (S15)."""
    application = locked(public_id)
    actor = require_enterprise(application, actor, at)
    if application.status not in (Status.CERTIFICATE_ISSUED, Status.REFUSED):
        return False
    application.closed_on = shanghai_date(at)
    advance(application, "deliver", actor=actor, at=at)
    return True


@transaction.atomic
def recompute_due(*, public_id: UUID | str, at: datetime, notice: str = "") -> bool:
    """Compute the due dates of an open case anew after a change of the calendar (DOMAIN §4.2).

    True when a date moved or stopped being provisional; the ledger then says from what to what, and by which
    `notice`.
    """
    application = locked(public_id)
    if application.next_due_on is None:
        return False
    before = _dates(application)
    if application.accepted_on:
        due = compute_due(application.accepted_on, PROFILE.decision, application.filing_division)
        application.due_on, application.due_provisional = due.on, due.provisional
        application.statutory_due_on = statutory_due(application.accepted_on, application.filing_division)
        application.next_due_on = min(due.on, application.statutory_due_on)
    else:
        start_intake(application)
    after = _dates(application)
    if before == after:
        return False
    shown = "due_on" if application.accepted_on else "next_due_on"
    note(
        application, "due_recomputed", at=at, basis=(Clause("L1", "第八十二条"),),
        public={"from": before[shown], "to": after[shown], "notice": notice, "before": before, "after": after},
    )  # fmt: skip
    return True


def _dates(application: Application) -> dict[str, str | bool]:
    dates = {name: getattr(application, name) for name in ("due_on", "statutory_due_on", "next_due_on")}
    known = {name: day.isoformat() if day else "" for name, day in dates.items()}
    return {**known, "provisional": application.due_provisional}
