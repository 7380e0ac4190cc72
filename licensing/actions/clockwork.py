"""What time itself brings about: deemed acceptance, lapse, and reminders, each once and dated by the law (K13, S6).

The sweep only finds what is due and asks `tick`, which decides under lock what the clock says now. However late it
comes, the consequence carries the date the law gives it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from core.ledger.models import Dating
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import Clause
from licensing.actions.acceptance import clock_facts, go_on, start_clock
from licensing.actions.act import advance_system, is_deemed, note
from licensing.actions.correction import discard_replacements
from licensing.actions.holding import effect_held
from licensing.actions.renewal import deem_renewed
from licensing.actions.turns import turn_is_free
from licensing.alarms import raise_alarms, sound_delivery
from licensing.clock import compute_due, intake_limit, midnight_after, received_on
from licensing.lifecycle import UNDER_CLOCK, Status
from licensing.models import Application, ProductionLicence
from licensing.reminders import next_reminder

ANSWER_TIME = Clause("DESIGN", "补正期限")
WAIT_FOR_CALENDAR = timedelta(hours=6)
RETRY_AFTER = timedelta(minutes=10)


def due_for_check(*, at: datetime, most: int, leave_out: Collection[UUID] = ()) -> list[UUID]:
    """Cases whose clock asks for a look, longest waiting first; one query on the index."""
    rows = Application.objects.filter(next_check_at__lte=at).exclude(public_id__in=leave_out)
    return list(rows.order_by("next_check_at", "pk").values_list("public_id", flat=True)[:most])


@transaction.atomic
def tick(*, public_id: UUID | str, at: datetime) -> str:
    """Do what is due on this case at `at`; returns the act done, empty when nothing was.

    A case that somebody is acting on at this moment, another sweep included, is not waited for.
    """
    application = _claimed(public_id)
    if application is None or application.next_check_at is None or application.next_check_at > at:
        return ""
    if is_deemed(application, at):
        return _renew_by_law(application, at)
    if application.status == Status.SUBMITTED:
        return _deem_accepted(application, at)
    if application.status == Status.CORRECTION_REQUESTED:
        return _remind_or_lapse(application, at)
    if application.status in (Status.GRANTED, Status.DEEMED_RENEWED):
        return sound_delivery(application, at)
    if application.status in UNDER_CLOCK:
        return raise_alarms(application, at)
    application.next_check_at = None
    application.save(update_fields=["next_check_at"])
    return ""


def _renew_by_law(application: Application, at: datetime) -> str:
    """What was decided in time and only waited to take effect goes before the law.

    Holder and licence are locked without waiting, since acts lock them before the case; busy, it is for the next sweep.
    """
    if not turn_is_free(application.enterprise_id):
        return ""
    rows = ProductionLicence.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    licence = rows.select_related("issuing_authority").filter(cases=application).first()
    if licence is None:
        return ""
    application.licence = licence
    if effect_held(application, at):
        return "grant"
    return deem_renewed(application, at)


def _claimed(public_id: UUID | str) -> Application | None:
    rows = Application.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return rows.select_related("category", "correction").filter(public_id=public_id).first()


def postpone(*, public_id: UUID | str, at: datetime) -> None:
    """A case whose look failed at `at` is looked at again in ten minutes, behind those that wait."""
    Application.objects.filter(public_id=public_id, next_check_at__lte=at).update(
        next_check_at=at + RETRY_AFTER
    )


def _deem_accepted(application: Application, at: datetime) -> str:
    """Five working days without a word: accepted as of the receipt, effective with the day after (L1 art. 32 ¶1(4)).

    A limit that still stands on an unannounced year accepts nothing: it waits for the calendar (DOMAIN §4.3). While a
    fact about the holder is being recorded, the case is for the next sweep: it is accepted with the fact or before it.
    """
    assert application.received_at is not None
    received = received_on(application.received_at)
    limit = compute_due(received, intake_limit(application), application.filing_division)
    effective = midnight_after(limit.on)
    if limit.provisional or effective > at:
        application.next_due_on = limit.on
        application.next_check_at = max(effective, at + WAIT_FOR_CALENDAR) if limit.provisional else effective
        application.save(update_fields=["next_due_on", "next_check_at"])
        return ""
    if not turn_is_free(application.enterprise_id):
        return ""
    start_clock(application, received, at=at, deemed=True)
    advance_system(
        application, "deem_accepted", at=effective, dating=Dating.LEGAL_DATE, public=clock_facts(application),
        internal={"statutory_due_on": str(application.statutory_due_on)},
    )  # fmt: skip
    _go_on(application, at)
    return "deem_accepted"


def _go_on(application: Application, at: datetime) -> None:
    """What follows an acceptance; a renewal that the law has granted meanwhile is left to the next look."""
    if is_deemed(application, at):
        application.next_check_at = at
        application.save(update_fields=["next_check_at"])
    else:
        go_on(application, at)


def _remind_or_lapse(application: Application, at: datetime) -> str:
    notice = application.correction
    end = midnight_after(notice.lapses_after)
    if at < end:
        application.next_check_at = next_reminder(notice.lapses_after, at)
        days = (notice.lapses_after - shanghai_date(at)).days
        note(
            application, "correction_reminder", at=at, basis=(ANSWER_TIME,),
            public={"lapses_after": str(notice.lapses_after), "days": days},
        )  # fmt: skip
        return "correction_reminder"
    discard_replacements(application)
    application.closed_on = shanghai_date(end)
    application.next_check_at = None
    advance_system(
        application,
        "lapse",
        at=end,
        dating=Dating.LEGAL_DATE,
        public={"lapses_after": str(notice.lapses_after)},
    )
    return "lapse"
