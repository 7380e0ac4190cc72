"""The only writer of the document store."""

import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from core.files.models import Blob, StoredFile
from core.files.rules import EXTENSIONS, PDF, content_type_of
from core.lifecycle.actors import Actor
from core.lifecycle.errors import Invalid
from core.lifecycle.subjects import Subject

CHUNK = 256 * 1024


class FileTooLarge(Invalid):
    code = "files.too_large"
    message = _("文件有 %(size)s MB，上限是 %(limit)s MB。请压缩或降低扫描分辨率后再传")


class FileEmpty(Invalid):
    code = "files.empty"
    message = _("文件是空的。请重新选择文件")


class FileKindRefused(Invalid):
    code = "files.kind_refused"
    message = _("文件内容不是 PDF、JPEG 或 PNG。请另存为其中一种格式，只改文件名不行")


class FileDamaged(Invalid):
    code = "files.damaged"
    message = _("图片打不开，可能已经损坏。请重新扫描或拍照")


def store(
    *, content: File | bytes, filename: str, owner: Subject, slot: str, actor: Actor, at: datetime
) -> StoredFile:
    """Keep one uploaded document after looking into it.

    Raises FileEmpty, FileTooLarge, FileKindRefused or FileDamaged on `slot`; nothing is kept then.
    """
    file = ContentFile(content) if isinstance(content, bytes) else content
    _check_size(file.size or 0, slot)
    file.seek(0)
    head = file.read(1024)
    file.seek(max(0, (file.size or 0) - 1024))
    content_type = content_type_of(head, file.read(1024))
    if content_type is None:
        raise FileKindRefused(slot)
    if content_type != PDF:
        _check_image(file, slot)
    return _keep(file, content_type, filename, owner, slot, actor, at)


def put_generated(
    *, content: bytes, filename: str, content_type: str, owner: Subject, slot: str, actor: Actor, at: datetime
) -> StoredFile:
    """Keep a document this system made itself, such as an application form or a certificate."""
    return _keep(ContentFile(content), content_type, filename, owner, slot, actor, at)


def _check_size(size: int, slot: str) -> None:
    if size == 0:
        raise FileEmpty(slot)
    limit = settings.MAX_UPLOAD_BYTES
    if size > limit:
        raise FileTooLarge(slot, size=f"{size / 1_048_576:.1f}", limit=limit // 1_048_576)


def _check_image(file: File, slot: str) -> None:
    file.seek(0)
    try:
        with Image.open(file, formats=["JPEG", "PNG"]) as image:
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileDamaged(slot) from error


def _keep(
    file: File, content_type: str, filename: str, owner: Subject, slot: str, actor: Actor, at: datetime
) -> StoredFile:
    with transaction.atomic():
        sha256 = _write_blob(file)
        blob, _created = Blob.objects.get_or_create(
            sha256=sha256, defaults={"size": file.size, "content_type": content_type}
        )
        return StoredFile.objects.create(
            blob=blob,
            filename=clean_filename(filename, content_type),
            owner_kind=owner.kind,
            owner_id=owner.id,
            slot=slot,
            uploaded_by_id=actor.user_id,
            stored_at=at,
        )


def _write_blob(file: File) -> str:
    """Write under the content's own name, atomically: a crash leaves a temporary file, never half a blob."""
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=root, prefix=".new-", delete=False) as target:
        try:
            file.seek(0)
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
            sha256 = digest.hexdigest()
            _hold(sha256)
            final = root / sha256[:2] / sha256
            final.parent.mkdir(exist_ok=True)
            os.chmod(target.name, 0o640)
            os.replace(target.name, final)
        except BaseException:
            Path(target.name).unlink(missing_ok=True)
            raise
    return sha256


def clean_filename(filename: str, content_type: str) -> str:
    """The name to show and to download under: no path, no control characters, the ending the content deserves."""
    stem = Path(filename.replace("\\", "/")).name.rsplit(".", 1)[0]
    stem = "".join(ch for ch in stem if ch.isprintable() and ch not in '"<>|:*?/').strip()[:120]
    return f"{stem or 'document'}.{EXTENSIONS[content_type]}"


def _hold(sha256: str) -> None:
    """One at a time per content until the transaction ends: storing and removing the same bytes cannot cross."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])


@transaction.atomic
def drop(*, public_id: str) -> None:
    """Remove one reference; the blob goes with the last one, after commit."""
    stored = (
        StoredFile.objects.select_for_update(of=("self",)).select_related("blob").get(public_id=public_id)
    )
    blob, sha256, path = stored.blob, stored.sha256, stored.blob.path
    _hold(sha256)
    stored.delete()
    if not blob.references.exists():
        blob.delete()
        transaction.on_commit(lambda: _unlink_unless_referenced(sha256, path))


@transaction.atomic
def _unlink_unless_referenced(sha256: str, path: str) -> None:
    _hold(sha256)
    if not Blob.objects.filter(pk=sha256).exists():
        (Path(settings.FILES_DIR) / path).unlink(missing_ok=True)


def sweep_orphans(*, before: datetime) -> int:
    """Remove bytes on disk that no row knows and that are older than `before`: what a rolled back act left behind."""
    removed = 0
    for path in Path(settings.FILES_DIR).glob("??/*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= before:
            continue
        if not Blob.objects.filter(pk=path.name).exists():
            _unlink_unless_referenced(path.name, f"{path.parent.name}/{path.name}")
            removed += 1
    for path in Path(settings.FILES_DIR).glob(".new-*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
