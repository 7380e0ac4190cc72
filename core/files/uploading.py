"""Reading an upload off the wire: piece by piece to disk, no further than the limit, whatever the sender claims."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

OVERHEAD = 256 * 1024
"""What the form around a file may weigh."""

LONGEST_READ = 10
"""Times the limit. Up to here a body is read to its end and thrown away, for a browser shows no answer before it has
sent everything; beyond, the connection is closed."""


class OversizedUpload(UploadedFile):
    """A file that was not kept: only its name and its real size, so that the form can say what was wrong."""

    def __init__(self, *, name: str, size: int, content_type: str) -> None:
        super().__init__(file=None, name=name, content_type=content_type, size=size)

    def read(self, *arguments: Any) -> bytes:
        """Nothing: it is gone."""
        return b""

    def seek(self, *arguments: Any) -> int:
        return 0

    def close(self) -> None:
        """Nothing to close."""


class CappedUploadHandler(FileUploadHandler):
    """Counts every byte and keeps at most the limit, of all files of a request together.

    A Content-Length over the limit means that nothing is written at all; a false or missing one is met by the count.
    """

    def __init__(self, request: Any = None, *, limit: int = 0) -> None:
        super().__init__(request)
        self.limit = limit or settings.MAX_UPLOAD_BYTES
        self.left = self.limit
        self.target: Any = None
        self.received = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Before a byte is read. Raises RequestDataTooBig for a body nobody will wait for."""
        if content_length > LONGEST_READ * settings.MAX_UPLOAD_BYTES:
            raise RequestDataTooBig(f"a request of {content_length} bytes")
        if content_length > self.limit + OVERHEAD:
            self.left = 0

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """A file begins."""
        super().new_file(*arguments, **options)
        self.received = 0
        if self.left:
            self.target = unnamed_file()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, until there is too much: then what was written goes, and the rest is only counted."""
        self.received += len(raw_data)
        if self.target is None:
            return
        if self.received > self.left:
            self._discard()
            return
        self.target.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file, or only its size."""
        given = {"name": str(self.file_name or ""), "content_type": str(self.content_type or "")}
        if self.target is None:
            return OversizedUpload(size=self.received, **given)
        target, self.target = self.target, None
        target.seek(0)
        self.left -= self.received
        return UploadedFile(file=target, size=self.received, **given)  # type: ignore[arg-type]

    def upload_interrupted(self) -> None:
        """The connection broke in the middle of a file."""
        self._discard()

    def _discard(self) -> None:
        if self.target is not None:
            self.target.close()
        self.target = None


def unnamed_file() -> Any:
    """A file beside the store that has no name: whatever becomes of the request, its bytes go with it."""
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=root, prefix=".new-")
