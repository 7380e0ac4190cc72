"""Official documents of a case: listed, downloaded, and told to have been opened."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from certificates.documents.facts import Kind
from certificates.models import OfficialDocument
from core.files.responses import download
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.schema import PDF, operation
from core.rest.scopes import READING, WRITING
from licensing.actions.documents import open_document
from licensing.api.facts import address, case_of
from licensing.queries.documents import document_for, documents_of_case, is_addressee, title_of

TAG = "applications"


class OfficialDocumentSerializer(s.Serializer):
    """A notice or decision as a signed paper; number, hash and address are empty while it is being made."""

    code = s.CharField(help_text=_("印在文书上的核验码"))
    kind = s.ChoiceField(choices=Kind.choices)
    title = s.CharField()
    number = s.CharField(allow_blank=True, help_text=_("文号"))
    dated_on = s.DateField()
    authority = s.CharField()
    sha256 = s.CharField(allow_blank=True)
    url = s.URLField(allow_null=True)
    opened_at = s.DateTimeField(allow_null=True, help_text=_("企业首次打开的时间"))


def _facts(case_id: UUID, row: OfficialDocument) -> dict[str, Any]:
    url = address("official_document", case_id, row.public_id) if row.pdf_id else None
    return {
        "code": row.public_id, "kind": row.kind, "title": title_of(row), "number": row.number,
        "dated_on": row.dated_on, "authority": row.authority_name, "sha256": row.pdf_sha256, "url": url,
        "opened_at": row.receipt.opened_at if row.receipt else None,
    }  # fmt: skip


class OfficialDocuments(ApiView):
    """All of a case, in the order of their acts."""

    scopes = {"GET": READING}

    @operation("applications_official_documents", _("一件申请的正式文书"), tag=TAG,
               answers=OfficialDocumentSerializer(many=True), refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        rows = documents_of_case(case_of(request, public_id))
        return Response(OfficialDocumentSerializer([_facts(public_id, row) for row in rows], many=True).data)


class OfficialDocumentFile(ApiView):
    """The signed file. Reading it is no receipt; that is `/receipt/`."""

    scopes = {"GET": READING}

    @operation(
        "applications_official_document",
        _("下载正式文书；下载不等于已阅"),
        tag=TAG,
        answers=PDF,
        refuses=(404,),
    )
    def get(self, request: ApiRequest, public_id: UUID, code: str) -> HttpResponseBase:
        return download(_document(request, public_id, code)[0], inline=False)


class OfficialDocumentReceipt(ApiView):
    """Tell the authority that the enterprise has opened a document; the first time counts."""

    scopes = {"POST": WRITING}

    @operation("applications_open_official_document", _("把正式文书记为已阅"), tag=TAG,
               answers=OfficialDocumentSerializer, once=True, refuses=(404, 409))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID, code: str) -> Response:
        _file, row = _document(request, public_id, code)
        if not is_addressee(request.standing, public_id):
            raise NotFound()

        def opened() -> Response:
            open_document(document=row, actor=request.actor, at=request.at)
            _file, fresh = _document(request, public_id, code)
            return Response(OfficialDocumentSerializer(_facts(public_id, fresh)).data)

        return self.once(request, opened)


def _document(request: ApiRequest, public_id: UUID, code: str) -> tuple[Any, OfficialDocument]:
    row = document_for(request.standing, public_id, code)
    if row is None or row.pdf is None:
        raise NotFound()
    return row.pdf, row
