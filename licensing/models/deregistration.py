"""Deregistration ex officio: what stands open after a licence has ended, or was proposed (L1 art. 70; DOMAIN §3.7)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models.application import _person
from licensing.models.decision import ProductionLicence


class Deregistration(models.Model):
    """One task to deregister a licence without the holder asking: opened by expiry, or proposed by an official.

    One may be open at a time. It is closed by the deregistration, or set aside with a reason.
    """

    class Ground(models.TextChoices):
        EXPIRED = "expired", _("有效期届满未延续")
        DISSOLVED = "dissolved", _("企业依法终止")
        ENDED = "ended", _("许可依法被撤回、撤销或者吊销")
        FORCE_MAJEURE = "force_majeure", _("因不可抗力无法实施许可事项")
        STOPPED = "stopped", _("不再生产这类产品，企业未申请注销")

    class Result(models.TextChoices):
        DONE = "done", _("已注销")
        SET_ASIDE = "set_aside", _("不予注销")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="deregistrations")
    ground = models.CharField(max_length=16, choices=Ground.choices)
    facts = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    opened_on = models.DateField()
    proposed_by = _person("deregistrations_proposed")
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    reasons = models.TextField(blank=True)
    decided_by = _person("deregistrations_decided")
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["licence"], condition=Q(result=""), name="deregistration_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["expired", "dissolved", "ended", "force_majeure", "stopped"])
                & Q(result__in=["", "done", "set_aside"]),
                name="deregistration_known_values",
            ),
            models.CheckConstraint(
                condition=Q(ground="expired") | Q(ground="ended") | ~Q(facts=""),
                name="deregistration_states_facts",
            ),
            models.CheckConstraint(
                condition=Q(result="", decided_on__isnull=True) | ~Q(result="") & Q(decided_on__isnull=False),
                name="deregistration_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="deregistration_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(result="set_aside") | ~Q(reasons=""), name="deregistration_set_aside_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.ground}"
