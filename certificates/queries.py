"""The read side: current and past certificates, what is stuck, which roots are trusted."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from certificates.authenticity import Verdict, verify_pdf
from certificates.models import Certificate, OfficialDocument, TrustedIssuer

Status = Certificate.Status


@dataclass(frozen=True)
class Stuck:
    """A paper an operator must help along, with the reason in words.

    Certificates are named by licence number and version; official documents, `title` given, by their code.
    """

    licence_number: str
    version: int
    requested_at: datetime
    attempts: int
    last_error: str
    title: str = ""


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
    """Requested certificates, then official documents, whose issuance stopped, oldest first."""
    rows = Certificate.objects.filter(status=Status.REQUESTED).exclude(last_error="").order_by("requested_at")
    papers = OfficialDocument.objects.filter(status=Status.REQUESTED).exclude(last_error="")
    return [
        Stuck(row.licence_number, row.licence_version, row.requested_at, row.attempts, row.last_error)
        for row in rows
    ] + [
        Stuck(row.public_id, 1, row.requested_at, row.attempts, row.last_error, row.title)
        for row in papers.order_by("requested_at")
    ]


def documents_about(subject_kind: str, subject_id: str) -> QuerySet[OfficialDocument]:
    """The official documents of one matter with their files and first openings, in the order of their acts.

    Whoever asks has seen that its reader may read the matter.
    """
    rows = OfficialDocument.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return rows.select_related("pdf__blob", "opened__opened_by").order_by("subject_version")


def trusted_roots() -> list[bytes]:
    """Root certificates signatures may lead to (DER)."""
    return [bytes(der) for der in TrustedIssuer.objects.order_by("id").values_list("certificate", flat=True)]


def verify(content: bytes) -> Verdict:
    """Judge a file against the trusted roots of this installation."""
    return verify_pdf(content, roots=trusted_roots())
