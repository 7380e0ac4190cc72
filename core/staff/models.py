"""The people of an authority: where an official belongs, who leaves, who stands in, who hands over, who lost a phone.

Duties themselves are rows of `core.parties`; here is what happens to them and to their holders.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.parties.models import Authority, Dated, DateSpan, Duty

CONFIRM_WITHIN = timedelta(hours=24)


def _person(name: str, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, blank=null, on_delete=models.PROTECT, related_name=name
    )


class Official(models.Model):
    """A person in the service of an authority. `version` counts the acts on record about this person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="official")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="officials")
    version = models.PositiveIntegerField(default=0)
    created_by = _person("officials_created", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(created_by__isnull=True) | ~Q(created_by=F("user")),
                name="official_created_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.authority_id}"


class Departure(models.Model):
    """Somebody leaves an authority: from `leaves_on` on, all duties there have ended. Carried out on that day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = _person("departures")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="departures")
    leaves_on = models.DateField()
    recorded_by = _person("departures_recorded")
    recorded_at = models.DateTimeField()
    carried_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "authority"],
                condition=Q(carried_out_at__isnull=True),
                name="departure_one_open",
            ),
            models.CheckConstraint(condition=~Q(recorded_by=F("user")), name="departure_recorded_by_another"),
        ]
        indexes = [
            models.Index(fields=["leaves_on"], name="departure_due", condition=Q(carried_out_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.user_id} leaves {self.authority_id} on {self.leaves_on}"


class HandOver(models.Model):
    """Open work of one duty passes to a colleague, or back to the desk where nobody is named.

    Written by staff, carried out by whoever owns the work: `moved` counts what passed over, `left` lists what did not.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="hand_overs")
    departure = models.ForeignKey(
        Departure, null=True, blank=True, on_delete=models.PROTECT, related_name="hand_overs"
    )
    kind = models.CharField(max_length=20, choices=Duty.Kind.choices)
    from_user = _person("handed_over")
    to_user = _person("taken_over", null=True)
    recorded_by = _person("hand_overs_recorded")
    recorded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    moved = models.PositiveIntegerField(default=0)
    left = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["departure", "kind"], name="hand_over_once_per_duty"),
            models.CheckConstraint(
                condition=Q(to_user__isnull=True) | ~Q(to_user=F("from_user")), name="hand_over_to_another"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(started_at__isnull=False),
                name="hand_over_started_then_done",
            ),
        ]
        indexes = [models.Index(fields=["from_user", "authority", "-id"], name="hand_over_of_person")]

    def __str__(self) -> str:
        return f"{self.from_user_id} → {self.to_user_id}: {self.kind}"


class Absence(Dated):
    """Somebody is away from `valid_from` to the day before `valid_to`; a colleague stands in. No reason is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = _person("absences")
    substitute = _person("substitutions")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="absences")
    recorded_by = _person("absences_recorded")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False, valid_to__gte=F("valid_from")), name="absence_has_an_end"
            ),
            models.CheckConstraint(condition=~Q(substitute=F("user")), name="absence_substitute_is_another"),
            models.CheckConstraint(
                condition=~Q(recorded_by=F("substitute")), name="absence_substitute_does_not_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} away, {self.substitute_id} in"


class SecondFactorReset(models.Model):
    """A lost second factor: one administrator proposes, another confirms within a day. Three different people."""

    class Status(models.TextChoices):
        OPEN = "open", _("等待第二人确认")
        CONFIRMED = "confirmed", _("已重置")
        WITHDRAWN = "withdrawn", _("已撤回")
        LAPSED = "lapsed", _("逾期作废")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = _person("second_factor_resets")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="second_factor_resets")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    checked_how = models.TextField()
    proposed_by = _person("second_factor_resets_proposed")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by = _person("second_factor_resets_confirmed", null=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(status="open"), name="reset_one_open"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("user")), name="reset_not_proposed_by_its_subject"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("user")) & ~Q(confirmed_by=F("proposed_by"))),
                name="reset_confirmed_by_a_third",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & Q(confirmed_at__gte=F("proposed_at"), confirmed_at__lt=F("expires_at"))
                )
                | (~Q(status="confirmed") & Q(confirmed_by__isnull=True, confirmed_at__isnull=True)),
                name="reset_confirmed_in_time",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("proposed_at") + CONFIRM_WITHIN), name="reset_lasts_a_day"
            ),
            models.CheckConstraint(condition=~Q(checked_how=""), name="reset_says_how_identity_was_checked"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "confirmed", "withdrawn", "lapsed"]),
                name="reset_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"


class Window(models.Model):
    """Where the public reaches an authority: published by its administrator, shown to everybody (R-95)."""

    authority = models.OneToOneField(Authority, on_delete=models.PROTECT, related_name="window")
    version = models.PositiveIntegerField(default=0)
    phone = models.CharField(max_length=32)
    address = models.CharField(max_length=200)
    hours = models.CharField(max_length=100)
    published_by = _person("windows_published")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") & ~Q(address="") & ~Q(hours=""), name="window_says_all"
            )
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}: {self.phone}"
