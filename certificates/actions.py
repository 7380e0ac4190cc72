"""The only writer: request a certificate with its facts, issue it as a signed PDF, trust a root."""

import logging
from datetime import datetime

from django.db import transaction

from certificates import keys
from certificates.authenticity import verify_pdf
from certificates.errors import FactsDiffer, IssuanceStopped, SelfCheckFailed
from certificates.facts import CertificateFacts
from certificates.issuing import (
    PATIENCE,
    each,
    note_stop,
    signed_values,
    trust_issuer,
    trusted_root,
    waiting,
)
from certificates.making import make_pdf
from certificates.models import Certificate
from certificates.render import background
from core.files.actions import put_generated
from core.files.models import StoredFile
from core.ledger.actions import record
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit

logger = logging.getLogger(__name__)

__all__ = ["issue", "issue_untried", "request_certificate", "retry_waiting", "trust_issuer", "try_to_issue"]
KIND = "certificates.certificate"
ISSUED_ON = (Clause("L1", "第三十九条"), Clause("SEED", "四、（五）"), Clause("ESL", "第十三条"))
Status = Certificate.Status


@transaction.atomic
def request_certificate(*, facts: CertificateFacts, actor: Actor, at: datetime) -> Certificate:
    """Ask for the certificate of one licence version, inside the grant's transaction; safe to repeat (R-50).

    The act that grants stands in the ledger; this only fixes the facts and rings the signing worker.
    Raises FactsDiffer when the same version was requested with other facts.
    """
    certificate, created = Certificate.objects.get_or_create(
        licence_number=facts.licence_number,
        licence_version=facts.version,
        defaults={
            "public_id": facts.public_id,
            "facts": facts.as_json(),
            "requested_at": at,
            "next_attempt_at": at + PATIENCE,
        },
    )
    if certificate.facts != facts.as_json():
        raise FactsDiffer(number=facts.licence_number, version=facts.version)
    if created:
        emit(type="certificates.requested", subject=_subject(certificate))
    return certificate


def _subject(certificate: Certificate) -> Subject:
    """What events and files name: licence number and version."""
    return Subject(KIND, certificate.licence_number, certificate.licence_version)


@transaction.atomic
def issue(*, certificate_id: int, at: datetime) -> bool:
    """Render, sign and store one requested certificate at real time `at`; False when there is nothing to do.

    One transaction under the row's lock: a worker killed anywhere leaves the request as it was, and of two
    workers one finds the row taken. Raises IssuanceStopped (see `errors`); nothing unsigned is ever stored.
    """
    certificate = (
        Certificate.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=certificate_id, status=Status.REQUESTED)
        .first()
    )
    if certificate is None:
        return False
    facts = certificate.printed
    signer = keys.signer_for(authority_code=facts.authority_code, authority_name=facts.authority_name, at=at)
    root = trusted_root(signer, at)
    pdf = make_pdf(facts, signer, at)
    if not verify_pdf(pdf, roots=[root]).genuine:
        raise SelfCheckFailed()
    stored = put_generated(
        content=pdf,
        filename=f"{facts.licence_number}.pdf",
        content_type="application/pdf",
        owner=_subject(certificate),
        slot="certificate",
        actor=SYSTEM,
        at=at,
    )
    _mark_issued(certificate, stored, signer, at)
    _note_issue(certificate, at)
    return True


def _mark_issued(certificate: Certificate, stored: StoredFile, signer: keys.Signer, at: datetime) -> None:
    """One active version per licence: the newest; an older one that comes late is superseded at once.

    The public id is the licence's whatever number it has: a number that was an error is on older papers (R-89).
    """
    siblings = Certificate.objects.filter(public_id=certificate.public_id, status=Status.ISSUED)
    siblings.filter(licence_version__lt=certificate.licence_version, superseded_at__isnull=True).update(
        superseded_at=at, superseded_by=certificate
    )
    newer = (
        siblings.filter(licence_version__gt=certificate.licence_version).order_by("licence_version").first()
    )
    Certificate.objects.filter(pk=certificate.pk).update(
        **signed_values(certificate, stored, signer, template=background.VERSION, at=at),
        superseded_at=at if newer else None,
        superseded_by=newer,
    )
    certificate.refresh_from_db()


def _note_issue(certificate: Certificate, at: datetime) -> None:
    """Each paper is a matter of its own in the ledger, named by its serial: versions come in any order."""
    record(
        act="certificates.issued",
        subject=Subject(KIND, certificate.serial, 1),
        actor=SYSTEM,
        effective_at=at,
        legal_basis=ISSUED_ON,
        public={
            "licence_number": certificate.licence_number,
            "licence_version": certificate.licence_version,
            "sha256": certificate.pdf_sha256,
            "algorithm": certificate.algorithm,
            "signer": certificate.signer_fingerprint,
        },
    )
    emit(type="certificates.issued", subject=_subject(certificate))


def try_to_issue(*, certificate_id: int, at: datetime) -> bool:
    """Issue, or note on the request why not and when to try again; True when it is issued now.

    Only what an operator must put right is noted; anything else is raised, for the outbox or the sweep to repeat.
    """
    try:
        return issue(certificate_id=certificate_id, at=at)
    except IssuanceStopped as stop:
        logger.warning("certificate %s stopped: %s", certificate_id, stop.code)
        note_stop(Certificate, certificate_id, stop, at)
        return False


def retry_waiting(*, at: datetime, everything: bool = False) -> int:
    """Try what waits and is due, stopped or lost (`everything`: due or not); returns how many were issued."""
    ids = waiting(Certificate, at=at, everything=everything)
    return each(Certificate, ids, lambda pk: try_to_issue(certificate_id=pk, at=at), at)


def issue_untried(*, at: datetime) -> int:
    """Issue every certificate nobody has tried yet, oldest first; returns how many."""
    fresh = Certificate.objects.filter(status=Status.REQUESTED, attempts=0).order_by("requested_at", "pk")
    ids = list(fresh.values_list("pk", flat=True)[:50])
    return each(Certificate, ids, lambda pk: try_to_issue(certificate_id=pk, at=at), at)
