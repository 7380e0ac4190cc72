"""What is being worked on and is no legal act yet: typed words not saved, and the conversation of a case."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from licensing.models.application import Application


class TypedSection(models.Model):
    """The words in a section's form as last typed, valid or not; gone once the section is saved or discarded.

    `version` counts autosaves, so that a second tab is noticed and overwrites nothing.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="typed")
    section = models.CharField(max_length=24)
    data = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="typed_sections"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="typed_section_once")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.section}"


class CaseMessage(models.Model):
    """One message between applicant and authority: part of the file, no notice, no pause (R-86)."""

    class Side(models.TextChoices):
        APPLICANT = "applicant"
        AUTHORITY = "authority"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=9, choices=Side.choices)
    text = models.TextField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_messages"
    )
    sender_label = models.CharField(max_length=100)
    organisation_label = models.CharField(max_length=100)
    sent_at = models.DateTimeField()
    reply_due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["application", "id"], name="case_message_order"),
            models.Index(
                fields=["application"], name="case_message_open",
                condition=Q(reply_due_on__isnull=False, answered_at__isnull=True),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="case_message_not_empty"),
            models.CheckConstraint(
                condition=Q(side="applicant") | Q(reply_due_on__isnull=True),
                name="only_authorities_owe_replies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.side}"
