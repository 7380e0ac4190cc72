"""Policy profiles in force: the figures of the national rules from a day on, or of a pilot in one province (R-5)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from core.parties.models import Authority, DateSpan
from licensing.models.application import _person
from licensing.profile import REFORM_2015


class PolicyProfile(models.Model):
    """One published profile. Without a province it holds for the nation until the next one; a pilot holds in its
    province over `[effective_from, valid_to)` before the nation's.

    Figures only ever shorten what REFORM_2015 gives the authority, and lengthen what it gives the applicant. A case
    keeps the profile it was received or accepted under.
    """

    code = models.SlugField(max_length=24, unique=True)
    province = models.ForeignKey(
        Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="policy_pilots"
    )
    effective_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    intake_days = models.PositiveSmallIntegerField(default=REFORM_2015.intake.days)
    decision_days = models.PositiveSmallIntegerField(default=REFORM_2015.decision.days)
    simple_days = models.PositiveSmallIntegerField(default=REFORM_2015.simple.days)
    correction_days = models.PositiveSmallIntegerField(default=REFORM_2015.correction.days)
    delegation_allowed = models.BooleanField(default=REFORM_2015.delegation_allowed)
    basis_instrument = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=50)
    version = models.PositiveIntegerField(default=1)
    published_by = _person("profiles_published")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["effective_from"], condition=Q(province__isnull=True), name="policy_one_a_day"
            ),
            ExclusionConstraint(
                name="policy_pilots_apart",
                expressions=[
                    ("province", RangeOperators.EQUAL),
                    (DateSpan("effective_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(province__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(province__isnull=True, valid_to__isnull=True)
                | Q(province__isnull=False, valid_to__gt=F("effective_from")),
                name="policy_pilot_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(intake_days__range=(1, REFORM_2015.intake.days))
                & Q(decision_days__range=(1, REFORM_2015.decision.days))
                & Q(simple_days__range=(1, REFORM_2015.simple.days))
                & Q(correction_days__range=(REFORM_2015.correction.days, 180)),
                name="policy_figures_within_the_law",
            ),
            models.CheckConstraint(
                condition=~Q(basis_instrument="") & ~Q(basis_article=""), name="policy_names_its_basis"
            ),
        ]

    def __str__(self) -> str:
        return self.code
