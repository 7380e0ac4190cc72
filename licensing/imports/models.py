"""An import: the file, its rows as read, what was found in them (R-90). Nothing here is a licence."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from core.parties.models import Authority
from licensing.imports.lifecycle import AT_WORK, Status


def _person(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name=name
    )


class Batch(models.Model):
    """One file of an issuing authority. `version` counts legal acts; the counts of rows are progress.

    `source` names the record it comes from, for everybody to read. `part` counts the portions loaded so far, each
    of which has its own event. `clean_only`: whoever decided knew that rows with errors stay out. `failures` counts
    attempts in a row that failed, of which the last stops the import; a stopped one without any had a file that could
    not be read.
    """

    Status = Status

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSON = "json", "JSON"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="imports")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CHECKING)
    version = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=120)
    document = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=4, choices=Format.choices)
    encoding = models.CharField(max_length=16)
    uploaded_by = _person("imports_uploaded")
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_by = _person("imports_decided")
    decided_at = models.DateTimeField(null=True, blank=True)
    clean_only = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    rows_total = models.PositiveIntegerField()
    rows_checked = models.PositiveIntegerField(default=0)
    rows_ready = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_wrong = models.PositiveIntegerField(default=0)
    rows_loaded = models.PositiveIntegerField(default=0)
    rows_left_out = models.PositiveIntegerField(default=0)
    part = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="import_status_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("uploaded_by")),
                name="import_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.LOADING, Status.LOADED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="import_loaded_by_decision",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.LOADING, Status.LOADED]) | Q(rows_wrong=0) | Q(clean_only=True),
                name="import_wrong_rows_stated",
            ),
            models.CheckConstraint(
                condition=Q(rows_checked__lte=F("rows_total"))
                & Q(rows_ready=F("rows_checked") - F("rows_same") - F("rows_wrong"))
                & Q(rows_loaded__lte=F("rows_ready") - F("rows_left_out")),
                name="import_rows_add_up",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="import_names_its_source"),
            models.UniqueConstraint(
                fields=["authority", "sha256"], condition=Q(status__in=["checking", "checked", "loading"]),
                name="import_file_open_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["authority", "-id"]),
            models.Index(
                fields=["id"], name="import_at_work", condition=Q(status__in=["checking", "loading"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}: {self.source}"

    @property
    def at_work(self) -> bool:
        """Whether the machine has it in hand."""
        return self.status in AT_WORK

    @property
    def progress(self) -> int:
        """Percent of the work in hand that is done."""
        done, total = self.rows_checked, self.rows_total
        if self.status == Status.LOADING:
            done, total = self.rows_loaded + self.rows_left_out, self.rows_ready
        return 100 * done // total if total else 100


class Row(models.Model):
    """One row as it was read: what became of it in the check and in the loading. Only a row to load keeps its facts."""

    class Verdict(models.TextChoices):
        READY = "ready", _("可以加载")
        SAME = "same", _("已有，不再加载")
        WRONG = "wrong", _("有错误")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=24, blank=True)
    verdict = models.CharField(max_length=5, choices=Verdict.choices)
    facts = models.JSONField(default=dict)
    loaded_in = models.PositiveIntegerField(null=True, blank=True)
    left_out = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="import_line_once"),
            models.CheckConstraint(
                condition=Q(verdict="ready") & ~Q(facts={}) | ~Q(verdict="ready") & Q(facts={}),
                name="import_facts_of_ready_rows",
            ),
            models.CheckConstraint(
                condition=Q(loaded_in__isnull=True) | Q(verdict="ready", left_out=False),
                name="import_loads_ready_rows",
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "line"], name="import_rows_to_load",
                condition=Q(verdict="ready", loaded_in__isnull=True, left_out=False),
            ),
            models.Index(fields=["batch", "loaded_in"], name="import_rows_of_a_part"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class Found(models.Model):
    """One finding in one cell; its words come from its kind when it is shown."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="findings")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=24)
    code = models.CharField(max_length=48)
    severity = models.CharField(max_length=8)
    value = models.CharField(max_length=200, blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "findings"
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=["error", "warning", "note"]), name="import_severity_known"
            )
        ]
        indexes = [
            models.Index(fields=["batch", "line", "id"]),
            models.Index(fields=["batch", "code", "line", "id"]),
            models.Index(fields=["batch", "severity", "line", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line} {self.code}"
