"""What a holder asks, and the answer: free of charge, no clock of a case, no evidence asked for (R-89)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files import File
from django.db import transaction

from core.files.actions import store
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.parties.competence import standing_for
from licensing.actions.act import acting_for, locked_licence, person_of
from licensing.clock import compute_due
from licensing.corrections.actions.common import (
    REQUEST,
    locked_request,
    require_in_force,
    require_proposer,
    write,
)
from licensing.corrections.errors import (
    AnswerMissing,
    AskedAlready,
    ExplanationMissing,
    NoSuchLicence,
    NotAuthorised,
)
from licensing.corrections.lifecycle import REQUESTS, Asked
from licensing.corrections.models import CorrectionRequest
from licensing.corrections.words import GROUPS
from licensing.models import ProductionLicence
from licensing.profile import PROFILE

ASKABLE = tuple(GROUPS)
"""What a holder may say is wrong."""


@transaction.atomic
def ask(
    *,
    number: str,
    wrong: Sequence[str],
    explanation: str,
    actor: Actor,
    at: datetime,
    attachment: File | bytes | None = None,
    filename: str = "",
) -> CorrectionRequest:
    """Ask for a correction; it is answered within `PROFILE.reply`. A paper may be added and is never asked for.

    Raises NoSuchLicence, NotAuthorised, LicenceEnded, AskedAlready, ExplanationMissing, or the errors of core.files on
    `attachment`.
    """
    licence = locked_licence(number=number)
    acting = _holder(licence, actor, at)
    assert licence is not None
    require_in_force(licence, at)
    if licence.correction_requests.filter(status__in=(Asked.OPEN, Asked.TAKEN_UP)).exists():
        raise AskedAlready("number", number=licence.number)
    found = [key for key in ASKABLE if key in wrong]
    if not found or not explanation.strip():
        raise ExplanationMissing("explanation" if found else "wrong")
    today = shanghai_date(at)
    row = CorrectionRequest(
        public_id=uuid4(), licence=licence, wrong=found, explanation=explanation.strip(),
        asked_by=person_of(actor), asked_on=today,
        reply_due_on=compute_due(today, PROFILE.reply, licence.filing_division).on,
    )  # fmt: skip
    if attachment is not None:
        row.attachment = store(
            content=attachment, filename=filename, owner=Subject(REQUEST, str(row.public_id)), slot="attachment",
            actor=actor, at=at,
        )  # fmt: skip
    row.save(force_insert=True)
    write(
        row, "asked", acting, at, internal={"wrong": found, "reply_due_on": str(row.reply_due_on)},
        personal={"explanation": row.explanation},
    )  # fmt: skip
    return row


def _holder(licence: ProductionLicence | None, actor: Actor, at: datetime) -> Actor:
    """The legal representative, or an agent under a power in force (R-88). Raises NoSuchLicence or NotAuthorised."""
    standing = standing_for(actor, at)
    held = next(
        (m for m in standing.memberships if licence and m.enterprise_id == licence.enterprise_id), None
    )
    if held is None:
        raise NotAuthorised() if licence is not None else NoSuchLicence("number")
    if not held.may_file:
        raise NotAuthorised()
    return acting_for(actor, held.uscc, held.enterprise_name)


@transaction.atomic
def answer(
    *, public_id: UUID | str, expected_version: int, text: str, actor: Actor, at: datetime
) -> CorrectionRequest:
    """Answer why nothing is corrected. Raises AnswerMissing."""
    row = locked_request(public_id, expected_version)
    acting = require_proposer(row.licence, actor, at)
    row.status = REQUESTS.find("answer", row.status).target
    if not text.strip():
        raise AnswerMissing("text")
    row.answer, row.answered_by, row.answered_on = text.strip(), person_of(actor), shanghai_date(at)
    row.version += 1
    row.save()
    write(row, "request_answered", acting, at, personal={"answer": row.answer})
    return row


@transaction.atomic
def take_back(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> CorrectionRequest:
    """The holder needs no answer any more."""
    row = locked_request(public_id, expected_version)
    acting = _holder(row.licence, actor, at)
    row.status = REQUESTS.find("take_back", row.status).target
    row.version += 1
    row.save()
    write(row, "request_taken_back", acting, at)
    return row
