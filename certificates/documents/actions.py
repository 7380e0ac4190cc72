"""The only writer of official documents: request one with its facts, issue it as a signed PDF, note its opening."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from certificates import keys
from certificates.authenticity import verify_pdf
from certificates.documents.facts import DocumentFacts
from certificates.documents.making import TEMPLATE, make_document
from certificates.documents.numbers import document_number, next_serial
from certificates.errors import DocumentDiffers, IssuanceStopped, SelfCheckFailed
from certificates.issuing import PATIENCE, each, note_stop, signed_values, trusted_root, waiting
from certificates.models import DocumentReceipt, OfficialDocument
from core.files.actions import put_generated
from core.ledger.actions import record
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit

logger = logging.getLogger(__name__)

KIND = "certificates.document"
REQUESTED = "certificates.document_requested"
SEALED_ON = (Clause("L1", "第三十二条第二款"), Clause("ESL", "第十三条"))
"""Every written answer bears the authority's seal and its date."""
OPENED_ON = (Clause("ESL", "第十一条"),)
"""A data message is received when it enters the addressee's system; its first opening is noted beside that."""

Status = OfficialDocument.Status


@transaction.atomic
def request_document(
    *, facts: DocumentFacts, series: str, subject: Subject, at: datetime
) -> OfficialDocument:
    """Ask for the paper of one act, inside the act's transaction; safe to repeat. `at` is the time of the request.

    The act itself stands in the ledger; this only fixes what the paper will say and rings the signing worker. Raises
    DocumentDiffers when the same act has a paper with other facts.
    """
    document, created = OfficialDocument.objects.get_or_create(
        subject_kind=subject.kind, subject_id=subject.id, subject_version=subject.version,
        defaults={
            "public_id": facts.public_id, "kind": facts.kind, "title": facts.title, "facts": facts.as_json(),
            "authority_code": facts.authority_code, "authority_name": facts.authority_name,
            "addressee_code": facts.addressee_code, "dated_on": facts.dated_on, "series": series,
            "requested_at": at, "next_attempt_at": at + PATIENCE,
        },
    )  # fmt: skip
    if created:
        emit(type=REQUESTED, subject=Subject(KIND, document.public_id, 1))
    elif document.facts != replace(facts, public_id=document.public_id).as_json():
        raise DocumentDiffers(title=document.title)
    return document


@transaction.atomic
def issue_document(*, document_id: int, at: datetime) -> bool:
    """Number, set, seal, sign and store one requested document at real time `at`; False when there is nothing to do.

    One transaction under the row's lock, as for certificates: of two workers one finds the row taken, and nothing
    unsigned is ever stored. The counter is locked here and not by the act, so that no act waits for another's number.
    """
    document = (
        OfficialDocument.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=document_id, status=Status.REQUESTED)
        .first()
    )
    if document is None:
        return False
    frozen = document.printed
    signer = keys.signer_for(
        authority_code=frozen.authority_code, authority_name=frozen.authority_name, at=at
    )
    root = trusted_root(signer, at)
    year = document.dated_on.year
    serial = next_serial(authority_code=document.authority_code, series=document.series, year=year)
    facts = replace(frozen, number=document_number(series=document.series, year=year, serial=serial))
    pdf = make_document(facts, signer, at)
    if not verify_pdf(pdf, roots=[root]).genuine:
        raise SelfCheckFailed()
    stored = put_generated(
        content=pdf, filename=f"{facts.title}{facts.number}.pdf", content_type="application/pdf",
        owner=Subject(KIND, document.public_id), slot="document", actor=SYSTEM, at=at,
    )  # fmt: skip
    values = signed_values(document, stored, signer, template=TEMPLATE, at=at)
    OfficialDocument.objects.filter(pk=document.pk).update(**values, serial=serial, number=facts.number)
    document.refresh_from_db()
    _note_issue(document, at)
    return True


def _note_issue(document: OfficialDocument, at: datetime) -> None:
    """Each paper is a matter of its own in the ledger, which holds its number and hash and nobody's name."""
    record(
        act="certificates.document_issued", subject=Subject(KIND, document.public_id, 1), actor=SYSTEM,
        effective_at=at, legal_basis=SEALED_ON,
        public={
            "number": document.number, "kind": document.kind, "sha256": document.pdf_sha256,
            "algorithm": document.algorithm, "signer": document.signer_fingerprint,
        },
    )  # fmt: skip


def try_to_issue_document(*, document_id: int, at: datetime) -> bool:
    """Issue, or note on the request why not and when to try again; True when it is issued now.

    Anything but a known stop is raised, for the outbox or the sweep to repeat.
    """
    try:
        return issue_document(document_id=document_id, at=at)
    except IssuanceStopped as stop:
        logger.warning("document %s stopped: %s", document_id, stop.code)
        note_stop(OfficialDocument, document_id, stop, at)
        return False


def retry_documents(*, at: datetime, everything: bool = False) -> int:
    """Try what waits and is due; returns how many were issued."""
    ids = waiting(OfficialDocument, at=at, everything=everything)
    return each(OfficialDocument, ids, lambda pk: try_to_issue_document(document_id=pk, at=at), at)


@transaction.atomic
def note_opened(*, document: OfficialDocument, actor: Actor, at: datetime) -> bool:
    """A person of the addressee has the document before his eyes: note it, the first time; False afterwards.

    Whoever calls has seen that the actor belongs to the addressee. It is no act and moves no time limit: what the
    law calls delivery is done by its own act.
    """
    _row, first = DocumentReceipt.objects.get_or_create(
        document=document, defaults={"opened_at": at, "opened_by_id": actor.user_id}
    )
    if first:
        record(
            act="certificates.document_opened", subject=Subject(KIND, document.public_id, 2), actor=actor,
            effective_at=at, legal_basis=OPENED_ON, public={"number": document.number},
        )  # fmt: skip
    return first
