"""Imports through the interface: upload, follow the check, read what was found, decide, withdraw (R-90)."""

from typing import Any
from uuid import UUID

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.files.uploading import CappedUploadHandler
from core.lifecycle.errors import NotAllowed
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, both, operation, paged
from core.rest.scopes import Scope
from core.rest.tags import seen, tag
from licensing.api.facts import Facts, address
from licensing.api.inputs import cleaned, judged
from licensing.api.shapes import NamedSerializer
from licensing.imports import queries
from licensing.imports.actions import load as loading
from licensing.imports.actions import upload as uploading
from licensing.imports.columns import MOST_BYTES
from licensing.imports.findings import KINDS, SEVERITIES
from licensing.imports.forms import UploadForm
from licensing.imports.lifecycle import Status
from licensing.imports.models import Batch

TAG = "imports"
WEIGHTS = list(SEVERITIES.items())


class KindCountSerializer(s.Serializer):
    """How often one kind of finding was found."""

    code = s.CharField()
    severity = s.ChoiceField(choices=WEIGHTS)
    title = s.CharField()
    count = s.IntegerField()


class ImportRowSerializer(s.Serializer):
    """One file of licences of the paper era."""

    id = s.UUIDField()
    authority = NamedSerializer()
    source = s.CharField(help_text=_("数据来源，公众查询时会看到"))
    status = s.ChoiceField(choices=Status.choices)
    sha256 = s.CharField()
    encoding = s.CharField()
    uploaded_at = s.DateTimeField()
    decided_at = s.DateTimeField(allow_null=True)
    rows_total = s.IntegerField()
    rows_checked = s.IntegerField()
    rows_ready = s.IntegerField(help_text=_("可以加载"))
    rows_same = s.IntegerField(help_text=_("已有，不再加载"))
    rows_wrong = s.IntegerField(help_text=_("有错误，不加载"))
    rows_loaded = s.IntegerField()
    rows_left_out = s.IntegerField(help_text=_("检查之后才进了登记，没有加载"))
    clean_only = s.BooleanField(help_text=_("决定时已说明有错误的行不加载"))
    url = s.URLField()


class ImportSerializer(ImportRowSerializer):
    """One import with a summary of what was found."""

    findings = KindCountSerializer(many=True)


class FindingSerializer(s.Serializer):
    """One finding in one cell."""

    line = s.IntegerField(help_text=_("表格里的行号，表头是第 1 行；JSON 按次序从 1 起"))
    column = s.CharField()
    code = s.CharField()
    severity = s.ChoiceField(choices=WEIGHTS)
    title = s.CharField()
    value = s.CharField(allow_blank=True)
    words = s.CharField(help_text=_("怎么办"))


class ImportInputSerializer(s.Serializer):
    """The file, CSV or JSON, and from which record it was taken."""

    source = s.CharField(max_length=120, allow_blank=True)
    file = s.FileField(
        allow_empty_file=True, help_text=_("CSV（UTF-8 或 GBK）或 JSON，一次最多 70000 行、60 MB")
    )


class LoadSerializer(s.Serializer):
    """Whether rows with errors may stay out."""

    clean_only = s.BooleanField(default=False, help_text=_("只加载没有错误的行；有错误的行不加载"))


def may_read(request: ApiRequest) -> None:
    """Clerks and approvers, and whoever reads everything. Raises NotAllowed."""
    if not request.standing.authorities(*queries.READERS):
        raise NotAllowed()


def row_of(request: ApiRequest, public_id: UUID) -> Batch:
    """A visible import. Raises NotAllowed, and NotFound for hidden and absent alike."""
    may_read(request)
    row = queries.find(request.standing, public_id)
    if row is None:
        raise NotFound()
    return row


def facts_of(row: Batch) -> Facts:
    names = (
        "authority", "source", "status", "sha256", "encoding", "uploaded_at", "decided_at", "rows_total",
        "rows_checked", "rows_ready", "rows_same", "rows_wrong", "rows_loaded", "rows_left_out", "clean_only",
    )  # fmt: skip
    return {
        "id": row.public_id,
        "url": address("import", row.public_id),
        **{key: getattr(row, key) for key in names},
    }


