"""What an account needs beyond allauth's tables: where one is signed in, counters of attempts, used codes."""

import uuid

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q


class SignIn(models.Model):
    """One browser in which a person is signed in. It lives and dies with its session.

    Kept coarse on purpose: the name of browser and system, and the network without its last part.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="sign_in")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    device = models.CharField(max_length=64, blank=True)
    network = models.CharField(max_length=48, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-started_at"], name="sign_in_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.device}"


class Counter(models.Model):
    """How often something was tried; see `core.accounts.limits`. The key is a digest and names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
    free_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(key__regex=r"^[0-9a-f]{64}$"), name="counter_key_digest")
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"


class LastCode(models.Model):
    """The time step of the last one-time code a person used; no code of that step or an earlier one counts again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="last_code")
    step = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.step}"
