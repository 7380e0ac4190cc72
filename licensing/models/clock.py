"""What moves the decision clock and who was warned: pauses, the one extension, lower limits, alarms (DOMAIN §4.1)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.parties.models import Authority
from core.workdays.rules import MAX_EXTENSION
from licensing.models.application import Application, _person
from licensing.profile import PROFILE


class PauseGround(models.TextChoices):
    """What stops the clock: testing (L2 art. 24 ¶2) and the procedures of L1 art. 45 (K5, K6)."""

    TESTING = "testing", _("产品检验")
    HEARING = "hearing", _("听证")
    APPRAISAL = "appraisal", _("鉴定")
    EXPERT_REVIEW = "expert_review", _("专家评审")


class PauseEnd(models.TextChoices):
    """What ended it: the report or record came, the laboratory was barred and the enterprise chooses anew (K26), or
    the case itself ended."""

    RESULT = "result", _("收到报告或记录")
    BARRED = "barred", _("检验机构被停止承担任务")
    CLOSED = "closed", _("案件已经结束")


class ClockPause(models.Model):
    """Time the law takes out of the limit, with the written notice without which nothing is taken out (K5–K7).

    The clock stands still over `(counts_from, ended_on]` (K10): `counts_from` is the day on which all of it was true:
    the case was accepted (K22), the procedure had begun, and the applicant had been told.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="pauses")
    ground = models.CharField(max_length=16, choices=PauseGround.choices)
    started_on = models.DateField()
    counts_from = models.DateField()
    expected_until = models.DateField()
    notice = models.TextField()
    told_at = models.DateTimeField()
    opened_by = _person("pauses_opened")
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=8, choices=PauseEnd.choices, blank=True)
    closed_by = _person("pauses_closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "ground"], condition=Q(ended_on__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(condition=Q(ground__in=PauseGround.values), name="pause_ground_known"),
            models.CheckConstraint(condition=~Q(notice=""), name="pause_was_told"),
            models.CheckConstraint(
                condition=Q(counts_from__gte=F("started_on"), expected_until__gte=F("started_on")),
                name="pause_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_because="")
                | Q(ended_on__gte=F("started_on"), ended_because__in=PauseEnd.values),
                name="pause_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.ground} {self.started_on}–{self.ended_on or ''}"


class Extension(models.Model):
    """The one extension of a case: at most ten working days, by the head, before the due date (K11; L1 art. 42 ¶1)."""

    class Result(models.TextChoices):
        GRANTED = "granted", _("批准")
        DECLINED = "declined", _("不批准")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    reasons = models.TextField()
    proposed_by = _person("extensions_proposed")
    proposed_at = models.DateTimeField()
    result = models.CharField(max_length=8, choices=Result.choices, blank=True)
    decided_by = _person("extensions_decided")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(result="granted"), name="extension_granted_once"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(result=""), name="extension_one_open"
            ),
            models.CheckConstraint(
                condition=Q(days__range=(1, MAX_EXTENSION)), name="extension_at_most_ten_days"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="extension_gives_reasons"),
            models.CheckConstraint(
                condition=Q(result="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(result="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="extension_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.days} {self.result}"


class DecisionLimit(models.Model):
    """A lower decision limit an authority has set itself, for cases accepted from a day on (R-46)."""

    HIGHEST = PROFILE.decision.days

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="decision_limits")
    days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    version = models.PositiveIntegerField(default=1)
    set_by = _person("decision_limits_set")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "valid_from"], name="decision_limit_once_per_day"),
            models.UniqueConstraint(fields=["authority", "version"], name="decision_limit_version_once"),
            models.CheckConstraint(
                condition=Q(days__range=(1, PROFILE.decision.days)), name="decision_limit_never_higher"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}: {self.days} from {self.valid_from}"


class ClockAlarm(models.Model):
    """A warning that went out, once: so many days left, overdue on a day, or raised to somebody higher (R-45).

    Kept, because who was warned and when is asked when a decision came late (L2 art. 62).
    """

    class Kind(models.TextChoices):
        LEFT = "left", _("临近到期")
        OVERDUE = "overdue", _("超期")
        HEAD = "head", _("报告负责人")
        SUPERIOR = "superior", _("报告上级机关")
        OVERRUN = "overrun", _("停计超过预计")
        DELIVERY = "delivery", _("证书未按期制发")
        EXPIRY = "expiry", _("延续将到有效期届满日")
        DEEMED = "by_law", _("逾期未决定，视为准予延续")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_on = models.DateField()
    step = models.SmallIntegerField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "due_on", "step"], name="alarm_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["left", "overdue", "head", "superior", "overrun", "delivery", "expiry", "by_law"]
                ),
                name="alarm_kind_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application_id}: {self.kind} {self.step}"
