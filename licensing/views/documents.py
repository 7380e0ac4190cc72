"""An official document of a case: the signed file to read, print and keep."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.files.responses import show
from core.parties.access import PortalRequest, signed_in
from licensing.actions.documents import open_document
from licensing.queries.documents import document_for, is_addressee
from licensing.views.common import now


@signed_in
@require_safe
def official_document(request: PortalRequest, public_id: UUID, code: str) -> HttpResponseBase:
    """The signed file, or a picture of a page of it. The addressee's first look is noted, a browser's guess is none."""
    document = document_for(request.standing, public_id, code)
    if document is None or document.pdf is None:
        raise Http404
    if _is_looked_at(request) and is_addressee(request.standing, public_id):
        open_document(document=document, actor=request.actor, at=now())
    return show(request, document.pdf)


def _is_looked_at(request: PortalRequest) -> bool:
    """Neither the head alone nor a page fetched ahead is somebody's look."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
