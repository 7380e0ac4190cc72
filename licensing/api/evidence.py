"""What carries or times a test, through the interface: a report from before the visit, and the enterprise's choice."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.rest.base import ApiRequest
from licensing.actions import standing, timing
from licensing.actions.standing import Sample
from licensing.api.acts import TAG as FILING
from licensing.api.acts import CaseAct, act
from licensing.api.desk import TAG, DeskAct
from licensing.api.inputs import cleaned
from licensing.api.results import ResultInputSerializer, result_of


class TestTiming(CaseAct):
    """Have the product tested before the visit, where that is tried (R-39, R-41)."""

    __test__ = False

    @act("choose_test_timing", _("选择实地核查前检验"), tag=FILING)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(
            request, public_id,
            lambda case, version, saves: timing.choose_before_visit(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at
            ),
        )  # fmt: skip


class ReportInputSerializer(ResultInputSerializer):
    """A report from before the visit, with what makes it adoptable (R-40)."""

    listing = s.CharField(max_length=100, help_text=_("国家公布的检验机构名单和批次"))
    site_address = s.CharField(max_length=300, help_text=_("生产地址，与申请所填一致才采信"))
    model = s.CharField(max_length=100)
    sample_identity = s.CharField(max_length=200, help_text=_("封样或者收样记录：人员、时间、样品编号"))


class Report(DeskAct):
    """Record a report from before the visit; whether it is adopted is judged at once."""

    parser_classes = (MultiPartParser,)

    @act(
        "record_report",
        _("登记核查前的检验报告"),
        tag=TAG,
        request=ReportInputSerializer,
        refuses=(404, 415, 422),
    )
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(ReportInputSerializer, request.data)
        sample = Sample(
            **{name: data.pop(name) for name in ("listing", "site_address", "model", "sample_identity")}
        )
        document = data.pop("document")

        def body(case: object, version: int, saves: int) -> None:
            standing.record_report(
                case_id=public_id, expected_version=version, result=result_of(data), sample=sample,
                document=document, filename=document.name, actor=request.actor, at=request.at,
            )  # fmt: skip

        return self.do(request, public_id, body)
