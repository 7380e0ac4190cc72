"""The decision, the licence it gives, and the counters its number comes from (DOMAIN §7)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory, ProductUnit
from core.parties.models import Authority, Enterprise
from licensing.models.application import Application
from licensing.models.straight import StandingOrder
from licensing.terms import RUNNING, LicenceStatus


class Decision(models.Model):
    """The decision of a case: never without basis, a refusal never without reasons and remedies (R-4).

    Made by a person, or by the system under a standing order (R-85); then `checked` says what was checked, on which
    facts, and `rules_version` by which text of the rules.
    """

    class Result(models.TextChoices):
        GRANTED = "granted", _("准予许可")
        REFUSED = "refused", _("不予许可")

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    result = models.CharField(max_length=8, choices=Result.choices)
    legal_basis = models.JSONField()
    reasons = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    standing_order = models.ForeignKey(
        StandingOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_on = models.DateField()
    checked = models.JSONField(default=list, blank=True)
    rules_version = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(legal_basis=[]), name="decision_names_its_basis"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False, standing_order__isnull=True)
                | (
                    Q(decided_by__isnull=True, standing_order__isnull=False, result="granted")
                    & ~Q(checked=[])
                    & ~Q(rules_version="")
                ),
                name="decision_by_person_or_order",
            ),
            models.CheckConstraint(
                condition=Q(result="granted") | (Q(result="refused") & ~Q(reasons="") & ~Q(remedies="")),
                name="refusal_gives_reasons_and_remedies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.result}"


class HeldDecision(models.Model):
    """A person's decision before it takes effect: recallable until `effective_at`, with no number, grant or notice yet.

    Exists while it is held; what became of it stands in the ledger (DOMAIN §3.2 `decision_pending`).
    """

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="held_decision")
    act = models.CharField(max_length=8, choices=[("grant", _("准予许可")), ("refuse", _("不予许可"))])
    legal_basis = models.JSONField()
    reasons = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_for = models.CharField(max_length=64)
    made_for_label = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    effective_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(legal_basis=[]), name="held_decision_names_its_basis"),
            models.CheckConstraint(
                condition=Q(effective_at__gt=F("made_at")), name="held_decision_takes_effect_later"
            ),
            models.CheckConstraint(
                condition=Q(act="grant", reasons="") | (Q(act="refuse") & ~Q(reasons="")),
                name="held_refusal_gives_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.act} at {self.effective_at}"


class ProductionLicence(models.Model):
    """The right to produce. `opaque_id` is the permanent path in the QR code.

    `content` is what the licence rests on now, in the form in which cases are filed, so that the next case begins from
    it; names and addresses beside it are as printed. `filing_division` decides where cases about it are filed; it
    stays when the address changes. `application` is the case that gave it its present certificate; a licence of the
    paper era has none until its first case, and says instead from which record it was taken over, when, by which
    import, and the fingerprint of what the record said (R-90).
    `version` counts legal acts on it; `certificate_version` counts the certificates ordered, none for paper.
    `replaces` is the national licence whose category was devolved (R-84).
    """

    number = models.CharField(max_length=24, unique=True)
    opaque_id = models.CharField(max_length=32, unique=True)
    version = models.PositiveIntegerField(default=1)
    certificate_version = models.PositiveIntegerField(default=0)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="licences")
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="licences")
    issuing_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="licences")
    filing_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    filing_division = models.CharField(max_length=6)
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    imported_on = models.DateField(null=True, blank=True)
    imported_from = models.CharField(max_length=120, blank=True)
    import_ref = models.UUIDField(null=True, blank=True)
    import_print = models.CharField(max_length=64, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    content = models.JSONField()
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
    deregistered_on = models.DateField(null=True, blank=True)
    deregistered_basis = models.JSONField(default=list, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from"), term_start__gte=F("valid_from")),
                name="licence_term_ordered",
            ),
            models.CheckConstraint(
                condition=Q(deregistered_on__isnull=True, deregistered_basis=[])
                & ~Q(status=LicenceStatus.DEREGISTERED)
                | Q(deregistered_on__isnull=False)
                & ~Q(deregistered_basis=[])
                & ~Q(status__in=[LicenceStatus.VALID, LicenceStatus.VALID_DEEMED]),
                name="licence_deregistered_with_basis",
            ),
            models.CheckConstraint(condition=Q(status__in=LicenceStatus.values), name="licence_status_known"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^(\([^)]\))?XK\d{2}-\d{3}-\d{5}$"), name="licence_number_shape"
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(imported_on__isnull=False),
                name="licence_has_an_origin",
            ),
            models.CheckConstraint(
                condition=Q(
                    imported_on__isnull=True, import_ref__isnull=True, imported_from="", import_print=""
                )
                | Q(imported_on__isnull=False, import_ref__isnull=False)
                & ~Q(imported_from="")
                & ~Q(import_print=""),
                name="licence_provenance_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(certificate_version=0),
                name="licence_on_paper_has_no_certificate",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "valid_until"]),
            models.Index(
                fields=["next_check_at"], name="licence_next_check", condition=Q(next_check_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_on_paper(self) -> bool:
        """Taken over from the paper era and without an electronic certificate so far (R-90)."""
        return self.imported_on is not None and self.certificate_version == 0

    @property
    def is_running(self) -> bool:
        """Whether the stored word is one of a right in force; the term is a matter of the day."""
        return self.status in RUNNING

    @property
    def can_be_renewed(self) -> bool:
        """In force, or ended in no other way than by its term: what a renewal under way can carry on."""
        return self.is_running or (self.status == LicenceStatus.EXPIRED and self.deregistered_on is None)


class LicenceUnit(models.Model):
    """A unit within the scope of a licence, under the name it was granted with."""

    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "unit"], name="licence_unit_once")]

    def __str__(self) -> str:
        return self.name


class LicenceGap(models.Model):
    """Days between two terms, both included: a late renewal does not cover what was produced then (DOMAIN §3.3)."""

    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="gaps")
    gap_from = models.DateField()
    gap_to = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "gap_from"], name="licence_gap_once"),
            models.CheckConstraint(condition=Q(gap_to__gte=F("gap_from")), name="licence_gap_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.gap_from}..{self.gap_to}"


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
