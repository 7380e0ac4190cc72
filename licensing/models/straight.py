"""Standing orders and the sampling review that takes the place of three persons on a case (R-85)."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.parties.models import Authority, DateSpan
from licensing.models.application import Application, _person


class StandingOrder(models.Model):
    """An approver's signed order: exempt renewals that meet every guard are granted in the authority's name at once.

    In force over `[valid_from, valid_to)` until `revoked_at`, which counts from that instant. `sampling_percent` is
    the share drawn for a later look by somebody else; `rules_version` the text of the rules it was signed on.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="standing_orders")
    number = models.CharField(max_length=40, unique=True)
    category = models.ForeignKey(
        ProductCategory, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    profile = models.CharField(max_length=24)
    rules_version = models.CharField(max_length=24)
    valid_from = models.DateField()
    valid_to = models.DateField()
    legal_basis = models.JSONField()
    sampling_percent = models.PositiveSmallIntegerField()
    signed_by = models.ForeignKey("parties.User", on_delete=models.PROTECT, related_name="orders_signed")
    signed_at = models.DateTimeField()
    revoked_by = _person("orders_revoked")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="standing_orders_apart",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    (
                        Coalesce(F("category"), Value(0, output_field=models.BigIntegerField())),
                        RangeOperators.EQUAL,
                    ),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="order_has_an_end"),
            models.CheckConstraint(condition=~Q(legal_basis=[]), name="order_names_its_basis"),
            models.CheckConstraint(condition=Q(sampling_percent__range=(1, 100)), name="order_is_sampled"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_because="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_because="")),
                name="order_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SamplingReview(models.Model):
    """A decision under a standing order drawn at random, to be looked at by a person who did not sign the order."""

    class Finding(models.TextChoices):
        UPHELD = "upheld", _("决定正确")
        WRONG = "wrong", _("决定有误")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="sampling_review")
    order = models.ForeignKey(StandingOrder, on_delete=models.PROTECT, related_name="reviews")
    drawn_at = models.DateTimeField()
    finding = models.CharField(max_length=8, choices=Finding.choices, blank=True)
    reasons = models.TextField(blank=True)
    reviewed_by = _person("sampling_reviews")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finding="", reviewed_by__isnull=True, reviewed_at__isnull=True, reasons="")
                | (
                    Q(finding__in=["upheld", "wrong"], reviewed_by__isnull=False, reviewed_at__isnull=False)
                    & (Q(finding="upheld") | ~Q(reasons=""))
                ),
                name="sampling_review_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["order", "drawn_at"], name="sampling_open", condition=Q(finding=""))]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.finding}"
