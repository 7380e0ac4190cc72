"""Events and their deliveries. An event is thin: type, subject, version; a subscriber re-reads the rest."""

from django.db import models


class Event(models.Model):
    """One fact of the past. `position` is given after commit by the one sequencer, for readers outside.

    `correlation` is the id of the request that caused it, so that a worker's log lines can be tied to it.
    """

    type = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.CharField(max_length=64)
    subject_version = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    correlation = models.CharField(max_length=64, blank=True)
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(position__isnull=True), name="outbox_unsequenced"),
            models.Index(fields=["subject_kind", "subject_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}@{self.subject_version}"


class Delivery(models.Model):
    """One event owed to one subscriber; done, still due, or parked after too many failures."""

    class Status(models.TextChoices):
        DUE = "due"
        DONE = "done"
        PARKED = "parked"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=64)
    queue = models.CharField(max_length=32)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="outbox_owed_once")]
        indexes = [
            models.Index(
                fields=["queue", "due_at", "id"], condition=models.Q(status="due"), name="outbox_due"
            ),
            models.Index(fields=["id"], condition=models.Q(status="parked"), name="outbox_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} ← {self.event_id} ({self.status})"
