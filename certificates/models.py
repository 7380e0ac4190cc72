"""Papers as issued, certificates and official documents, and the roots their signatures lead to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from certificates.documents.facts import DocumentFacts, Kind, document_from_json
from certificates.facts import CertificateFacts, facts_from_json, new_public_id

_SIGNED = Q(
    Q(status="issued")
    & Q(pdf__isnull=False, signed_at__isnull=False, pdf_sha256__regex=r"^[0-9a-f]{64}$")
    & ~Q(signer_fingerprint="")
) | Q(~Q(status="issued") & Q(pdf__isnull=True, signed_at__isnull=True, pdf_sha256=""))
"""An issued paper is signed, and no other has a file."""


class SignedPaper(models.Model):
    """What any paper goes through: requested with its facts, then issued as a signed PDF, never unsigned.

    A stopped issuance stays requested and carries `last_error`; `queries.stuck` shows it.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested"
        ISSUED = "issued"
        FAILED = "failed"

    facts = models.JSONField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    requested_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    pdf = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    algorithm = models.CharField(max_length=16, blank=True)
    signer_key_id = models.CharField(max_length=16, blank=True)
    signer_fingerprint = models.CharField(max_length=64, blank=True)
    template_version = models.PositiveSmallIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def sha256(self) -> str:
        return self.pdf_sha256


class Certificate(SignedPaper):
    """One version of a certificate: requested with its facts, then issued as a signed PDF (R-49, R-50).

    `public_id` is the licence's permanent path `/l/<id>` and the same for all its versions; `serial` is this
    paper's own.
    """

    public_id = models.CharField(max_length=32, db_index=True)
    serial = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    licence_number = models.CharField(max_length=24)
    licence_version = models.PositiveIntegerField()
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence_number", "licence_version"], name="certificate_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["licence_number"],
                condition=Q(status="issued", superseded_at__isnull=True),
                name="certificate_one_active",
            ),
            models.CheckConstraint(condition=_SIGNED, name="certificate_issued_is_signed"),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True, superseded_by__isnull=True)
                | Q(superseded_at__isnull=False, superseded_by__isnull=False, status="issued"),
                name="certificate_superseded_by_another",
            ),
            models.CheckConstraint(condition=~Q(superseded_by=F("id")), name="certificate_not_by_itself"),
            models.CheckConstraint(condition=Q(licence_version__gte=1), name="certificate_version_from_one"),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "issued", "failed"]), name="certificate_status_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status="requested"), name="certificate_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_number}/{self.licence_version}"

    @property
    def version(self) -> int:
        return self.licence_version

    @property
    def printed(self) -> CertificateFacts:
        """The facts as a value."""
        return facts_from_json(self.facts)


class OfficialDocument(SignedPaper):
    """A notice or decision of a case as a paper of its own: frozen at its act, numbered when it is signed (R-4).

    `subject_*` is the act it tells of, in the ledger's words, so that one act has one paper; certificates know nothing
    else of the case, and whoever keeps cases says who may read it. `public_id` is the verification code printed on it
    and the path `/d/<code>`. `series` is the sign of authority and kind before the year, `serial` counts within both.
    An issued document is never changed and never removed: a trigger refuses it.
    """

    Kind = Kind

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    title = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.CharField(max_length=64)
    subject_version = models.PositiveIntegerField()
    authority_code = models.CharField(max_length=6)
    authority_name = models.CharField(max_length=100)
    addressee_code = models.CharField(max_length=18)
    dated_on = models.DateField()
    series = models.CharField(max_length=16)
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "subject_version"], name="document_once_per_act"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="document_number_never_twice"
            ),
            models.CheckConstraint(condition=_SIGNED, name="document_issued_is_signed"),
            models.CheckConstraint(
                condition=Q(status="issued", serial__gte=1) & ~Q(number="")
                | ~Q(status="issued") & Q(serial__isnull=True, number=""),
                name="document_issued_is_numbered",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="document_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "issued", "failed"]), name="document_status_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status="requested"), name="document_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.kind} {self.subject_id}/{self.subject_version}"

    @property
    def printed(self) -> DocumentFacts:
        """The facts as a value, with the number once there is one."""
        return document_from_json({**self.facts, "number": self.number})

    @property
    def receipt(self) -> "DocumentReceipt | None":
        """When the addressee first opened it; None before."""
        found: Any = getattr(self, "opened", None)
        return found if isinstance(found, DocumentReceipt) else None


class DocumentCounter(models.Model):
    """The last serial given per authority, series and year; locked while a document is being issued."""

    authority_code = models.CharField(max_length=6)
    series = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority_code", "series", "year"], name="document_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.authority_code} {self.series} {self.year}: {self.last}"


class DocumentReceipt(models.Model):
    """The first opening of a document by a person of the addressee: when, and who for officials alone (ESL art. 11)."""

    document = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, related_name="opened")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.document_id}: {self.opened_at:%Y-%m-%d %H:%M}"


class TrustedIssuer(models.Model):
    """A root certificate (DER) that licence certificates must lead to; public by its nature.

    The web process verifies with it and never sees a key. Written by the signing worker in the demo world,
    by `trust_issuer` elsewhere.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    subject = models.CharField(max_length=300)
    certificate = models.BinaryField()
    demo = models.BooleanField()
    not_after = models.DateTimeField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject
