"""The two tracks of a review and what each rests on."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from licensing.models.application import Application, _person
from licensing.models.standing import StandingEvidence


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


VERIFIERS_LEAST, VERIFIERS_MOST = 2, 4
"""How many verifiers make a visit (L1 art. 34 ¶3, L2 arts. 15–16)."""
VERIFIER_NAME = 50
"""The longest name of a verifier."""


class Evidence(models.Model):
    """Where one track of a case stands, by which rule and clause, and on which document (DESIGN §2 "Evidence").

    An exemption or adoption says in `facts` what it rests on, and in `rests_on` which earlier results those are.
    `verifiers` are the names of those who made the visit, for officials alone (R-47); empty for a track without
    one, and for a visit recorded before names were asked for. `items` are the lines of a test report (R-32).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="evidence")
    track = models.CharField(max_length=8, choices=Track.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.REQUIRED)
    rule = models.CharField(max_length=48)
    clause = models.JSONField()
    document = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    body = models.CharField(max_length=100, blank=True)
    finding = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    rests_on = models.ManyToManyField(StandingEvidence, blank=True, related_name="carries")
    items = models.JSONField(default=list, blank=True)
    verifiers = ArrayField(models.CharField(max_length=VERIFIER_NAME), null=True, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    recorded_by = _person("evidence_recorded")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["application", "track"], name="evidence_track_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="evidence_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome__in=[Outcome.PASSED, Outcome.FAILED])
                | Q(document__isnull=False, concluded_on__isnull=False, recorded_by__isnull=False),
                name="evidence_result_has_document",
            ),
            models.CheckConstraint(
                condition=Q(verifiers__isnull=True)
                | Q(
                    track=Track.ONSITE,
                    verifiers__len__gte=VERIFIERS_LEAST,
                    verifiers__len__lte=VERIFIERS_MOST,
                ),
                name="evidence_visit_by_two_to_four",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.track} {self.outcome}"
