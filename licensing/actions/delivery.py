"""After the decision: the certificate arrives, the applicant takes delivery, a changed calendar moves due dates."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from licensing.actions.act import advance, advance_system, locked, note, require_enterprise
from licensing.actions.effects import write
from licensing.actions.filing import start_intake
from licensing.alarms import next_look
from licensing.clock import refresh_clock
from licensing.lifecycle import Status
from licensing.models import Application, LicenceStatus
from licensing.rules import alarm_kept


@transaction.atomic
def note_certificate(*, public_id: UUID | str, at: datetime) -> bool:
    """Mark the case as issued once its certificate exists; False when that was noted before.

    A licence renewed by the law alone is plainly valid from then on (DOMAIN §3.3).
    """
    application = locked(public_id)
    if application.status not in (Status.GRANTED, Status.DEEMED_RENEWED):
        return False
    licence, by_law = application.licence, application.status == Status.DEEMED_RENEWED
    if licence is not None and by_law and licence.status == LicenceStatus.VALID_DEEMED:
        licence.status = LicenceStatus.VALID
        write(
            licence, "licence_confirmed", basis=(Clause("L1", "第四十四条"),), actor=SYSTEM, at=at,
            public={"valid_until": str(licence.valid_until)},
        )  # fmt: skip
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
    before = dates_of(application)
    if application.accepted_on:
        _refresh_and_keep_alarm(application)
        application.next_check_at = next_look(application, at)
    else:
        start_intake(application)
    after = dates_of(application)
    if before == after:
        application.save(update_fields=["clock_days", "next_check_at", "alarm_on"])
        return False
    shown = "due_on" if application.accepted_on else "next_due_on"
    note(
        application, "due_recomputed", at=at, basis=(Clause("L1", "第八十二条"),),
        public={"from": before[shown], "to": after[shown], "notice": notice, "before": before, "after": after},
    )  # fmt: skip
    return True


def _refresh_and_keep_alarm(application: Application) -> None:
    """The clock under the new calendar; officials go on being warned by an earlier provisional date (§4.3(3))."""
    was, was_provisional, was_alarm = application.due_on, application.due_provisional, application.alarm_on
    refresh_clock(application)
    application.alarm_on = alarm_kept(
        was=was, was_provisional=was_provisional, was_alarm=was_alarm, now=application.due_on,
        now_provisional=application.due_provisional,
    )  # fmt: skip


def dates_of(application: Application) -> dict[str, str | bool]:
    """The due dates as the ledger tells them; empty while a pause leaves them unknown."""
    dates = {name: getattr(application, name) for name in ("due_on", "statutory_due_on", "next_due_on")}
    known = {name: day.isoformat() if day else "" for name, day in dates.items()}
    return {**known, "provisional": application.due_provisional}
