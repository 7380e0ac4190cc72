"""Messages per reader, what is owed on other channels, and how each person wants to be told.

Rows here hold names and addresses, so they are erasable: nothing of them stands in ledger, outbox or logs.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One notice to one person: which kind, about what, with which values. Words are made when it is read."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox_messages"
    )
    batch = models.UUIDField(editable=False)
    kind = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.CharField(max_length=64)
    subject_version = models.PositiveIntegerField()
    params = models.JSONField(default=dict)
    url_kwargs = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "inbox_message"
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_kind", "subject_id", "subject_version"],
                name="inbox_told_once",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="inbox_newest"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=True), name="inbox_unread"),
            models.Index(fields=["batch"], name="inbox_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class Channel(models.TextChoices):
    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")
    WEBHOOK = "webhook", _("系统推送")


class Delivery(models.Model):
    """A message owed on a channel outside the portal, or the one digest mail of a day (`digest_of`)."""

    class State(models.TextChoices):
        HELD = "held", _("等每日汇总")
        DUE = "due", _("待发")
        SENDING = "sending", _("正在发")
        SENT = "sent", _("已发")
        DROPPED = "dropped", _("不再发")
        PARKED = "parked", _("发不出去")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    digest_of = models.DateField(null=True, blank=True)
    digest = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="items")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=48, blank=True)

    class Meta:
        db_table = "inbox_delivery"
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="inbox_owed_once"),
            models.UniqueConstraint(fields=["recipient", "digest_of"], name="inbox_one_digest_a_day"),
            models.CheckConstraint(
                condition=Q(message__isnull=False, digest_of__isnull=True)
                | Q(message__isnull=True, digest_of__isnull=False, channel="email", digest__isnull=True),
                name="inbox_delivery_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "due", "sending", "sent", "dropped", "parked"]),
                name="inbox_delivery_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=Q(state="due"), name="inbox_delivery_due"
            ),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="inbox_delivery_claimed"),
            models.Index(fields=["recipient"], condition=Q(state="held"), name="inbox_delivery_held"),
            models.Index(fields=["id"], condition=Q(state="parked"), name="inbox_delivery_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id or self.digest_of} ({self.state})"


class Preference(models.Model):
    """How one person is reached outside the portal. A phone counts only once confirmed by a code."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    version = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10, default="zh-hans")
    phone = models.CharField(max_length=20, blank=True)
    webhook_url = models.CharField(max_length=500, blank=True)
    webhook_secret = models.BinaryField(null=True, blank=True)

    class Meta:
        db_table = "inbox_preference"
        constraints = [
            models.CheckConstraint(
                condition=Q(webhook_url="") | Q(webhook_secret__isnull=False), name="inbox_webhook_has_secret"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class Choice(models.Model):
    """What a person chose for one category; without a row the category's default counts."""

    class Email(models.TextChoices):
        AT_ONCE = "at_once", _("马上发")
        DAILY = "daily", _("每天汇总一封")
        OFF = "off", _("不发")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    category = models.CharField(max_length=24)
    email = models.CharField(max_length=8, choices=Email.choices)
    sms = models.BooleanField(default=False)
    webhook = models.BooleanField(default=False)

    class Meta:
        db_table = "inbox_choice"
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="inbox_choice_once"),
            models.CheckConstraint(
                condition=Q(email__in=["at_once", "daily", "off"]), name="inbox_choice_email_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.category}"


class PhoneCode(models.Model):
    """A code sent to a phone that is not confirmed yet; only its keyed digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phone_codes")
    phone = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "inbox_phone_code"
        indexes = [models.Index(fields=["user", "-sent_at"], name="inbox_phone_code_newest")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.sent_at:%Y-%m-%d %H:%M}"
