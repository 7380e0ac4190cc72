"""What is known of a holder before any case: spot checks and reports, its class, and what is open against it.

Later apps push these through licensing's actions; until then an official records them (DESIGN §2 "Evidence").
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductUnit
from core.files.models import StoredFile
from core.parties.models import Authority, Enterprise
from licensing.models.application import _person


class StandingEvidence(models.Model):
    """A result that exists before a case and may carry it: a supervisory spot check (R-26) or an earlier report (R-40).

    `final_on` is the day on which nobody could object any more; empty while an objection runs. A re-test or a
    correction supersedes the row and leaves it readable. `items` are the lines of the report (R-32).
    """

    class Kind(models.TextChoices):
        SPOT_CHECK = "spot_check", _("监督抽查")
        TEST_REPORT = "test_report", _("核查前的检验报告")

    class Level(models.TextChoices):
        NATIONAL = "national", _("国家级")
        PROVINCIAL = "provincial", _("省级")
        PREFECTURE = "prefecture", _("市级")
        COUNTY = "county", _("县级")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reference = models.CharField(max_length=60)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="standing_evidence")
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12, choices=Level.choices, blank=True)
    body = models.CharField(max_length=100)
    listing = models.CharField(max_length=100, blank=True)
    site_address = models.CharField(max_length=300, blank=True)
    model = models.CharField(max_length=100, blank=True)
    sample_identity = models.CharField(max_length=200, blank=True)
    sampled_on = models.DateField()
    reported_on = models.DateField()
    final_on = models.DateField(null=True, blank=True)
    passed = models.BooleanField()
    items = models.JSONField(default=list, blank=True)
    document = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    superseded_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    recorded_by = _person("standing_evidence_recorded")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "standing evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="spot_check", level__in=["national", "provincial", "prefecture", "county"])
                | (
                    Q(kind="test_report", level="")
                    & ~Q(listing="")
                    & ~Q(site_address="")
                    & ~Q(model="")
                    & ~Q(sample_identity="")
                ),
                name="standing_evidence_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(reported_on__gte=F("sampled_on"))
                & (Q(final_on__isnull=True) | Q(final_on__gte=F("reported_on"))),
                name="standing_evidence_dates_ordered",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")), name="standing_evidence_not_by_itself"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "unit", "kind", "reference"], name="standing_evidence_once"
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "unit", "-sampled_on"], name="standing_of_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class HolderClass(models.Model):
    """The class of supervision of a holder from a day on (R-24); the latest one counts."""

    class Class(models.TextChoices):
        AA = "AA", "AA"
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="classes")
    level = models.CharField(max_length=2, choices=Class.choices)
    valid_from = models.DateField()
    reasons = models.CharField(max_length=300)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    recorded_by = _person("holder_classes_recorded")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "holder classes"
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "version"], name="holder_class_version_once"),
            models.CheckConstraint(
                condition=Q(level__in=["AA", "A", "B", "C", "D"]), name="holder_class_known"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="holder_class_gives_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.level}"


class OpenMatter(models.Model):
    """A lead or measure against a holder: while it is open, a person decides, never a standing order (R-85)."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("线索")
        MEASURE = "measure", _("监管措施")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="open_matters")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    what = models.CharField(max_length=300)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    opened_by = _person("matters_opened")
    opened_at = models.DateTimeField()
    closed_by = _person("matters_closed")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["lead", "measure"]), name="matter_kind_known"),
            models.CheckConstraint(condition=~Q(what=""), name="matter_says_what"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closing="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closing="")),
                name="matter_closed_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise"], name="matter_open", condition=Q(closed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.kind}"