def respond(request: ApiRequest, public_id: UUID, status: int = 200) -> Response:
    """The import as it stands. Its tag counts the acts; the second number tells one state of progress from another."""
    row = row_of(request, public_id)
    facts = {**facts_of(row), "findings": queries.kinds_found(row)}
    response = Response(ImportSerializer(facts).data, status=status)
    response["ETag"] = tag(row.version, row.rows_checked + row.rows_loaded, day=request.today)
    if status == 201:
        response["Location"] = facts["url"]
    return response


class Imports(ApiView):
    """Files of licences of the paper era."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}
    parser_classes = (MultiPartParser,)

    def initial(self, request: ApiRequest, *args: Any, **kwargs: Any) -> None:
        """A file may be larger here than a document elsewhere."""
        request._request.upload_handlers = [CappedUploadHandler(request._request, limit=MOST_BYTES)]
        super().initial(request, *args, **kwargs)

    @operation("imports_list", _("本机关的导入，新的在前"), tag=TAG, answers=paged(ImportRowSerializer),
               parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        may_read(request)
        rows, cursor = queries.page_of(request.standing, request.query_params.get("cursor", ""))
        shown = ImportRowSerializer([facts_of(row) for row in rows], many=True).data
        return Response(page(request, shown, cursor))

    @operation("imports_create", _("上传一份文件，随即逐行检查；不写入许可证"), tag=TAG, answers=ImportSerializer,
               request=ImportInputSerializer, refuses=(400, 409, 413, 415, 422), once=True, status=201)  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(ImportInputSerializer, request.data)

        def uploaded() -> Response:
            found = judged(UploadForm({"source": data["source"]}, MultiValueDict({"file": [data["file"]]})))
            file = found["file"]
            batch = uploading.upload(
                content=file.read(),
                filename=file.name,
                source=found["source"],
                actor=request.actor,
                at=request.at,
            )
            return respond(request, batch.public_id, status=201)

        return self.once(request, uploaded)


class OneImport(ApiView):
    """One import. Its ETag is what every act on it asks for."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation(
        "imports_read", _("一次导入：进度和检查结果"), tag=TAG, answers=ImportSerializer, refuses=(404,)
    )
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return respond(request, public_id)


FINDING_QUERY = (
    OpenApiParameter("code", str, enum=sorted(KINDS), description=_("只看一种问题")),
    OpenApiParameter("severity", str, enum=list(SEVERITIES), description=_("只看错误、提醒或者说明")),
    CURSOR,
)


class Findings(ApiView):
    """What was found, in the order of rows."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("imports_findings", _("逐行逐格的检查结果"), tag=TAG, answers=paged(FindingSerializer),
               parameters=FINDING_QUERY, refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        row, asked = row_of(request, public_id), request.query_params
        chosen = queries.Filter.read(asked.get("code", ""), asked.get("severity", ""))
        found, cursor = queries.findings_page(row, chosen, asked.get("cursor", ""))
        return Response(page(request, FindingSerializer(found, many=True).data, cursor))


class Load(ApiView):
    """Decide to load, as the second person."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("imports_load", _("决定加载；须由上传人以外的审批人员"), tag=TAG, answers=ImportSerializer,
               request=LoadSerializer, examples=both({"clean_only": True}), moves=True, once=True,
               refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(LoadSerializer, request.data)

        def ordered() -> Response:
            row_of(request, public_id)
            version, _progress = seen(request, 2)
            loading.order_load(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at, **data
            )
            return respond(request, public_id)

        return self.once(request, ordered)


class Withdraw(ApiView):
    """Take it off the list, to correct the file."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("imports_withdraw", _("撤下还没有加载的导入"), tag=TAG, answers=ImportSerializer, moves=True, once=True,
               refuses=(404,))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        def withdrawn() -> Response:
            row_of(request, public_id)
            version, _progress = seen(request, 2)
            uploading.withdraw(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at
            )
            return respond(request, public_id)

        return self.once(request, withdrawn)
