"""Sending a stored document to a browser; the view in front has authorised it."""

from typing import Any, TypeVar
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from core.files import previews
from core.files.models import StoredFile

LOCKED = 423
Answer = TypeVar("Answer", bound=HttpResponseBase)

DOCUMENT_POLICY = {
    "object-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "script-src": ["'none'"],
}
"""Browsers draw a PDF with a plug-in object and a style sheet of their own; a document may still run no script."""

PICTURE_POLICY = {"sandbox": True}
"""A picture needs nothing of a browser. A PDF cannot have this: browsers do not draw one in a sandbox."""


def show(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Whatever a document's address is asked for: `?page=N` a picture of the page, `?viewer=N` a small page to turn
    over, `?download` the file to keep, and otherwise the file in the browser."""
    if "page" in request.GET:
        return preview(stored, _number(request.GET["page"]))
    if "viewer" in request.GET:
        return viewer(request, stored, _number(request.GET["viewer"]))
    return download(stored, inline="download" not in request.GET)


def download(stored: StoredFile, *, inline: bool) -> HttpResponseBase:
    """The document with its real type and name; never sniffed, never cached by others. In quarantine, why not."""
    if not stored.can_open:
        return HttpResponse(render_to_string("files/held.html", {"stored": stored}), status=LOCKED)
    response = FileResponse(stored.blob.location.open("rb"), content_type=stored.content_type)
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(stored.filename)}"
    return _guarded(response, PICTURE_POLICY if stored.is_picture else DOCUMENT_POLICY)


def preview(stored: StoredFile, page: int) -> HttpResponse:
    """A picture of one page, made by the server. Raises Http404 for a page that is not there or cannot be drawn."""
    try:
        picture = previews.page_picture(stored, page).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return _guarded(HttpResponse(picture, content_type="image/jpeg"), PICTURE_POLICY)


def _guarded(response: Answer, policy: dict[str, Any]) -> Answer:
    """Never sniffed, never kept by others, and nothing in it may run."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = policy  # type: ignore[attr-defined]
    return response


def viewer(request: HttpRequest, stored: StoredFile, page: int) -> HttpResponse:
    """One page and the way to the next, for a frame beside a form: turning over leaves what is typed alone."""
    if not stored.can_open or not 1 <= page <= (stored.pages or 1):
        raise Http404
    context = {
        "stored": stored, "page": page, "url": request.path,
        "previous": page - 1 if page > 1 else None, "next": page + 1 if page < (stored.pages or 1) else None,
    }  # fmt: skip
    return render(request, "files/viewer.html", context)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Http404
    return int(text)
