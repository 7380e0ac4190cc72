"""Stored documents: one blob per content, any number of references to it (DESIGN §3 "Files")."""

import uuid

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q


class Blob(models.Model):
    """Bytes on disk under their SHA-256; removed with the last reference."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_sha256_hex"),
            models.CheckConstraint(condition=Q(size__gt=0), name="blob_not_empty"),
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> str:
        """Relative path below the files directory."""
        return f"{self.sha256[:2]}/{self.sha256}"


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

    class Meta:
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

    def read(self) -> bytes:
        """The whole document. Raises FileNotFoundError when the store lost it."""
        with default_storage.open(self.blob.path) as handle:
            return handle.read()
