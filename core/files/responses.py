"""Sending a stored document to a browser; the view in front has authorised it."""

from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse

from core.files.models import StoredFile

DOCUMENT_POLICY = {
    "object-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "script-src": ["'none'"],
}
"""Browsers draw a PDF with a plug-in object and a style sheet of their own; a document may still run no script."""


def download(stored: StoredFile, *, inline: bool) -> FileResponse:
    """The document with its real type and name; never sniffed, never cached by others."""
    response = FileResponse(default_storage.open(stored.blob.path), content_type=stored.content_type)
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(stored.filename)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = DOCUMENT_POLICY  # type: ignore[attr-defined]
    return response
