"""A paper judged: authentic? unaltered? in force today? None of the three stands for another (R-49).

An official document has no term: for it the third question has no answer but what the paper is.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from certificates.authenticity import MAX_BYTES, Verdict, verify_pdf
from register.models import PublicDocument, TrustedIssuer
from register.queries.documents import document_by
from register.queries.licences import LicenceView, licence_by

__all__ = ["MAX_BYTES", "Answer", "Verification", "verify"]

Answer = Literal["yes", "no", "unknown", "none"]


@dataclass(frozen=True)
class Verification:
    """The verdict on a file, and what the register says today of the licence it names, or of the document it is.

    Either is looked up for a genuine file only: any other names what it does not prove.
    """

    verdict: Verdict
    licence: LicenceView | None
    sha256: str = ""
    registered: PublicDocument | None = None

    @property
    def is_document(self) -> bool:
        """A notice or decision, not a certificate."""
        return self.verdict.document is not None

    @property
    def contradicted(self) -> bool:
        """Signed by us, yet not the certificate the register knows for this version: a later one, or another file."""
        if self.registered:
            return self.sha256 != self.registered.sha256
        facts, licence = self.verdict.facts, self.licence
        if not facts or not licence or not licence.row.certificate_sha256:
            return False
        newest = licence.row.version
        return facts.version > newest or (
            facts.version == newest and self.sha256 != licence.row.certificate_sha256
        )

    @property
    def authentic(self) -> Answer:
        """Could be read and was signed by an issuer of ours."""
        return "yes" if self.verdict.authentic else "no"

    @property
    def unaltered(self) -> Answer:
        """A file that is not ours was never signed by us, so the question has no answer."""
        if not self.verdict.authentic:
            return "unknown"
        return "yes" if self.verdict.unaltered else "no"

    @property
    def in_force(self) -> Answer:
        """Open when no licence was looked up, or none was found; a document has no term."""
        if self.is_document:
            return "none"
        if self.licence is None:
            return "unknown"
        return "yes" if self.licence.in_force else "no"

    @property
    def superseded(self) -> bool:
        """A later version of the certificate has been issued."""
        facts, licence = self.verdict.facts, self.licence
        return bool(facts and licence and facts.version < licence.row.version)

    @property
    def tone(self) -> str:
        if not self.verdict.genuine or self.contradicted:
            return "stop"
        if self.is_document:
            return "ok" if self.registered else "wait"
        return "ok" if self.in_force == "yes" and not self.superseded else "wait"


def verify(content: bytes, *, now: datetime, today: date) -> Verification:
    """Judge an uploaded file. Nothing is stored; never raises because of the file. At most three queries, four for
    a paper under a number that was an error."""
    roots = [bytes(der) for der in TrustedIssuer.public.values_list("certificate", flat=True)]
    verdict = verify_pdf(content, roots=roots)
    licence, registered = None, None
    if verdict.genuine and verdict.document:
        registered = document_by(verdict.document.public_id)
    elif verdict.genuine:
        licence = licence_by(number=verdict.licence_number, now=now, today=today)
    return Verification(verdict, licence, hashlib.sha256(content).hexdigest(), registered)
