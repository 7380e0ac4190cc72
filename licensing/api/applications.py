"""Applications as their readers see them: lists, one case, its papers and its days."""

from uuid import UUID, uuid4

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from core.files.responses import download
from core.parties.models import Enterprise
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, PAPER, PDF, both, operation, paged
from core.rest.scopes import READING, Scope
from core.workdays.queries import calendar_book
from licensing.actions.drafts import discard_draft
from licensing.actions.start import start_chosen
from licensing.api import samples
from licensing.api.facts import case_of, respond, row_facts
from licensing.api.inputs import StartSerializer, UnknownCategory, cleaned
from licensing.api.shapes import CaseSerializer, DaySerializer, RowSerializer
from licensing.clock import days_of
from licensing.models import Application, ReplacementDocument
from licensing.queries.cases import documents_of, may_read_certificate, may_read_evidence
from licensing.queries.choices import ChosenProduct, chosen_product
from licensing.queries.licences import certificate_of, own_licence
from licensing.queries.worklist import own_cases

TAG = "applications"


class Applications(ApiView):
    """The enterprise's cases, and the door to a new one."""

    scopes = {"GET": (Scope.APPLICATIONS_READ,), "POST": (Scope.APPLICATIONS_WRITE,)}

    @operation("applications_list", _("本企业的申请，新的在前"), tag=TAG, answers=paged(RowSerializer),
               parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        found = own_cases(request.standing, request.today, request.query_params.get("cursor", ""))
        rows = RowSerializer([row_facts(row) for row in found.rows], many=True).data
        return Response(page(request, rows, found.next_cursor))

    @operation("applications_create", _("开始一份申请"), tag=TAG, answers=CaseSerializer, request=StartSerializer,
               examples=both(samples.START), refuses=(400, 409, 415, 422), once=True, status=201)  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(StartSerializer, request.data)
        return self.once(request, lambda: _start(request, data))


def _start(request: ApiRequest, data: dict) -> Response:
    enterprise = Enterprise.objects.get(pk=request.standing.memberships[0].enterprise_id)
    licence = own_licence(request.standing, data["licence"]) if "licence" in data else None
    public_id: UUID = data.get("id") or uuid4()
    if Application.objects.filter(public_id=public_id).exclude(enterprise=enterprise).exists():
        raise NotFound()
    draft = start_chosen(
        public_id=public_id, enterprise=enterprise, product=_product(request, data),
        actor=request.actor, at=request.at, kind=data["kind"], licence=licence,
    )  # fmt: skip
    return respond(request, draft, status=201)


def _product(request: ApiRequest, data: dict) -> ChosenProduct | None:
    if "category" not in data:
        return None
    product = chosen_product(data["category"], data.get("units", []), request.today)
    if product is None:
        raise UnknownCategory("category")
    return product


class OneApplication(ApiView):
    """One case. Its ETag is what every act on it asks for."""

    scopes = {"GET": READING, "DELETE": (Scope.APPLICATIONS_WRITE,)}

    @operation("applications_read", _("一件申请的全部情况"), tag=TAG, answers=CaseSerializer, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return respond(request, case_of(request, public_id))

    @operation(
        "applications_discard",
        _("删除草稿；提交过的不能删"),
        tag=TAG,
        answers={204: None},
        refuses=(404, 409),
    )
    def delete(self, request: ApiRequest, public_id: UUID) -> Response:
        case_of(request, public_id)
        discard_draft(public_id=public_id, actor=request.actor, at=request.at)
        return Response(status=204)


class Days(ApiView):
    """Why each day counts or does not."""

    scopes = {"GET": READING}

    @operation(
        "applications_days", _("时限的逐日说明"), tag=TAG, answers=DaySerializer(many=True), refuses=(404,)
    )
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        case = case_of(request, public_id)
        if case.is_draft:
            raise NotFound()
        return Response(DaySerializer(days_of(case, request.today, calendar_book()), many=True).data)


class Document(ApiView):
    """One of the three documents; the applicant gets the one he prepared for an answer first."""

    scopes = {"GET": READING}

    @operation("applications_document", _("下载三份材料之一"), tag=TAG, answers=PAPER, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID, slot: str) -> HttpResponseBase:
        prepared = ReplacementDocument.objects.filter(
            application__public_id=public_id, application__enterprise_id__in=request.standing.enterprise_ids,
            slot=slot,
        )  # fmt: skip
        filed = documents_of(request.standing, public_id).filter(slot=slot)
        found = prepared.select_related("file__blob").first() or filed.first()
        if found is None:
            raise NotFound()
        return download(found.file, inline=False)


class EvidenceDocument(ApiView):
    """The document an evidence record rests on."""

    scopes = {"GET": READING}

    @operation(
        "applications_evidence_document", _("下载核查记录或检验报告"), tag=TAG, answers=PAPER, refuses=(404,)
    )
    def get(self, request: ApiRequest, public_id: UUID, track: str) -> HttpResponseBase:
        case = case_of(request, public_id)
        rows = case.evidence.select_related("document__blob").filter(track=track, document__isnull=False)
        row = rows.first() if may_read_evidence(request.standing, case) else None
        if row is None or row.document is None:
            raise NotFound()
        return download(row.document, inline=False)


class CertificateFile(ApiView):
    """The signed certificate. Reading it is no act; taking delivery is `/delivery/`."""

    scopes = {"GET": READING}

    @operation("applications_certificate", _("下载电子证书"), tag=TAG, answers=PDF, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID) -> HttpResponseBase:
        case = case_of(request, public_id)
        signed = certificate_of(case) if may_read_certificate(request.standing, case) else None
        if signed is None or signed.pdf is None:
            raise NotFound()
        return download(signed.pdf, inline=False)
