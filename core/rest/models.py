"""Tokens of other systems, and answers kept so that the same request sent twice is one act."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.parties.models import Enterprise
from core.rest.scopes import ENTERPRISE, OFFICIAL


def _listed(scopes: tuple[str, ...]) -> list[str]:
    return [str(scope) for scope in scopes]


class ApiToken(models.Model):
    """A key by which a system acts as a person: for one enterprise, or in the person's duties.

    Only a digest of the secret is kept; `hint` are its last characters, to tell tokens apart. `expires_at` and
    `revoked_at` are instants; what the token may do is what its person may do at that moment, narrowed by `scopes`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="api_tokens"
    )
    name = models.CharField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=24))
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="token_keeps_a_digest"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_later"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="token_has_scopes"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, scopes__contained_by=_listed(ENTERPRISE))
                | Q(enterprise__isnull=True, scopes__contained_by=_listed(OFFICIAL)),
                name="token_scopes_fit_its_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="token_of_user"),
            models.Index(fields=["enterprise", "-created_at"], name="token_of_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class KeptAnswer(models.Model):
    """The answer given to a request with an `Idempotency-Key`; the same key again gets it back for a day."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="answer_kept_once")]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.key}"
