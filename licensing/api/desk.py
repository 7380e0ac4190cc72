"""The officials' acts: the work list, and each answer the law knows, at the desk that has the case."""

from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.lifecycle.errors import Invalid
from core.parties.models import Authority
from core.rest.base import ApiRequest, ApiView
from core.rest.paging import page
from core.rest.schema import CURSOR, both, operation, paged
from core.rest.scopes import Scope
from licensing.actions import acceptance, correction, decision, forwarding, holding, review
from licensing.api import inputs, samples
from licensing.api.acts import CaseAct, act
from licensing.api.facts import case_of, row_facts
from licensing.api.inputs import cleaned
from licensing.api.results import items_of
from licensing.api.shapes import RowSerializer
from licensing.kinds import Kind
from licensing.lifecycle import REFUSAL_BASIS, Status
from licensing.models import Ground, Track
from licensing.queries.acts import acts_open_to
from licensing.workbench.filters import BUCKETS, SCOPES, SORTS, Filters
from licensing.workbench.queries.lists import work_list
from licensing.workbench.queries.warnings import to_acknowledge

TAG = "desk"


class WarningsUnseen(Invalid):
    code = "licensing.warnings_unseen"
    message = _("准予之前，请逐项确认已看过：%(what)s")


QUERY = (
    OpenApiParameter(
        "scope",
        str,
        enum=SCOPES,
        description=_(
            "mine：等我办的；desk：本机关未办结的；unassigned：还没有人承办的；delegated：委托办理的；all：全部"
        ),
    ),
    OpenApiParameter("status", str, enum=list(Status.values)),
    OpenApiParameter("q", str, description=_("企业名称、受理编号开头，或统一社会信用代码")),
    OpenApiParameter("category", str, description=_("产品类别")),
    OpenApiParameter("kind", str, enum=list(Kind.values)),
    OpenApiParameter(
        "due", str, enum=BUCKETS, description=_("overdue：已超期；2、5：几个工作日内到期；paused：时限停计")
    ),
    OpenApiParameter("person", str, description=_("承办审查的人员")),
    OpenApiParameter("sort", str, enum=list(SORTS), description=_("排序：到期、收到、编号；前加 - 倒序")),
    CURSOR,
)


class Work(ApiView):
    """What first?"""

    scopes = {"GET": (Scope.WORK_READ,)}

    @operation(
        "work", _("待办和在办案件，最急的在前"), tag=TAG, answers=paged(RowSerializer), parameters=QUERY
    )
    def get(self, request: ApiRequest) -> Response:
        asked = request.query_params.dict()
        found = work_list(
            request.standing, Filters.read({**asked, "after": asked.get("cursor", "")}), request.today
        )
        rows = RowSerializer([row_facts(row) for row in found.rows], many=True).data
        return Response(page(request, rows, found.next_cursor))


class DeskAct(CaseAct):
    """One act of an official; competence and separation of duties are asked by the act itself."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    def decide(self, request: ApiRequest, public_id: UUID, action: Any, **facts: Any) -> Response:
        """Run an action that takes the version the client saw."""
        return self.do(
            request, public_id,
            lambda case, version, saves: action(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at, **facts
            ),
        )  # fmt: skip


class Accept(DeskAct):
    """Complete: accept (S3)."""

    @act("accept", _("受理"), tag=TAG)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(request, public_id, acceptance.accept)


class RequestCorrection(DeskAct):
    """Everything to be put right, once (S4)."""

    @act("request_correction", _("一次告知补正"), tag=TAG, request=inputs.CorrectionSerializer,
         examples=both(samples.CORRECT, samples.CORRECT_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.CorrectionSerializer, request.data)
        return self.decide(request, public_id, correction.request_correction, items=data["items"])


class NotRequired(DeskAct):
    """No licence is needed (S2)."""

    @act("not_required", _("告知不需许可"), tag=TAG, request=inputs.ExplanationSerializer,
         examples=both(samples.EXPLAIN, samples.EXPLAIN_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.ExplanationSerializer, request.data)
        return self.decide(request, public_id, acceptance.tell_not_required, **data)


class RefuseAcceptance(DeskAct):
    """Not accepted; a file of another authority's is forwarded to it (S2)."""

    @act("refuse_acceptance", _("不予受理；不属本机关的，转有权机关"), tag=TAG,
         request=inputs.RefuseAcceptanceSerializer, examples=both(samples.REFUSE_ACCEPTANCE),
         refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.RefuseAcceptanceSerializer, request.data)
        if data["ground"] == Ground.WRONG_AUTHORITY:
            right = Authority.objects.filter(code=data.get("right_authority", "")).first()
            return self.decide(
                request, public_id, forwarding.forward_elsewhere, right_authority=right,
                explanation=data["explanation"],
            )  # fmt: skip
        return self.decide(
            request, public_id, acceptance.refuse_acceptance, ground=Ground(data["ground"]),
            explanation=data["explanation"], missing=tuple(data.get("missing", ())),
        )  # fmt: skip


