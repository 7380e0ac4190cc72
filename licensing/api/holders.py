"""The record of a holder through the interface: results, class, what is open against it (R-24, R-26, R-40)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.files.responses import download
from core.parties.models import Enterprise
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, PAPER, operation, paged
from core.rest.scopes import READING, Scope
from licensing.actions import standing as act
from licensing.api.facts import Facts
from licensing.api.inputs import cleaned
from licensing.api.results import (
    ClassRowSerializer,
    ResultInputSerializer,
    ResultSerializer,
    result_of,
    results_facts,
)
from licensing.api.shapes import EnterpriseSerializer, NamedSerializer
from licensing.models import HolderClass, OpenMatter, StandingEvidence
from licensing.queries.holders import find_holder, find_matter, find_result, holder_list, record_of

TAG = "supervision"
WORDS = OpenApiParameter("q", str, description=_("企业名称，或统一社会信用代码"))


MATTERS = OpenMatter.Kind.choices


class MatterSerializer(s.Serializer):
    """A lead or measure."""

    id = s.UUIDField(source="public_id")
    kind = s.ChoiceField(choices=OpenMatter.Kind.choices)
    what = s.CharField()
    authority = NamedSerializer()
    opened_at = s.DateTimeField()
    closed_at = s.DateTimeField(allow_null=True)
    closing = s.CharField(allow_blank=True)


class OwnResultsSerializer(s.Serializer):
    """What an enterprise reads of itself."""

    enterprise = EnterpriseSerializer()
    results = ResultSerializer(many=True)
    classes = ClassRowSerializer(many=True)


class HolderSerializer(OwnResultsSerializer):
    """The whole record."""

    matters = MatterSerializer(many=True, allow_null=True, help_text=_("线索和监管措施；无权读取的为 null"))


class SpotCheckInputSerializer(ResultInputSerializer):
    """A supervisory spot check."""

    level = s.ChoiceField(choices=StandingEvidence.Level.choices)
    final_on = s.DateField(required=False, allow_null=True, default=None)


class RetestInputSerializer(ResultInputSerializer):
    """A re-test or correction of an earlier spot check; the level stays."""

    final_on = s.DateField(required=False, allow_null=True, default=None)


class FinalInputSerializer(s.Serializer):
    """The day on which nobody could object any more."""

    final_on = s.DateField()


class ClassInputSerializer(s.Serializer):
    """The class from today on, with reasons."""

    level = s.ChoiceField(choices=HolderClass.Class.choices)
    reasons = s.CharField(max_length=300)


class MatterInputSerializer(s.Serializer):
    """A lead or measure, in words."""

    kind = s.ChoiceField(choices=OpenMatter.Kind.choices)
    what = s.CharField(max_length=300)


class CloseInputSerializer(s.Serializer):
    """How it ended."""

    closing = s.CharField(max_length=300)


def holder_of(request: ApiRequest, uscc: str) -> Enterprise:
    """A readable holder. Raises NotFound for hidden and absent alike."""
    found = find_holder(request.standing, uscc)
    if found is None:
        raise NotFound()
    return found


def respond(request: ApiRequest, uscc: str, status: int = 200) -> Response:
    record = record_of(request.standing, holder_of(request, uscc), request.today)
    facts: Facts = results_facts(record)
    facts["matters"] = None if record.matters is None else list(record.matters)
    return Response(HolderSerializer(facts).data, status=status)


class Holders(ApiView):
    """Whose record?"""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("holders_list", _("可以读取其监管记录的企业"), tag=TAG, answers=paged(EnterpriseSerializer),
               parameters=(WORDS, CURSOR))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        asked = request.query_params
        found = holder_list(request.standing, words=asked.get("q", ""), after=asked.get("cursor", ""))
        return Response(page(request, EnterpriseSerializer(found.rows, many=True).data, found.next_after))


class OneHolder(ApiView):
    """The record of one holder."""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation("holders_read", _("一家企业的抽查、报告、类别、线索和监管措施"), tag=TAG, answers=HolderSerializer,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, uscc: str) -> Response:
        return respond(request, uscc)


class OwnResults(ApiView):
    """What the enterprise reads of itself; what is open against it is not among it."""

    scopes = {"GET": (Scope.APPLICATIONS_READ,)}

    @operation(
        "own_results", _("本企业的监督抽查、检验报告和类别"), tag=TAG, answers=OwnResultsSerializer(many=True)
    )
    def get(self, request: ApiRequest) -> Response:
        rows = Enterprise.objects.filter(pk__in=request.standing.enterprise_ids).order_by("uscc")
        found = [results_facts(record_of(request.standing, row, request.today)) for row in rows]
        return Response(OwnResultsSerializer(found, many=True).data)


class ResultDocument(ApiView):
    """The report a result rests on."""

    scopes = {"GET": READING}

    @operation("results_document", _("下载检验报告"), tag=TAG, answers=PAPER, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID) -> HttpResponseBase:
        found = find_result(request.standing, public_id)
        if found is None:
            raise NotFound()
        return download(found.document, inline=False)


class HolderAct(ApiView):
    """One act of a supervisor on a holder; whose it is, the act itself asks."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    def do(
        self, request: ApiRequest, uscc: str, body: Callable[[Enterprise], Any], status: int = 201
    ) -> Response:
        """Act on a readable holder, and answer with its record as it stands then."""

        def acted() -> Response:
            body(holder_of(request, uscc))
            return respond(request, uscc, status)

        return self.once(request, acted)


