"""Stored documents: one blob per content, any number of references to it (DESIGN §3 "Files")."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """What a virus scanner said of the content. Our own papers are generated and never scanned."""

    CLEAN = "clean", _("已做病毒扫描")
    NOT_SCANNED = "not_scanned", _("未做病毒扫描")
    PENDING = "pending", _("等待病毒扫描")
    INFECTED = "infected", _("带有病毒，已删除")
    GENERATED = "generated", _("系统生成")


class Blob(models.Model):
    """Bytes on disk under their SHA-256; removed with the last reference, or when a scan finds a virus in them."""

    Scan = Scan

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=32)
    pages = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    scan = models.CharField(max_length=12, choices=Scan.choices, default=Scan.NOT_SCANNED)
    scanned_at = models.DateTimeField(null=True, blank=True)
    infection = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_sha256_hex"),
            models.CheckConstraint(condition=Q(size__gt=0), name="blob_not_empty"),
            models.CheckConstraint(
                condition=Q(scan__in=["clean", "not_scanned", "pending", "infected", "generated"]),
                name="blob_scan_known",
            ),
            models.CheckConstraint(
                condition=Q(scan__in=["clean", "infected"], scanned_at__isnull=False)
                | Q(scan__in=["not_scanned", "pending", "generated"], scanned_at__isnull=True),
                name="blob_verdict_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(scan="infected") & ~Q(infection="") | ~Q(scan="infected") & Q(infection=""),
                name="blob_infection_is_named",
            ),
            models.CheckConstraint(condition=Q(pages__isnull=True) | Q(pages__gte=1), name="blob_has_pages"),
            models.CheckConstraint(
                condition=Q(width__isnull=True, height__isnull=True)
                | Q(width__isnull=False, height__isnull=False, width__gte=1, height__gte=1),
                name="blob_picture_has_both_edges",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="blob_to_scan", condition=Q(scan__in=["pending", "not_scanned"])
            )
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def location(self) -> Path:
        """Where the bytes are."""
        return Path(settings.FILES_DIR) / self.sha256[:2] / self.sha256


class StoredFile(models.Model):
    """One document of one owner: `owner_kind`/`owner_id` name the aggregate whose readers may read it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="references")
    filename = models.CharField(max_length=200)
    owner_kind = models.CharField(max_length=48)
    owner_id = models.CharField(max_length=64)
    slot = models.CharField(max_length=32)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    stored_at = models.DateTimeField()
    changes = models.JSONField(default=list)
    """What was done to the upload before it was kept, for its owner to know: see CHANGES."""

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(filename=""), name="stored_file_has_a_name")]
        indexes = [models.Index(fields=["owner_kind", "owner_id", "slot"])]

    def __str__(self) -> str:
        return self.filename

    @property
    def sha256(self) -> str:
        return self.blob_id

    @property
    def size(self) -> int:
        return self.blob.size

    @property
    def content_type(self) -> str:
        return self.blob.content_type

    @property
    def pages(self) -> int | None:
        """How many pages there are to look at; None where nobody could count them."""
        return self.blob.pages

    @property
    def scan(self) -> str:
        """clean, not_scanned, pending, infected, or generated for the system's own papers."""
        return self.blob.scan

    @property
    def can_open(self) -> bool:
        """Not while a scan is due that could not be made, and never again once it found something."""
        return self.blob.scan not in (Scan.PENDING, Scan.INFECTED)

    @property
    def is_picture(self) -> bool:
        return self.blob.content_type.startswith("image/")

    def read(self) -> bytes:
        """The whole document. Raises FileNotFoundError when the store lost it."""
        return self.blob.location.read_bytes()
