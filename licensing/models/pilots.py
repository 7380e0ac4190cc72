"""Pilot switches: what the reform lets a province try, for all categories or one, from a day on (R-24, R-27, R-41)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.parties.models import Authority, DateSpan
from licensing.models.application import _person
from licensing.models.standing import HolderClass


class PilotSwitch(models.Model):
    """One measure, on in one province over `[effective_from, valid_to)`; a row of one category goes before the rest.

    `least_class` is the condition on the holder, where there is one. Published by the national administrator: no
    province sets conditions of its own (R-2).
    """

    class Measure(models.TextChoices):
        ONSITE_EXEMPTION = "onsite_exemption", _("延续免于实地核查")
        SPOT_CHECK_NEW = "spot_check_new", _("新申请、增项凭监督抽查免于检验")
        TEST_BEFORE_VISIT = "test_before_visit", _("实地核查前检验并采信报告")

    measure = models.CharField(max_length=20, choices=Measure.choices)
    province = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="pilots")
    category = models.ForeignKey(
        ProductCategory, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    least_class = models.CharField(max_length=2, choices=HolderClass.Class.choices, blank=True)
    effective_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis_instrument = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=50)
    version = models.PositiveIntegerField(default=1)
    published_by = _person("pilots_published")
    published_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "pilot switches"
        constraints = [
            ExclusionConstraint(
                name="pilot_switches_apart",
                expressions=[
                    ("province", RangeOperators.EQUAL),
                    ("measure", RangeOperators.EQUAL),
                    (
                        Coalesce(F("category"), Value(0, output_field=models.BigIntegerField())),
                        RangeOperators.EQUAL,
                    ),
                    (DateSpan("effective_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["onsite_exemption", "spot_check_new", "test_before_visit"]),
                name="pilot_measure_known",
            ),
            models.CheckConstraint(
                condition=Q(least_class__in=["", "AA", "A", "B", "C", "D"])
                & (Q(least_class="") | Q(measure="onsite_exemption")),
                name="pilot_condition_known",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("effective_from")),
                name="pilot_dates_ordered",
            ),
            models.CheckConstraint(
                condition=~Q(basis_instrument="") & ~Q(basis_article=""), name="pilot_names_its_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} @ {self.province_id}"
