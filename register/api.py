"""The public register for machines: anyone, read only, on the connection that sees nothing private."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.lifecycle.errors import DomainError
from core.parties.identifiers import normalise_licence_number
from core.rest.base import PUBLIC, ApiRequest, ApiView
from core.rest.errors import BodyTooLarge, NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, operation, paged
from licensing.kinds import Kind
from licensing.models import LicenceStatus
from register import search
from register.queries import catalogue, verification
from register.queries import licences as queries
from register.queries.progress import ProgressView, progress_of

TAG = "register"
ENVELOPE = 64 * 1024
"""Bytes of a multipart request around its file."""
Facts = dict[str, Any]
CERTIFICATES = [
    ("electronic", _("电子证书")), ("being_signed", _("电子证书正在签发")), ("paper", _("纸质证书，没有电子证书")),
]  # fmt: skip
ANSWERS = [("yes", _("是")), ("no", _("否")), ("unknown", _("无从判断"))]
TERM_ANSWERS = [*ANSWERS, ("none", _("没有有效期"))]


class LicenceRowSerializer(s.Serializer):
    """A licence in a list; `status` is the word of today."""

    number = s.CharField()
    holder = s.CharField()
    uscc = s.CharField()
    category = s.CharField()
    units = s.ListField(child=s.CharField())
    status = s.ChoiceField(choices=LicenceStatus.choices)
    status_label = s.CharField()
    in_force = s.BooleanField(help_text=_("今天是否有效"))
    issued_on = s.DateField()
    valid_until = s.DateField()
    authority = s.CharField()
    url = s.URLField()


class EventSerializer(s.Serializer):
    """One act in a licence's history, or one version of its certificate."""

    kind = s.CharField()
    on = s.DateField()
    version = s.IntegerField()
    reason = s.CharField(allow_blank=True, help_text=_("更正的理由；其他各项为空"))


class CommitmentSerializer(s.Serializer):
    """A commitment letter of a granted case; never who signed it (R-28)."""

    kind = s.ChoiceField(choices=Kind.choices)
    version = s.CharField(help_text=_("文本版本"))
    text = s.CharField()
    signed_on = s.DateField()
    sha256 = s.CharField()


class PublicLicenceSerializer(LicenceRowSerializer):
    """One licence with its history (DOMAIN §7.4)."""

    registered_address = s.CharField()
    production_addresses = s.ListField(child=s.CharField())
    deregistered_on = s.DateField(allow_null=True)
    commitments = CommitmentSerializer(many=True, help_text=_("准予许可的申请所附的承诺书；不含签署人姓名"))
    gaps = s.ListField(
        child=s.DictField(child=s.DateField()), help_text=_("两段有效期之间不受许可的日期，首尾都算")
    )
    group_members = s.ListField(child=s.DictField(child=s.CharField()), help_text=_("集团公司所属单位"))
    former_numbers = s.ListField(child=s.CharField(), help_text=_("更正前有误的编号；查它也查到这张许可证"))
    replaces = s.CharField(allow_blank=True, help_text=_("换发自哪张国家级许可证"))
    replaced_by = s.CharField(allow_blank=True, help_text=_("换发为哪张省级许可证"))
    certificate = s.ChoiceField(choices=CERTIFICATES, help_text=_("证书的形式"))
    imported_on = s.DateField(allow_null=True, help_text=_("由档案导入的日期；在本系统发证的为空"))
    imported_from = s.CharField(allow_blank=True, help_text=_("导入自哪份台账"))
    certificate_sha256 = s.CharField(allow_blank=True)
    history = EventSerializer(many=True)
    as_of = s.DateTimeField(help_text=_("所示情况截至这一时刻"))


class UnitSerializer(s.Serializer):
    """The smallest thing a licence covers."""

    key = s.CharField()
    name = s.CharField()


class CategorySerializer(s.Serializer):
    """A category of the catalogue."""

    key = s.CharField()
    name = s.CharField()
    authority_level = s.CharField()
    code = s.CharField(allow_blank=True)
    filing_open = s.BooleanField(help_text=_("今天能否申请"))
    filing_closed_because = s.CharField(allow_blank=True)
    units = UnitSerializer(many=True)


class StepSerializer(s.Serializer):
    """One stage of a case: submitted, accepted, reviewed, decided, issued."""

    key = s.CharField()
    state = s.CharField()
    on = s.DateField(allow_null=True)


class ProgressSerializer(s.Serializer):
    """Where a case stands: stages and dates, nobody's name (R-47)."""

    number = s.CharField()
    status = s.CharField()
    steps = StepSerializer(many=True)
    clock = s.CharField()
    due = s.DateField(allow_null=True)
    overdue_by = s.IntegerField()
    as_of = s.DateTimeField()


class VerifySerializer(s.Serializer):
    """The certificate to judge, PDF."""

    file = s.FileField(allow_empty_file=True)


class VerdictSerializer(s.Serializer):
    """Three separate answers (R-49)."""

    authentic = s.ChoiceField(choices=ANSWERS, help_text=_("是不是本平台签发的"))
    unaltered = s.ChoiceField(choices=ANSWERS, help_text=_("签发之后有没有改动"))
    in_force = s.ChoiceField(choices=TERM_ANSWERS, help_text=_("许可证今天是否有效；文书没有有效期"))
    finding = s.CharField()
    superseded = s.BooleanField(help_text=_("已有更新的证书"))
    contradicted = s.BooleanField(help_text=_("与登记的证书不是同一份文件"))
    licence_number = s.CharField(allow_blank=True)
    document = s.CharField(allow_blank=True, help_text=_("是文书的：名称和文号"))
    sha256 = s.CharField()


