"""Certificates as issued, and the roots their signatures lead to."""

from django.db import models
from django.db.models import F, Q

from certificates.facts import CertificateFacts, facts_from_json, new_public_id


class Certificate(models.Model):
    """One version of a certificate: requested with its facts, then issued as a signed PDF (R-49, R-50).

    `public_id` is the licence's permanent path `/l/<id>` and the same for all its versions; `serial` is this
    paper's own. A stopped issuance stays requested and carries `last_error`; `queries.stuck` shows it.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested"
        ISSUED = "issued"
        FAILED = "failed"

    public_id = models.CharField(max_length=32, db_index=True)
    serial = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    licence_number = models.CharField(max_length=24)
    licence_version = models.PositiveIntegerField()
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
            models.CheckConstraint(
                condition=Q(
                    Q(status="issued")
                    & Q(pdf__isnull=False, signed_at__isnull=False, pdf_sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(signer_fingerprint="")
                )
                | Q(~Q(status="issued") & Q(pdf__isnull=True, signed_at__isnull=True, pdf_sha256="")),
                name="certificate_issued_is_signed",
            ),
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
    def sha256(self) -> str:
        return self.pdf_sha256

    @property
    def printed(self) -> CertificateFacts:
        """The facts as a value."""
        return facts_from_json(self.facts)


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
