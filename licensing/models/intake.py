"""What happens between filing and acceptance: filings as sent, notices, refusals, bars (DOMAIN §3.1 S1–S6, §3.4)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.files.models import StoredFile
from core.parties.models import Authority, Enterprise, _no_overlap
from licensing.models.application import Application, Slot


class Filing(models.Model):
    """The facts as sent in: once with the first filing, once more with the answer to a correction notice."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="filings")
    ordinal = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "ordinal"], name="filing_once_per_ordinal"),
            models.CheckConstraint(condition=Q(ordinal__in=[1, 2]), name="filing_at_most_answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.ordinal}"


class SupersededDocument(models.Model):
    """A document of the first filing that the answer to the notice replaced; kept with the case."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="superseded_documents"
    )
    slot = models.CharField(max_length=20, choices=Slot.choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "slot"], name="superseded_slot_once"),
            models.CheckConstraint(condition=Q(slot__in=Slot.values), name="superseded_slot_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.slot}"


class ReplacementDocument(models.Model):
    """A document prepared in answer to the notice; it takes its place when the answer is sent, unseen until then."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="replacements")
    slot = models.CharField(max_length=20, choices=Slot.choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "slot"], name="replacement_slot_once"),
            models.CheckConstraint(condition=Q(slot__in=Slot.values), name="replacement_slot_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.slot}"


class CorrectionNotice(models.Model):
    """The one notice of a case: everything at once, never a second time (L1 art. 32 ¶1(4); S4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="correction")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections_issued"
    )
    issued_at = models.DateTimeField()
    lapses_after = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("issued_at")),
                name="correction_answered_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.issued_at:%Y-%m-%d}"


class CorrectionItem(models.Model):
    """One thing to put right: a document of the set or a field of the form, and why (R-31)."""

    notice = models.ForeignKey(CorrectionNotice, on_delete=models.CASCADE, related_name="items")
    target = models.CharField(max_length=48)
    reason = models.CharField(max_length=500)
    still_missing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "target"], name="correction_target_once"),
            models.CheckConstraint(condition=~Q(target="") & ~Q(reason=""), name="correction_item_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.target}"


class Ground(models.TextChoices):
    """The closed list of S5."""

    WRONG_AUTHORITY = "wrong_authority", _("不属于本机关职权范围")
    BARRED = "barred", _("申请企业在不得申请的期限内")
    ITEMS_MISSING = "items_missing", _("已通知补正的内容仍未补正")
    CATEGORY_CLOSED = "category_closed", _("该产品类别已停止受理")


class AcceptanceRefusal(models.Model):
    """The dated record of a refusal to accept, on a ground of the closed list (L1 art. 32; S5)."""

    Ground = Ground

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
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="acceptance_ground_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.ground}"


class NotRequired(models.Model):
    """The dated record that what was applied for needs no licence (L1 art. 32 ¶1(1); S2)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="not_required")
    explanation = models.TextField()
    told_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(explanation=""), name="not_required_says_why")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.told_on}"


class Bar(models.Model):
    """An enterprise may not apply for a category for a time (DOMAIN §3.4); `[valid_from, valid_to)`."""

    class Cause(models.TextChoices):
        FALSE_MATERIAL = "false_material", _("隐瞒有关情况或者提供虚假材料申请")
        FRAUD = "fraud", _("以欺骗、贿赂等不正当手段取得许可被撤销")
        PENALTY = "penalty", _("许可证被吊销")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="bars")
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="bars")
    cause = models.CharField(max_length=16, choices=Cause.choices)
    valid_from = models.DateField()
    valid_to = models.DateField()
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="bars")
    instrument = models.CharField(max_length=100)
    document = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bars_recorded"
    )
    recorded_at = models.DateTimeField()
    lifted_on = models.DateField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            _no_overlap("bar_no_overlap", "enterprise", "category", "cause"),
            models.CheckConstraint(
                condition=Q(cause__in=["false_material", "fraud", "penalty"]), name="bar_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | ~Q(lifted_reason=""), name="bar_lifted_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.category_id} until {self.valid_to}"
