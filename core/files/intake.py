"""What happens to an upload before it is kept: measured, recognised, scanned, looked into, pictures written anew.

All this takes seconds and needs no database: do it before the act opens its transaction.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType

from django.conf import settings
from django.core.files.base import ContentFile, File

from core.files import sandbox, scanner
from core.files.errors import (
    FileDamaged,
    FileEmpty,
    FilesTooLargeTogether,
    FileTooLarge,
    FileTwoKinds,
    refusal,
)
from core.files.rules import (
    HEAD,
    PDF,
    TAIL,
    content_type_of,
    has_second_face,
    is_whole_pdf,
    stranger,
    told_by_name,
)
from core.files.uploading import OversizedUpload

CHUNK = 256 * 1024


class Prepared(File):
    """A document found fit to keep, waiting in the store under a name of its own. A context manager: what is not
    kept when the block ends is removed."""

    def __init__(self, path: Path, *, filename: str, sha256: str, size: int, content_type: str) -> None:
        super().__init__(None, name=filename)
        self.path, self.sha256, self.size, self.content_type = path, sha256, size, content_type
        self.pages: int | None = None
        self.width: int | None = None
        self.height: int | None = None
        self.changes: tuple[str, ...] = ()
        self.scan = "not_scanned"

    def __enter__(self) -> "Prepared":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bytes, unless they were kept."""
        self.path.unlink(missing_ok=True)


def prepare(*, content: File | bytes, filename: str, slot: str) -> Prepared:
    """Everything a stranger's file goes through. Raises the errors of `core.files.errors` on `slot`."""
    file = ContentFile(content) if isinstance(content, bytes) else content
    _check_size(file, slot)
    waiting = set_aside(file, filename, content_type="")
    try:
        head, tail = _edges(waiting)
        kind = content_type_of(head)
        if kind is None:
            raise refusal(stranger(head), slot)
        waiting.content_type = kind
        if kind == PDF and not is_whole_pdf(tail):
            raise FileDamaged(slot)
        if kind == PDF and has_second_face(head, tail):
            raise FileTwoKinds(slot)
        scan = scanner.state_of(waiting.path, slot)
        ready = _pdf(waiting, slot) if kind == PDF else _picture(waiting, slot)
        ready.scan = scan
        if told_by_name(filename) not in (None, kind):
            ready.changes = ("retyped", *ready.changes)
        return ready
    except BaseException:
        waiting.close()
        raise


def prepare_data(*, content: bytes, filename: str, content_type: str, slot: str) -> Prepared:
    """A table of text that the caller has read already: scanned, kept as it is, never drawn. Raises FileInfected."""
    waiting = set_aside(ContentFile(content), filename, content_type)
    try:
        waiting.scan = scanner.state_of(waiting.path, slot)
    except BaseException:
        waiting.close()
        raise
    return waiting


def _check_size(file: File, slot: str) -> None:
    size, limit = file.size or 0, settings.MAX_UPLOAD_BYTES
    if size == 0:
        raise FileEmpty(slot)
    if size > limit:
        raise FileTooLarge(slot, size=f"{size / 1_048_576:.1f}", limit=limit // 1_048_576)
    if isinstance(file, OversizedUpload):
        raise FilesTooLargeTogether(slot, limit=limit // 1_048_576)


def set_aside(file: File, filename: str, content_type: str) -> Prepared:
    """Write under a temporary name in the store, piece by piece, hashing on the way."""
    path, digest, size = new_path(), hashlib.sha256(), 0
    try:
        file.seek(0)
        with path.open("wb") as target:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Prepared(path, filename=filename, sha256=digest.hexdigest(), size=size, content_type=content_type)


def new_path() -> Path:
    """An empty file of our own in the store's directory; one left behind is swept after a day."""
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root, prefix=".new-")
    os.close(handle)
    return Path(name)


def _edges(waiting: Prepared) -> tuple[bytes, bytes]:
    with waiting.path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, waiting.size - TAIL))
        return head, file.read(TAIL)


def _pdf(waiting: Prepared, slot: str) -> Prepared:
    """A PDF is kept as it is, byte by byte: it may be signed."""
    waiting.pages = sandbox.inspect_pdf(waiting.path, waiting.sha256, slot)["pages"]
    return waiting


def _picture(waiting: Prepared, slot: str) -> Prepared:
    """A picture is kept as it was written anew."""
    output = new_path()
    try:
        verdict = sandbox.clean_picture(waiting.path, output, waiting.content_type, slot)
        with output.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        ready = Prepared(
            output, filename=str(waiting.name), sha256=digest, size=output.stat().st_size,
            content_type=verdict["content_type"],
        )  # fmt: skip
    except BaseException:
        output.unlink(missing_ok=True)
        raise
    waiting.close()
    ready.pages, ready.width, ready.height = 1, verdict["width"], verdict["height"]
    ready.changes = tuple(verdict["changes"])
    return ready
