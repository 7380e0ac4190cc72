"""What issuing any paper shares: whose root it leads to, what is written on its row, how a stop is noted."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from certificates import keys
from certificates.errors import IssuanceStopped, IssuerNotTrusted, Unforeseen
from certificates.models import SignedPaper, TrustedIssuer
from core.files.models import StoredFile

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 600
PATIENCE = timedelta(seconds=60)
"""How long the outbox has a request to itself before the sweep looks after it."""


def trusted_root(signer: keys.Signer, at: datetime) -> bytes:
    """The signer's root, which verification must know; the demo world's own root is made known here.

    Raises IssuerNotTrusted.
    """
    root = signer.chain[-1] if signer.chain else signer.certificate
    if settings.WORLD == "demo":
        trust_issuer(root=root, demo=True, at=at)
    elif not TrustedIssuer.objects.filter(fingerprint=keys.fingerprint(root)).exists():
        raise IssuerNotTrusted()
    return root.public_bytes(Encoding.DER)


def trust_issuer(*, root: x509.Certificate, demo: bool, at: datetime) -> TrustedIssuer:
    """Let signatures under this root count as ours from now on; safe to repeat."""
    issuer, _created = TrustedIssuer.objects.get_or_create(
        fingerprint=keys.fingerprint(root),
        defaults={
            "subject": root.subject.rfc4514_string()[:300],
            "certificate": root.public_bytes(Encoding.DER),
            "demo": demo,
            "not_after": root.not_valid_after_utc,
            "added_at": at,
        },
    )
    return issuer


def signed_values(
    paper: SignedPaper, stored: StoredFile, signer: keys.Signer, *, template: int, at: datetime
) -> dict[str, Any]:
    """The columns that make a requested paper an issued one."""
    return {
        "status": SignedPaper.Status.ISSUED, "pdf": stored, "pdf_sha256": stored.sha256, "signed_at": at,
        "algorithm": keys.ALGORITHM, "signer_key_id": keys.key_id(signer.certificate),
        "signer_fingerprint": keys.fingerprint(signer.certificate), "template_version": template,
        "attempts": paper.attempts + 1, "last_error": "", "next_attempt_at": None,
    }  # fmt: skip


@transaction.atomic
def note_stop(model: type[SignedPaper], pk: int, stop: IssuanceStopped, at: datetime) -> None:
    """Write on the request why it was not issued, in words, and when to try again."""
    waiting = model._default_manager.select_for_update(of=("self",))
    paper = waiting.filter(pk=pk, status=SignedPaper.Status.REQUESTED).first()
    if paper is None:
        return
    with override("zh-hans"):
        paper.last_error = f"{stop.code}: {stop}"
    paper.attempts += 1
    paper.next_attempt_at = at + timedelta(seconds=min(15 * 2**paper.attempts, LONGEST_PAUSE))
    paper.save(update_fields=["last_error", "attempts", "next_attempt_at"])


def each(model: type[SignedPaper], ids: Iterable[int], try_one: Callable[[int], bool], at: datetime) -> int:
    """Try one paper after the other; returns how many were issued. One that fails holds up no other.

    What nobody foresaw is logged, noted and put off like a known stop: left as it is, it would come first every
    minute and nothing behind it would ever be tried. One that uses up the time of the task is put off as well, and the
    task ends.
    """
    issued = 0
    for pk in ids:
        try:
            issued += try_one(pk)
        except Exception as error:
            logger.exception("%s %s failed", model.__name__, pk)
            note_stop(model, pk, Unforeseen(kind=type(error).__name__), at)
            if isinstance(error, SoftTimeLimitExceeded):
                raise
    return issued


def waiting(model: type[SignedPaper], *, at: datetime, everything: bool, most: int = 200) -> list[int]:
    """Keys of what waits and is due, stopped or lost (`everything`: due or not), oldest first."""
    found = model._default_manager.filter(status=SignedPaper.Status.REQUESTED)
    if not everything:
        found = found.filter(next_attempt_at__lte=at)
    return list(found.order_by("requested_at", "pk").values_list("pk", flat=True)[:most])
