"""Corrections, what holders ask for, and numbers that a licence had in error (R-89). Invariants stand here too."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from licensing.corrections.lifecycle import Asked, Status
from licensing.models import Application, ProductionLicence
from licensing.models.application import _person


class Paper(models.TextChoices):
    """Which paper of the case shows what is right."""

    BUSINESS_LICENCE = "business_licence", _("营业执照")
    APPLICATION_FORM = "application_form", _("申请书")
    COMMITMENT_LETTER = "commitment_letter", _("承诺书")
    ONSITE = "onsite", _("核查记录")
    TESTING = "testing", _("检验报告")
    OTHER = "other", _("案卷里的其他材料")


class CorrectionRequest(models.Model):
    """A holder says what is wrong on his certificate. It is answered, or taken up as a correction, within the limit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    licence = models.ForeignKey(
        ProductionLicence, on_delete=models.PROTECT, related_name="correction_requests"
    )
    status = models.CharField(max_length=10, choices=Asked.choices, default=Asked.OPEN)
    version = models.PositiveIntegerField(default=1)
    wrong = models.JSONField()
    explanation = models.TextField()
    attachment = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    asked_by = _person("corrections_asked")
    asked_on = models.DateField()
    reply_due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = _person("corrections_answered")
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence"], condition=Q(status__in=["open", "taken_up"]), name="request_one_open"
            ),
            models.CheckConstraint(condition=Q(status__in=Asked.values), name="request_status_known"),
            models.CheckConstraint(
                condition=~Q(wrong=[]) & ~Q(explanation="") & Q(asked_by__isnull=False),
                name="request_says_what_is_wrong",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_on__isnull=False),
                name="request_answered_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["reply_due_on", "id"], name="request_to_answer", condition=Q(status="open"))
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.status}"


class CertificateCorrection(models.Model):
    """One correction of a licence's certificate: proposed by one person, decided by another.

    `changes` are rows of key, before and after; `licence_version` is the licence they were drawn against. Once another
    act has moved the licence, somebody who may propose confirms them anew (`confirmed_by`). `certificate_version` is
    the certificate that the correction ordered.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="corrections")
    request = models.ForeignKey(
        CorrectionRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    licence_version = models.PositiveIntegerField()
    changes = models.JSONField()
    number_reason = models.TextField(blank=True)
    reason = models.TextField()
    source_case = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_paper = models.CharField(max_length=20, choices=Paper.choices)
    source_note = models.CharField(max_length=300, blank=True)
    proposed_by = _person("corrections_proposed")
    proposed_on = models.DateField()
    confirmed_by = _person("corrections_confirmed")
    decided_by = _person("corrections_decided")
    decided_on = models.DateField(null=True, blank=True)
    reasons = models.TextField(blank=True)
    certificate_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence"], condition=Q(status="proposed"), name="correction_one_open"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="correction_status_known"),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False)
                & (Q(status__in=["proposed", "withdrawn"]) | Q(decided_by__isnull=False))
                & (Q(status="withdrawn") | Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")))
                & (
                    Q(status="withdrawn")
                    | Q(decided_by__isnull=True)
                    | Q(confirmed_by__isnull=True)
                    | ~Q(decided_by=F("confirmed_by"))
                ),
                name="correction_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_on__isnull=True)
                | ~Q(status="proposed") & Q(decided_on__isnull=False),
                name="correction_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(changes=[]) & ~Q(reason=""), name="correction_says_what_and_why"
            ),
            models.CheckConstraint(
                condition=~Q(source_paper="other") | ~Q(source_note=""), name="correction_names_its_source"
            ),
            models.CheckConstraint(
                condition=Q(source_paper__in=Paper.values)
                & (Q(source_paper="other") | Q(source_case__isnull=False)),
                name="correction_source_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(reasons=""), name="correction_declined_with_reasons"
            ),
            models.CheckConstraint(
                condition=Q(status="approved", certificate_version__isnull=False)
                | ~Q(status="approved") & Q(certificate_version__isnull=True),
                name="correction_orders_its_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status == Status.PROPOSED


class FormerNumber(models.Model):
    """A number that a licence had in error: never given again, and leading to the licence for ever (DOMAIN §7.2)."""

    number = models.CharField(max_length=24, unique=True)
    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="former_numbers")
    correction = models.OneToOneField(
        CertificateCorrection, on_delete=models.PROTECT, related_name="former_number"
    )
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^(\([^)]\))?XK\d{2}-\d{3}-\d{5}$"), name="former_number_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.number
