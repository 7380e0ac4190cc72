"""The read side: current and past certificates, what is stuck, which roots are trusted."""

from dataclasses import dataclass
from datetime import datetime

from certificates.authenticity import Verdict, verify_pdf
from certificates.models import Certificate, TrustedIssuer

Status = Certificate.Status


@dataclass(frozen=True)
class Stuck:
    """A certificate an operator must help along, with the reason in words."""

    licence_number: str
    version: int
    requested_at: datetime
    attempts: int
    last_error: str


def current_certificate(licence_number: str) -> Certificate | None:
    """The active certificate with its file, else the newest on its way; None when none was requested."""
    found = Certificate.objects.select_related("pdf__blob").filter(licence_number=licence_number)
    active = found.filter(status=Status.ISSUED, superseded_at__isnull=True).first()
    return active or found.order_by("-licence_version").first()


def issued_versions(licence_number: str) -> list[Certificate]:
    """All issued certificates of a licence, oldest version first, those under a number it had in error too (R-89)."""
    same = Certificate.objects.filter(licence_number=licence_number).values("public_id")
    return list(
        Certificate.objects.filter(public_id__in=same, status=Status.ISSUED).order_by("licence_version")
    )


def stuck() -> list[Stuck]:
    """Requested certificates whose issuance stopped, oldest first."""
    rows = Certificate.objects.filter(status=Status.REQUESTED).exclude(last_error="").order_by("requested_at")
    return [
        Stuck(row.licence_number, row.licence_version, row.requested_at, row.attempts, row.last_error)
        for row in rows
    ]


def trusted_roots() -> list[bytes]:
    """Root certificates signatures may lead to (DER)."""
    return [bytes(der) for der in TrustedIssuer.objects.order_by("id").values_list("certificate", flat=True)]


def verify(content: bytes) -> Verdict:
    """Judge a file against the trusted roots of this installation."""
    return verify_pdf(content, roots=trusted_roots())
