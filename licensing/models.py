"""Applications, what they rest on, the decision, and the licence (DOMAIN §3, §7). Invariants stand here too."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory, ProductUnit
from core.files.models import StoredFile
from core.parties.models import Authority, Enterprise
from licensing.lifecycle import Status


def _authority(name: str) -> models.ForeignKey:
    return models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name=name)


def _person(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name=name
    )


class Application(models.Model):
    """One case. `version` counts legal acts (the ledger's chain); `draft_version` counts saves of the draft."""

    class Kind(models.TextChoices):
        NEW = "new", _("新申请")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NEW)
    status = models.CharField(max_length=24, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=0)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="applications")
    category = models.ForeignKey(ProductCategory, null=True, blank=True, on_delete=models.PROTECT)
    draft = models.JSONField(default=dict, blank=True)
    draft_version = models.PositiveIntegerField(default=1)
    draft_saved_at = models.DateTimeField()
    created_by = _person("applications_created")
    profile = models.CharField(max_length=24, blank=True)
    filed = models.JSONField(default=dict, blank=True)
    filing_division = models.CharField(max_length=6, blank=True)
    filing_authority = _authority("cases_filed")
    deciding_authority = _authority("cases_decided")
    acceptance_authority = _authority("cases_to_accept")
    review_authority = _authority("cases_to_review")
    approval_authority = _authority("cases_to_approve")
    clerk = _person("cases_accepted")
    reviewer = _person("cases_reviewed")
    approver = _person("cases_decided")
    received_at = models.DateTimeField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    deemed_accepted = models.BooleanField(default=False)
    decided_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_provisional = models.BooleanField(default=False)
    statutory_due_on = models.DateField(null=True, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    returned_once = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, number__isnull=True)
                | (
                    ~Q(status=Status.DRAFT)
                    & Q(number__isnull=False, received_at__isnull=False, category__isnull=False)
                    & Q(filing_authority__isnull=False, deciding_authority__isnull=False)
                ),
                name="application_filed_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[Status.DRAFT, Status.SUBMITTED, Status.NOT_ACCEPTED, Status.RETRACTED]
                )
                | Q(accepted_on__isnull=False, due_on__isnull=False, clerk__isnull=False),
                name="application_accepted_has_clock",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[Status.GRANTED, Status.REFUSED, Status.CERTIFICATE_ISSUED, Status.DELIVERED]
                )
                | Q(approver__isnull=False, reviewer__isnull=False, decided_on__isnull=False),
                name="application_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(clerk__isnull=True) | Q(approver__isnull=True) | ~Q(clerk=F("approver")))
                & (Q(clerk__isnull=True) | Q(reviewer__isnull=True) | ~Q(clerk=F("reviewer")))
                & (Q(reviewer__isnull=True) | Q(approver__isnull=True) | ~Q(reviewer=F("approver"))),
                name="application_duties_apart",
            ),
        ]
        indexes = [
            models.Index(
                fields=["acceptance_authority", "status", "next_due_on", "id"], name="case_accept_desk"
            ),
            models.Index(fields=["review_authority", "status", "next_due_on", "id"], name="case_review_desk"),
            models.Index(
                fields=["approval_authority", "status", "next_due_on", "id"], name="case_approve_desk"
            ),
            models.Index(fields=["filing_authority", "next_due_on", "id"], name="case_filing_desk"),
            models.Index(fields=["enterprise", "-id"], name="case_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.public_id)

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT


class ApplicationUnit(models.Model):
    """A unit applied for; nothing below the unit can be chosen (R-7)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "unit"], name="application_unit_once")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.unit_id}"


class Slot(models.TextChoices):
    """The three documents of R-29; a fourth cannot be stored."""

    BUSINESS_LICENCE = "business_licence", _("营业执照")
    APPLICATION_FORM = "application_form", _("申请书")
    COMMITMENT_LETTER = "commitment_letter", _("承诺书")


class ApplicationDocument(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    slot = models.CharField(max_length=20, choices=Slot.choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "slot"], name="document_slot_once"),
            models.CheckConstraint(condition=Q(slot__in=Slot.values), name="document_slot_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.slot}"


class Commitment(models.Model):
    """The signed commitment letter: the text as it stood, who signed, when, and its hash (R-28)."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="commitment")
    text_version = models.CharField(max_length=24)
    text = models.TextField()
    signer = models.CharField(max_length=100)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.application_id}: {self.text_version}"


class Track(models.TextChoices):
    ONSITE = "onsite", _("实地核查")
    TESTING = "testing", _("产品检验")


class Outcome(models.TextChoices):
    REQUIRED = "required", _("待完成")
    EXEMPT = "exempt", _("免于")
    ADOPTED = "adopted", _("采信")
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class Evidence(models.Model):
    """Where one track of a case stands, by which rule and clause, and on which document (DESIGN §2 "Evidence")."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="evidence")
    track = models.CharField(max_length=8, choices=Track.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.REQUIRED)
    rule = models.CharField(max_length=48)
    clause = models.JSONField()
    document = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    body = models.CharField(max_length=100, blank=True)
    finding = models.TextField(blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    recorded_by = _person("evidence_recorded")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["application", "track"], name="evidence_track_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="evidence_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome__in=[Outcome.PASSED, Outcome.FAILED, Outcome.ADOPTED])
                | Q(document__isnull=False, concluded_on__isnull=False, recorded_by__isnull=False),
                name="evidence_result_has_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.track} {self.outcome}"


class Decision(models.Model):
    """The decision of a case: never without basis, a refusal never without reasons and remedies (R-4)."""

    class Result(models.TextChoices):
        GRANTED = "granted", _("准予许可")
        REFUSED = "refused", _("不予许可")

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    result = models.CharField(max_length=8, choices=Result.choices)
    legal_basis = models.JSONField()
    reasons = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(legal_basis=[]), name="decision_names_its_basis"),
            models.CheckConstraint(
                condition=Q(result="granted") | (Q(result="refused") & ~Q(reasons="") & ~Q(remedies="")),
                name="refusal_gives_reasons_and_remedies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.result}"


class AcceptanceRefusal(models.Model):
    """The dated record of a refusal to accept, on a ground of the closed list (L1 art. 32; S5)."""

    class Ground(models.TextChoices):
        WRONG_AUTHORITY = "wrong_authority", _("不属于本机关职权范围")
        CATEGORY_CLOSED = "category_closed", _("该产品类别已停止受理")

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="acceptance_refusal"
    )
    ground = models.CharField(max_length=20, choices=Ground.choices)
    right_authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT)
    explanation = models.TextField()
    refused_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(ground="wrong_authority") | Q(right_authority__isnull=False),
                name="wrong_authority_names_the_right_one",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["wrong_authority", "category_closed"]), name="acceptance_ground_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.ground}"


class LicenceStatus(models.TextChoices):
    """The words of DOMAIN §3.7; expiry of the term is derived from the date as well as stored when it is closed."""

    VALID = "valid", _("有效")
    VALID_DEEMED = "valid_deemed", _("视为延续")
    EXPIRED = "expired", _("过期")
    WITHDRAWN = "withdrawn", _("撤回")
    REVOKED = "revoked", _("撤销")
    PENALTY_REVOKED = "penalty_revoked", _("吊销")
    DEREGISTERED = "deregistered", _("注销")


class ProductionLicence(models.Model):
    """The right to produce. Names and addresses are as granted; `opaque_id` is the permanent path in the QR code."""

    number = models.CharField(max_length=24, unique=True)
    opaque_id = models.CharField(max_length=32, unique=True)
    version = models.PositiveIntegerField(default=1)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="licences")
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="licences")
    issuing_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="licences")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="licence")
    status = models.CharField(max_length=16, choices=LicenceStatus.choices, default=LicenceStatus.VALID)
    holder_name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18)
    registered_address = models.CharField(max_length=300)
    production_addresses = models.JSONField()
    category_name = models.CharField(max_length=100)
    issued_on = models.DateField()
    valid_from = models.DateField()
    term_start = models.DateField()
    valid_until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="licence_term_ordered"),
            models.CheckConstraint(condition=Q(status__in=LicenceStatus.values), name="licence_status_known"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^(\([^)]\))?XK\d{2}-\d{3}-\d{5}$"), name="licence_number_shape"
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "valid_until"])]

    def __str__(self) -> str:
        return self.number


class LicenceUnit(models.Model):
    """A unit within the scope of a licence, under the name it was granted with."""

    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "unit"], name="licence_unit_once")]

    def __str__(self) -> str:
        return self.name


class NumberCounter(models.Model):
    """The last serial given per issuing authority and product code; locked inside the grant (DOMAIN §7.2)."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    code = models.CharField(max_length=6)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="counter_once"),
            models.CheckConstraint(condition=Q(last__lte=99_999), name="counter_five_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.code}: {self.last}"


class CaseCounter(models.Model):
    """The last case serial per filing authority, kind and year."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "kind", "year"], name="case_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.kind} {self.year}: {self.last}"
