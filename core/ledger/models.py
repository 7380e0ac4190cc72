"""Tables of the ledger. The database itself stamps, numbers, chains and protects them (migration 0002)."""

from django.db import models


class World(models.Model):
    """The one row that says what this installation is. Written once by the owner login at creation (DESIGN §3)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    simulated = models.BooleanField()
    timeline = models.CharField(max_length=32, default="reform-2015")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "ledger_world"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="world_is_one")]

    def __str__(self) -> str:
        return f"{self.timeline}{' (simulated)' if self.simulated else ''}"


class Dating(models.TextChoices):
    """Why the legal time of an act may differ from the recorded time by more than 60 s."""

    CLOCK = "clock", "acted when recorded"
    LEGAL_DATE = "legal_date", "a scheduler act that falls on a legal date"
    IMPORT = "import", "taken over from an earlier record"


class LedgerEntry(models.Model):
    """One legal act. `recorded_at`, `prev_hash` and `entry_hash` are set by the database, never by the application."""

    act = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.CharField(max_length=64)
    subject_version = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=8)
    actor_code = models.CharField(max_length=64)
    organisation = models.CharField(max_length=64, blank=True)
    organisation_label = models.CharField(max_length=200, blank=True)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(editable=False, null=True)
    dating = models.CharField(max_length=16, choices=Dating.choices, default=Dating.CLOCK)
    legal_basis = models.JSONField()
    public = models.JSONField(default=dict)
    internal = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)
    prev_hash = models.BinaryField(max_length=32, null=True, editable=False)
    entry_hash = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "subject_version"], name="ledger_one_entry_per_version"
            ),
            models.CheckConstraint(
                condition=~models.Q(legal_basis=[]) & ~models.Q(legal_basis={}), name="ledger_names_its_basis"
            ),
            models.CheckConstraint(condition=models.Q(dating__in=Dating.values), name="ledger_dating_known"),
            models.CheckConstraint(
                condition=models.Q(subject_version__gte=1), name="ledger_version_from_one"
            ),
        ]
        indexes = [models.Index(fields=["act", "id"]), models.Index(fields=["actor_code", "id"])]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind}:{self.subject_id}@{self.subject_version}"


class PersonalValue(models.Model):
    """A personal value of one entry, encrypted with the installation's key; erasing it leaves the ledger whole.

    The ledger keeps only HMAC(key, salt ‖ value). The salt lives here, so that after erasure nobody can
    confirm a guess (personal information law; DESIGN §3 "Ledger and personal data").
    """

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="personal_values")
    field = models.CharField(max_length=48)
    salt = models.BinaryField(max_length=16)
    ciphertext = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="ledger_personal_field_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.field}"
