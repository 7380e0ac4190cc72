"""The only writer of the document store."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import connection, transaction
from django.db.models import QuerySet

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
    _settle(prepared.path, blob.location)
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


def _settle(waiting: Path, final: Path) -> None:
    """Give the bytes their name, for good: the database must not outlive a name that only memory knew."""
    final.parent.mkdir(exist_ok=True)
    os.chmod(waiting, 0o640)
    os.replace(waiting, final)
    for directory in (final.parent, final.parent.parent):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
    blob, sha256 = stored.blob, stored.sha256
    _hold(sha256)
    stored.delete()
    if not blob.references.exists():
        blob.delete()
        transaction.on_commit(lambda: _unlink_unless_kept(sha256))


@transaction.atomic
def _unlink_unless_kept(sha256: str) -> None:
    _hold(sha256)
    if not _kept().filter(pk=sha256).exists():
        _remove(Blob(sha256=sha256))


def _kept() -> QuerySet[Blob]:
    """Content that has bytes: a row alone is not enough, for of what was infected the row stays as a record."""
    return Blob.objects.exclude(scan=Scan.INFECTED)


def _remove(blob: Blob) -> None:
    """The bytes, and what was drawn from them."""
    blob.location.unlink(missing_ok=True)
    previews.forget(blob.sha256)


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
        transaction.on_commit(lambda: _remove(blob))


def sweep_orphans(*, before: datetime) -> int:
    """Remove what no row keeps and what is older than `before`: bytes of a rolled back act or of a process that
    stopped in between, pictures drawn while their content went, uploads cut off. How many files."""
    root, removed = Path(settings.FILES_DIR), 0
    for directory in (*root.glob("??"), *root.glob(f"{previews.DIRECTORY}/??")):
        known = set(_kept().filter(pk__startswith=directory.name).values_list("pk", flat=True))
        for path in directory.iterdir():
            sha256 = path.name.partition("-")[0]
            if sha256 not in known and _is_older(path, before):
                _unlink_unless_kept(sha256)
                removed += 1
    for path in root.glob(".new-*"):
        if _is_older(path, before):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_older(path: Path, moment: datetime) -> bool:
    """False for a file that has gone meanwhile."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    except FileNotFoundError:
        return False