def _licence_row(view: queries.LicenceView) -> Facts:
    row = view.row
    return {
        "number": row.number, "holder": row.holder_name, "uscc": row.uscc, "category": view.category,
        "units": view.units, "status": view.status, "status_label": str(view.status_label),
        "in_force": view.in_force, "issued_on": row.issued_on, "valid_until": view.valid_until,
        "authority": view.authority, "url": _address("licence", row.number),
    }  # fmt: skip


def _document(found: verification.Verification) -> str:
    paper = found.verdict.document
    return f"{paper.title} {paper.number}" if paper else ""


def _address(name: str, *args: Any) -> str:
    return str(settings.PUBLIC_BASE_URL + reverse(f"api-v1:{name}", args=args))


LICENCE_QUERY = (
    OpenApiParameter("q", str, description=_("证书编号、企业名称、统一社会信用代码")),
    OpenApiParameter("category", str),
    OpenApiParameter("province", str, description=_("省级行政区划代码")),
    OpenApiParameter("status", str, enum=list(LicenceStatus.values)),
    CURSOR,
)


class Licences(ApiView):
    scopes = PUBLIC

    @operation("licences", _("查找许可证"), tag=TAG, answers=paged(LicenceRowSerializer), parameters=LICENCE_QUERY,
               open_to_all=True)  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        asked = request.query_params.dict()
        filters = queries.Filters.read({**asked, "after": asked.get("cursor", "")})
        found = queries.search(filters, now=request.at, today=request.today)
        rows = LicenceRowSerializer([_licence_row(row) for row in found.rows], many=True).data
        return Response(page(request, rows, found.next_cursor or ""))


class OneLicence(ApiView):
    scopes = PUBLIC

    @operation("licence", _("一张许可证，编号怎样写都认"), tag=TAG, answers=PublicLicenceSerializer, open_to_all=True,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, number: str) -> Response:
        try:
            canonical = normalise_licence_number(number)
        except DomainError as error:
            raise NotFound() from error
        found = queries.licence_by(number=canonical, now=request.at, today=request.today)
        if found is None:
            raise NotFound()
        row = found.row
        facts = {
            **_licence_row(found), "registered_address": row.registered_address,
            "production_addresses": row.production_addresses, "deregistered_on": row.deregistered_on, "gaps": row.gaps,
            "commitments": row.commitments,
            "group_members": row.group_members, "former_numbers": row.former_numbers,
            "replaces": row.replaces, "replaced_by": row.replaced_by,
            "certificate": found.certificate_form, "imported_on": row.imported_on, "imported_from": row.imported_from,
            "certificate_sha256": row.certificate_sha256,
            "history": found.events, "as_of": found.as_of,
        }  # fmt: skip
        return Response(PublicLicenceSerializer(facts).data)


def _category(view: catalogue.CategoryView) -> Facts:
    return {
        "key": view.row.key, "name": view.name, "authority_level": view.row.level, "code": view.code,
        "filing_open": view.verdict.open,
        "filing_closed_because": "" if view.verdict.open else str(view.verdict.reason),
        "units": [{"key": unit.key, "name": name} for unit, name in zip(view.units, view.unit_names, strict=True)],
    }  # fmt: skip


class Catalogue(ApiView):
    scopes = PUBLIC

    @operation(
        "catalog", _("今天的发证产品目录"), tag=TAG, answers=CategorySerializer(many=True), open_to_all=True
    )
    def get(self, request: ApiRequest) -> Response:
        rows = catalogue.catalogue(request.today, settings.WORLD)
        return Response(CategorySerializer([_category(row) for row in rows], many=True).data)


class OneCategory(ApiView):
    scopes = PUBLIC

    @operation("catalog_category", _("一个产品类别和它的单元"), tag=TAG, answers=CategorySerializer, open_to_all=True,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, key: str) -> Response:
        found = catalogue.category(key, request.today, settings.WORLD)
        if found is None:
            raise NotFound()
        return Response(CategorySerializer(_category(found)).data)


class Progress(ApiView):
    scopes = PUBLIC

    @operation("progress", _("凭受理编号看办到哪一步"), tag=TAG, answers=ProgressSerializer, open_to_all=True,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, number: str) -> Response:
        canonical = search.case_number(number)
        found = progress_of(canonical, now=request.at, today=request.today) if canonical else None
        if found is None:
            raise NotFound()
        return Response(ProgressSerializer(_progress(found)).data)


def _progress(found: ProgressView) -> Facts:
    return {
        "number": found.row.number, "status": found.row.status, "steps": found.steps, "clock": found.clock.summary,
        "due": found.clock.due, "overdue_by": found.overdue_by, "as_of": found.as_of,
    }  # fmt: skip


class Verify(ApiView):
    """Judge a certificate. Nothing is stored."""

    scopes = PUBLIC
    parser_classes = (MultiPartParser,)

    def initial(self, request: ApiRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > verification.MAX_BYTES + ENVELOPE:
            raise BodyTooLarge()

    @operation("verify", _("验证电子证书：真伪、是否改动、今天是否有效"), tag=TAG, answers=VerdictSerializer,
               request=VerifySerializer, open_to_all=True, refuses=(400, 413, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        given = VerifySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = verification.verify(given.validated_data["file"].read(), now=request.at, today=request.today)
        facts = {
            "authentic": found.authentic, "unaltered": found.unaltered, "in_force": found.in_force,
            "finding": found.verdict.finding.value, "superseded": found.superseded, "contradicted": found.contradicted,
            "licence_number": found.verdict.licence_number, "sha256": found.sha256, "document": _document(found),
        }  # fmt: skip
        return Response(VerdictSerializer(facts).data)
