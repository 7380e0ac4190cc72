"""The application: one case from its draft to its end (DOMAIN §3)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory, ProductUnit
from core.files.models import StoredFile
from core.parties.models import Authority, Enterprise, User
from licensing.kinds import RULES, Kind, Rules
from licensing.lifecycle import UNDECIDED, Status
from licensing.profile import PROFILE

SIMPLE = [kind for kind, rules in RULES.items() if not rules.reviewed]


def _authority(name: str) -> models.ForeignKey:
    return models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name=name)


def _person(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name=name
    )


class Application(models.Model):
    """One case. `version` counts legal acts (the ledger's chain), `inside_acts` those of them the applicant is not told
    of; `draft_version` counts saves of the draft.

    `licence` is the licence the case is about: from the start for kinds that begin from one, with the grant for a new
    one; `licence_version` says which of its certificates the case ordered. `term_ends_on` is the last day of the
    term that a renewal carries on, as it stood at filing. `intake_days` is the limit of the answer to a filing as it
    was at receipt, `target_days` that of the decision as it was at
    acceptance (R-46). `clock_days` (with the extension), `clock_pauses`, `paused` and the due dates are a cache of
    what `licensing.clock` computes from dated events, so that a list needs no more than the row; while `paused` the
    due dates are unknown and empty (DOMAIN §4.4). `alarm_on` is the earlier date officials are still warned by, never
    shown to the applicant (DOMAIN §4.3(3)).
    """

    Kind = Kind

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NEW)
    status = models.CharField(max_length=24, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=0)
    inside_acts = models.PositiveIntegerField(default=0)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="applications")
    category = models.ForeignKey(ProductCategory, null=True, blank=True, on_delete=models.PROTECT)
    licence = models.ForeignKey(
        "ProductionLicence", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    licence_version = models.PositiveIntegerField(null=True, blank=True)
    term_ends_on = models.DateField(null=True, blank=True)
    deemed_renewal_on = models.DateField(null=True, blank=True)
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
    reviewer_stated = models.BooleanField(default=False)
    """The reviewer said that he has no interest in the enterprise; until then he does nothing with a case given him."""
    approver = _person("cases_decided")
    decided_by_order = models.BooleanField(default=False)
    """Granted by the system under a standing order: no approver, and nobody's review where nothing was left to it."""
    test_before_visit = models.BooleanField(default=False)
    """The enterprise chose to have the product tested before the visit (R-39, R-41)."""
    received_at = models.DateTimeField(null=True, blank=True)
    first_received_at = models.DateTimeField(null=True, blank=True)
    forwarded_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="forwarded_to"
    )
    accepted_on = models.DateField(null=True, blank=True)
    deemed_accepted = models.BooleanField(default=False)
    decided_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    intake_days = models.PositiveSmallIntegerField(default=PROFILE.intake.days)
    target_days = models.PositiveSmallIntegerField(default=PROFILE.decision.days)
    clock_days = models.PositiveSmallIntegerField(default=PROFILE.decision.days)
    clock_pauses = models.JSONField(default=list, blank=True)
    paused = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    due_provisional = models.BooleanField(default=False)
    alarm_on = models.DateField(null=True, blank=True)
    statutory_due_on = models.DateField(null=True, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    returned_once = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, number__isnull=True)
                | (
                    ~Q(status=Status.DRAFT)
                    & Q(number__isnull=False, received_at__isnull=False, category__isnull=False)
                    & Q(first_received_at__isnull=False, first_received_at__lte=F("received_at"))
                    & Q(filing_authority__isnull=False, deciding_authority__isnull=False)
                ),
                name="application_filed_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        Status.DRAFT,
                        Status.SUBMITTED,
                        Status.CORRECTION_REQUESTED,
                        Status.NOT_REQUIRED,
                        Status.NOT_ACCEPTED,
                        Status.LAPSED,
                        Status.RETRACTED,
                        Status.TERMINATED,
                    ]
                )
                | (
                    Q(accepted_on__isnull=False)
                    & (Q(due_on__isnull=False, paused=False) | Q(due_on__isnull=True, paused=True))
                    & (Q(clerk__isnull=False) | Q(deemed_accepted=True))
                ),
                name="application_accepted_has_clock",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[Status.GRANTED, Status.REFUSED, Status.CERTIFICATE_ISSUED, Status.DELIVERED]
                )
                | Q(decided_on__isnull=False)
                & (
                    Q(approver__isnull=False, decided_by_order=False)
                    | Q(approver__isnull=True, decided_by_order=True, kind=Kind.RENEWAL)
                )
                & (
                    Q(reviewer__isnull=False)
                    | Q(kind__in=[*SIMPLE, Kind.RENEWAL])
                    | Q(deemed_renewal_on__isnull=False)
                ),
                name="application_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="application_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.NEW) | Q(licence__isnull=False, category__isnull=False),
                name="application_is_about_a_licence",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT)
                | Q(kind=Kind.RENEWAL, term_ends_on__isnull=False)
                | (~Q(kind=Kind.RENEWAL) & Q(term_ends_on__isnull=True)),
                name="application_renewal_names_its_term",
            ),
            models.CheckConstraint(
                condition=(Q(deemed_renewal_on__isnull=True) & ~Q(status=Status.DEEMED_RENEWED))
                | Q(
                    kind=Kind.RENEWAL,
                    deemed_renewal_on__gt=F("term_ends_on"),
                    decided_on=F("deemed_renewal_on"),
                    status__in=[Status.DEEMED_RENEWED, Status.CERTIFICATE_ISSUED, Status.DELIVERED],
                ),
                name="application_deemed_is_a_renewal",
            ),
            models.UniqueConstraint(
                fields=["licence", "licence_version"],
                condition=Q(licence_version__isnull=False),
                name="application_own_certificate",
            ),
            models.UniqueConstraint(
                fields=["licence", "kind"],
                condition=Q(status__in=sorted(UNDECIDED)) & ~Q(kind=Kind.NEW),
                name="application_once_under_way",
            ),
            models.CheckConstraint(
                condition=(Q(clerk__isnull=True) | Q(approver__isnull=True) | ~Q(clerk=F("approver")))
                & (Q(clerk__isnull=True) | Q(reviewer__isnull=True) | ~Q(clerk=F("reviewer")))
                & (Q(reviewer__isnull=True) | Q(approver__isnull=True) | ~Q(reviewer=F("approver"))),
                name="application_duties_apart",
            ),
            models.CheckConstraint(
                condition=Q(reviewer_stated=False) | Q(reviewer__isnull=False),
                name="application_stated_by_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[Status.REVIEW_COMPLETED, Status.REVIEW_FAILED, Status.DECISION_PENDING]
                )
                | Q(reviewer__isnull=True)
                | Q(reviewer_stated=True),
                name="application_reviewed_on_a_statement",
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
            models.Index(fields=["licence", "status"], name="case_licence"),
            models.Index(
                fields=["approval_authority", "decided_on"],
                name="case_renewed_by_law",
                condition=Q(status=Status.DEEMED_RENEWED, approver__isnull=True),
            ),
            models.Index(fields=["next_due_on", "id"], name="case_by_due"),
            models.Index(
                fields=["next_due_on", "id"], name="case_open", condition=Q(status__in=sorted(UNDECIDED))
            ),
            models.Index(
                fields=["next_check_at"], name="case_next_check", condition=Q(next_check_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.public_id)

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def rules(self) -> Rules:
        """What this kind needs and gives."""
        return RULES[self.kind]

    def is_in_hands_of(self, user_id: int | None) -> bool:
        """Whether this reviewer has the case and has said that he has no interest in it."""
        return self.reviewer_stated and self.reviewer_id is not None and self.reviewer_id == user_id

    def hand_to(self, reviewer: User | None, *, stated: bool = False) -> None:
        """Put the review in somebody's hands, or back on the desk; `stated` when it is his own act."""
        self.reviewer, self.reviewer_stated = reviewer, stated

    @property
    def extended_by(self) -> int:
        """Working days the extension adds to the limit as it stands, capped (K11)."""
        return max(0, self.clock_days - self.target_days)

    @property
    def has_procedure(self) -> bool:
        """Whether something that stops the clock is under way: nothing is concluded or decided meanwhile."""
        return any(not row["to"] for row in self.clock_pauses)

    @property
    def outside_version(self) -> int:
        """The version as whoever applied may know it: acts inside the office do not show in it."""
        return self.version - self.inside_acts

    @property
    def is_open_to_applicant(self) -> bool:
        """Whether the applicant may write in it: a draft, or a filing sent back for correction."""
        return self.status in (Status.DRAFT, Status.CORRECTION_REQUESTED)


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
