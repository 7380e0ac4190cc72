"""A certificate judged: authentic? unaltered? in force today? None of the three stands for another (R-49)."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from certificates.authenticity import MAX_BYTES, Verdict, verify_pdf
from register.models import TrustedIssuer
from register.queries.licences import LicenceView, licence_by

__all__ = ["MAX_BYTES", "Answer", "Verification", "verify"]

Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Verification:
    """The verdict on a file, and what the register says today of the licence it names.

    `licence` is looked up for a genuine file only: any other names a licence that it does not prove.
    """

    verdict: Verdict
    licence: LicenceView | None
    sha256: str = ""

    @property
    def contradicted(self) -> bool:
        """Signed by us, yet not the certificate the register knows for this version: a later one, or another file."""
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
        """Open when no licence was looked up, or none was found."""
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
        return "ok" if self.in_force == "yes" and not self.superseded else "wait"


def verify(content: bytes, *, now: datetime, today: date) -> Verification:
    """Judge an uploaded file. Nothing is stored; never raises because of the file. At most three queries, four for
    a paper under a number that was an error."""
    roots = [bytes(der) for der in TrustedIssuer.public.values_list("certificate", flat=True)]
    verdict = verify_pdf(content, roots=roots)
    licence = None
    if verdict.genuine:
        licence = licence_by(number=verdict.licence_number, now=now, today=today)
    return Verification(verdict, licence, hashlib.sha256(content).hexdigest())