def described(name: str, summary: Any, request: Any, *, status: int = 201) -> Any:
    """The description of an act on a holder."""
    return operation(
        name, summary, tag=TAG, answers=HolderSerializer, request=request, once=True, status=status,
        refuses=(404, 409, 415, 422),
    )  # fmt: skip


class SpotChecks(HolderAct):
    """Record a spot check."""

    parser_classes = (MultiPartParser,)

    @described("holders_spot_check", _("登记监督抽查"), SpotCheckInputSerializer)
    def post(self, request: ApiRequest, uscc: str) -> Response:
        data = cleaned(SpotCheckInputSerializer, request.data)
        document = data.pop("document")
        return self.do(
            request, uscc,
            lambda enterprise: act.record_spot_check(
                enterprise=enterprise, result=result_of(data), level=data["level"], document=document,
                filename=document.name, actor=request.actor, at=request.at,
            ),
        )  # fmt: skip


def result_row(request: ApiRequest, public_id: UUID) -> StandingEvidence:
    """A spot check of a readable holder. Raises NotFound."""
    found = find_result(request.standing, public_id)
    if found is None or found.kind != StandingEvidence.Kind.SPOT_CHECK:
        raise NotFound()
    return found


class Final(HolderAct):
    """The spot check is final."""

    @described("results_final", _("登记抽查结果生效"), FinalInputSerializer, status=200)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data, row = cleaned(FinalInputSerializer, request.data), result_row(request, public_id)
        return self.do(
            request, row.enterprise.uscc,
            lambda _found: act.make_final(public_id=public_id, actor=request.actor, at=request.at, **data), 200,
        )  # fmt: skip


class Retest(HolderAct):
    """A re-test takes the place of a spot check."""

    parser_classes = (MultiPartParser,)

    @described("results_retest", _("登记复检结果，取代原来的抽查"), RetestInputSerializer)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data, row = cleaned(RetestInputSerializer, request.data), result_row(request, public_id)
        document = data.pop("document")
        return self.do(
            request, row.enterprise.uscc,
            lambda _found: act.supersede(
                public_id=public_id, result=result_of(data), document=document, filename=document.name,
                actor=request.actor, at=request.at,
            ),
        )  # fmt: skip


class Classify(HolderAct):
    """Put the holder into a class."""

    @described("holders_classify", _("评定企业类别，今天起适用"), ClassInputSerializer)
    def post(self, request: ApiRequest, uscc: str) -> Response:
        data = cleaned(ClassInputSerializer, request.data)
        return self.do(
            request, uscc,
            lambda found: act.classify(enterprise=found, actor=request.actor, at=request.at, **data),
        )  # fmt: skip


class Matters(HolderAct):
    """Note a lead or measure."""

    @described("holders_open_matter", _("登记线索或者监管措施；了结之前由人决定"), MatterInputSerializer)
    def post(self, request: ApiRequest, uscc: str) -> Response:
        data = cleaned(MatterInputSerializer, request.data)
        return self.do(
            request, uscc,
            lambda found: act.open_matter(enterprise=found, actor=request.actor, at=request.at, **data),
        )  # fmt: skip


class CloseMatter(HolderAct):
    """Close a lead or measure."""

    @described("matters_close", _("了结线索或者监管措施"), CloseInputSerializer, status=200)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data, row = cleaned(CloseInputSerializer, request.data), find_matter(request.standing, public_id)
        if row is None:
            raise NotFound()
        return self.do(
            request, row.enterprise.uscc,
            lambda _found: act.close_matter(public_id=public_id, actor=request.actor, at=request.at, **data), 200,
        )  # fmt: skip
