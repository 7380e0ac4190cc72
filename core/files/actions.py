"""The only writer of the document store."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import connection, transaction

from core.files import previews
from core.files.errors import FileInfected
from core.files.intake import Prepared, prepare, set_aside
from core.files.models import Blob, Scan, StoredFile
from core.files.rules import PDF, clean_filename
from core.lifecycle.actors import Actor
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit

INFECTED_EVENT = "files.infected"
SUBJECT = "files.document"


def store(
    *, content: File | bytes, filename: str, owner: Subject, slot: str, actor: Actor, at: datetime
) -> StoredFile:
    """Keep one uploaded document after looking into it; a `Prepared` one was looked into already.

    Raises the errors of `core.files.errors` on `slot`; nothing is kept then.
    """
    if isinstance(content, Prepared):
        return _keep(content, owner, slot, actor, at)
    with prepare(content=content, filename=filename, slot=slot) as prepared:
        return _keep(prepared, owner, slot, actor, at)


def put_generated(
    *, content: bytes, filename: str, content_type: str, owner: Subject, slot: str, actor: Actor, at: datetime
) -> StoredFile:
    """Keep a document this system made itself, such as an application form or a certificate."""
    with set_aside(ContentFile(content), filename, content_type) as prepared:
        prepared.scan = Scan.GENERATED
        prepared.pages = _pages_of(content) if content_type == PDF else None
        return _keep(prepared, owner, slot, actor, at)


@transaction.atomic
def share(*, stored: StoredFile, owner: Subject, slot: str, actor: Actor, at: datetime) -> StoredFile:
    """Another reference to the same content for another owner, such as a forwarded case; the bytes stay where they
    are and remain until the last reference goes."""
    _hold(stored.blob_id)
    return StoredFile.objects.create(
        blob=Blob.objects.get(pk=stored.blob_id),
        filename=stored.filename,
        changes=stored.changes,
        owner_kind=owner.kind,
        owner_id=owner.id,
        slot=slot,
        uploaded_by_id=actor.user_id,
        stored_at=at,
    )


def _pages_of(content: bytes) -> int | None:
    """The pages of a paper of our own; None for one that has none to show. The reader is loaded where it is needed."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return len(pdf.pages) or None
    except pikepdf.PdfError:
        return None


@transaction.atomic
def _keep(prepared: Prepared, owner: Subject, slot: str, actor: Actor, at: datetime) -> StoredFile:
    _hold(prepared.sha256)
    blob = _blob_of(prepared, slot, at)
    final = Path(settings.FILES_DIR) / blob.path
    final.parent.mkdir(exist_ok=True)
    os.chmod(prepared.path, 0o640)
    os.replace(prepared.path, final)
    return StoredFile.objects.create(
        blob=blob,
        filename=clean_filename(str(prepared.name), prepared.content_type),
        changes=list(prepared.changes),
        owner_kind=owner.kind,
        owner_id=owner.id,
        slot=slot,
        uploaded_by_id=actor.user_id,
        stored_at=at,
    )


def _blob_of(prepared: Prepared, slot: str, at: datetime) -> Blob:
    """The row of this content. A verdict once given is not lost because today's scanner is silent."""
    scanned_at = at if prepared.scan == Scan.CLEAN else None
    blob, created = Blob.objects.get_or_create(
        sha256=prepared.sha256,
        defaults={
            "size": prepared.size, "content_type": prepared.content_type, "pages": prepared.pages,
            "width": prepared.width, "height": prepared.height, "scan": prepared.scan, "scanned_at": scanned_at,
        },
    )  # fmt: skip
    if created:
        return blob
    if blob.scan == Scan.INFECTED:
        raise FileInfected(slot, name=blob.infection)
    if prepared.scan == Scan.CLEAN and blob.scan in (Scan.PENDING, Scan.NOT_SCANNED):
        blob.scan, blob.scanned_at = Scan.CLEAN, scanned_at
        blob.save(update_fields=["scan", "scanned_at"])
    return blob


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
        previews.forget(sha256)


@transaction.atomic
def note_scan(*, sha256: str, infection: str, at: datetime) -> None:
    """Write down a later verdict. Infected bytes are removed once this is committed; every reference stays as a
    record and is told to its owner by an event."""
    _hold(sha256)
    blob = Blob.objects.select_for_update(of=("self",)).filter(pk=sha256).first()
    if blob is None or blob.scan not in (Scan.PENDING, Scan.NOT_SCANNED):
        return
    blob.scan, blob.scanned_at, blob.infection = Scan.INFECTED if infection else Scan.CLEAN, at, infection
    blob.save(update_fields=["scan", "scanned_at", "infection"])
    if infection:
        for public_id in blob.references.order_by("id").values_list("public_id", flat=True):
            emit(type=INFECTED_EVENT, subject=Subject(SUBJECT, str(public_id), 1))
        path = Path(settings.FILES_DIR) / blob.path

        def remove() -> None:
            path.unlink(missing_ok=True)
            previews.forget(sha256)

        transaction.on_commit(remove)


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