class RecordEvidence(DeskAct):
    """The outcome of one track."""

    parser_classes = (MultiPartParser,)

    @act("record_evidence", _("登记实地核查或产品检验的结果"), tag=TAG,
         request=inputs.EvidenceInputSerializer, refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID, track: str) -> Response:
        data = cleaned(inputs.EvidenceInputSerializer, request.data)
        document = data.pop("document")
        data["items"] = items_of(data["items"])
        return self.decide(
            request, public_id, review.record_evidence, track=Track(track), document=document,
            filename=document.name, **data,
        )  # fmt: skip


class ConcludeReview(DeskAct):
    """Send the case up for decision."""

    @act("conclude_review", _("审查完成，报送决定"), tag=TAG)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(request, public_id, review.conclude_review)


class Grant(DeskAct):
    """Grant the licence; where decisions are held it takes effect some minutes later, else at once."""

    @act("grant", _("准予许可"), tag=TAG, request=inputs.GrantSerializer, examples=both(samples.GRANT),
         refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.GrantSerializer, request.data)
        data["basis"] = inputs.clauses(data["basis"], case_of(request, public_id).rules.basis)
        return self.decide(request, public_id, partial(_grant, request), **data)


def _grant(request: ApiRequest, **facts: Any) -> Any:
    """Grant once every open warning is acknowledged; one that has gone meanwhile is no obstacle. Raises
    WarningsUnseen, for those alone who may decide: the others hear so from the act itself."""
    case = case_of(request, facts["public_id"])
    if acts_open_to(request.standing, case)["decide"]:
        warnings = to_acknowledge(case, request.standing, request.today)
        if unseen := [row.text for row in warnings if row.code not in facts["acknowledged"]]:
            raise WarningsUnseen("acknowledged", what="；".join(unseen))
        facts["acknowledged"] = [row.code for row in warnings]
    return holding.decide("grant", **facts)


class Refuse(DeskAct):
    """Refuse the licence."""

    @act("refuse", _("不予许可"), tag=TAG, request=inputs.RefuseSerializer,
         examples=both(samples.REFUSE, samples.REFUSE_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.RefuseSerializer, request.data)
        basis = inputs.clauses(data["basis"], REFUSAL_BASIS)
        return self.decide(
            request, public_id, partial(holding.decide, "refuse"), basis=basis, reasons=data["reasons"],
            no_conflict=data["no_conflict"],
        )  # fmt: skip


class Recall(DeskAct):
    """Take a decision back before it takes effect."""

    @act("recall", _("撤回尚未生效的决定：作出决定的人，或者机关负责人"), tag=TAG)
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(request, public_id, holding.recall)


class ReturnToReview(DeskAct):
    """Back to review, once."""

    @act("return_to_review", _("退回审查，每件只能一次"), tag=TAG, request=inputs.ReturnSerializer,
         examples=both(samples.RETURN, samples.RETURN_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.ReturnSerializer, request.data)
        return self.decide(request, public_id, decision.return_to_review, **data)
