"""The renewal that the law grants when nobody decides, and its confirmation (L1 art. 50 ¶2; DOMAIN §3.3, K21)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.ledger.models import Dating
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.errors import Conflict
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from licensing.actions.act import advance, advance_system, locked, person_of, require_official
from licensing.actions.effects import (
    LicenceEnded,
    order_certificate,
    put_term,
    put_units,
    replaced_by_province,
    take_content,
    term_facts,
    write,
)
from licensing.actions.following import follow_licence
from licensing.alarms import SOUNDED, delivery_due
from licensing.clock import midnight_after, refresh_clock
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import Application, ClockAlarm, Evidence, LicenceStatus, Outcome, PauseEnd
from licensing.rules import PASSING
from licensing.terms import deemed_term

DEEMED = (Clause("L1", "第五十条第二款"),)
CONFIRMED = (*DEEMED, Clause("L1", "第四十四条"))


class ConfirmedAlready(Conflict):
    code = "licensing.confirmed_already"
    message = _("这件延续已经确认，证书正在制发")


def deem_renewed(application: Application, at: datetime) -> str:
    """The licence has expired and nobody decided: granted as of 00:00 after the last day, once.

    Whoever calls holds the locks of the licence and the case. No pause, extension or failed track prevents it; what is
    unfinished is written down for supervision.
    """
    licence, ends_on = application.licence, application.term_ends_on
    assert licence is not None and ends_on is not None
    begins = ends_on + timedelta(days=1)
    unfinished = _unfinished(application)
    _stop_clock(application, ends_on)
    application.deemed_renewal_on = application.decided_on = begins
    application.next_due_on = None
    application.next_check_at = delivery_due(application)
    effective = midnight_after(ends_on)
    advance_system(
        application, "deem_renewed", at=effective, dating=Dating.LEGAL_DATE,
        public={"licence_number": licence.number, "on": str(begins)}, internal={"unfinished": unfinished},
    )  # fmt: skip
    before = licence.content
    take_content(licence, application)
    put_term(licence, deemed_term(ends_on))
    licence.issued_on = begins
    licence.status = LicenceStatus.VALID_DEEMED
    put_units(licence)
    follow_licence(licence, before, begins)
    write(
        licence, "licence_deemed_renewed", basis=DEEMED, actor=SYSTEM, at=effective, dating=Dating.LEGAL_DATE,
        public=term_facts(licence),
    )  # fmt: skip
    _report(application, at)
    return "deem_renewed"


def _unfinished(application: Application) -> list[dict[str, str]]:
    """Tracks that had not passed when the law granted; a case granted with its acceptance never opened them."""
    outcomes = dict(Evidence.objects.filter(application=application).values_list("track", "outcome"))
    found = {track: outcomes.get(track, Outcome.REQUIRED.value) for track in sorted(PASSING)}
    return [
        {"track": track, "outcome": outcome}
        for track, outcome in found.items()
        if outcome not in PASSING[track]
    ]


def _stop_clock(application: Application, ends_on: object) -> None:
    """Procedures under way end with the term: the clock rests for good (K3, K21)."""
    running = application.pauses.filter(ended_on__isnull=True)
    if running.update(ended_on=ends_on, ended_because=PauseEnd.CLOSED):
        refresh_clock(application)


def _report(application: Application, at: datetime) -> None:
    """The head of the authority hears of it as an incident, once."""
    assert application.term_ends_on is not None
    alarm, made = ClockAlarm.objects.get_or_create(
        application=application, kind=ClockAlarm.Kind.DEEMED, due_on=application.term_ends_on, step=0,
        defaults={"raised_at": at},
    )  # fmt: skip
    if made:
        emit(type=SOUNDED, subject=Subject(SOUNDED, str(alarm.pk), 1))


@transaction.atomic
def confirm_renewal(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> Application:
    """Confirm a deemed renewal: ministerial, there is nothing to refuse; the certificate is ordered with it.

    Due within ten working days (L1 art. 44). Raises ConfirmedAlready the second time, and LicenceEnded where the
    licence was deregistered meanwhile: it gets no certificate any more.
    """
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("confirm_renewal", application.status)
    actor = require_official(application, "approval", actor, at)
    if application.approver_id is not None:
        raise ConfirmedAlready()
    if application.licence is None or not application.licence.is_running:
        raise LicenceEnded(number=application.licence)
    application.approver = person_of(actor)
    licence = replaced_by_province(application, basis=CONFIRMED, actor=actor, at=at) or application.licence
    assert licence is not None
    order_certificate(application, licence, actor, at)
    advance(
        application, "confirm_renewal", actor=actor, at=at, basis=CONFIRMED,
        public={"licence_number": licence.number},
    )  # fmt: skip
    return application
