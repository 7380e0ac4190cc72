"""Corrections through the interface: propose, confirm, approve, decline, withdraw; ask, answer, take back (R-89)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.lifecycle.errors import Invalid
from core.parties.identifiers import normalise_licence_number
from core.rest.base import ApiRequest, ApiView
from core.rest.errors import Fields, NotFound
from core.rest.paging import page
from core.rest.schema import CURSOR, both, operation, paged
from core.rest.scopes import READING, Scope
from core.rest.tags import seen, tag
from licensing.api.facts import address
from licensing.api.inputs import cleaned
from licensing.corrections import queries as query
from licensing.corrections.actions import asking, deciding, proposing
from licensing.corrections.actions.proposing import DECIDED, LATER, Source, Wanted
from licensing.corrections.errors import NoSuchLicence
from licensing.corrections.lifecycle import Asked, Status
from licensing.corrections.models import CertificateCorrection, CorrectionRequest, Paper

TAG = "corrections"
READ = tuple(READING)
FILE = (Scope.APPLICATIONS_FILE,)
SAMPLE = {
    "number": "(苏)XK13-002-00001", "words": {"registered_address": "江苏省苏州市昆山市春晖路 88 号"},
    "since": "decided", "source": {"case": "8f14e45f-ceea-467f-9b1d-5a7a2c9d8e01", "paper": "business_licence"},
    "reason": "住所的门牌号录入时少了一位",
}  # fmt: skip
REASONS = {"reasons": "案卷里的营业执照与证书一致，没有印错"}
ASKS = {
    "number": "(苏)XK13-002-00001", "wrong": ["registered_address"],
    "explanation": "住所应为春晖路 88 号，证书印成了 8 号",
}  # fmt: skip
ANSWERS = {"text": "证书与决定一致；企业迁址的，请申请变更"}


class ChangeSerializer(s.Serializer):
    """One thing on the certificate: what it says, and what it should say."""

    key = s.CharField(
        help_text=_(
            "holder_name、uscc、registered_address、site-0、category_name、unit-编号、member-0-name 等"
        )
    )
    before = s.CharField()
    after = s.CharField(allow_blank=True, help_text=_("编号本身有误的为空：批准时取新的编号"))


class CertificateCorrectionSerializer(s.Serializer):
    """A correction of a certificate."""

    id = s.UUIDField(source="public_id")
    licence = s.CharField(source="licence.number")
    holder_name = s.CharField(source="licence.holder_name")
    status = s.ChoiceField(choices=Status.choices)
    stale = s.BooleanField(help_text=_("许可证上又办了别的事，须重新确认"))
    changes = ChangeSerializer(many=True)
    reason = s.CharField()
    source = s.ChoiceField(choices=Paper.choices, source="source_paper")
    source_note = s.CharField(allow_blank=True)
    request = s.UUIDField(source="request.public_id", allow_null=True, default=None)
    proposed_on = s.DateField()
    decided_on = s.DateField(allow_null=True)
    reasons = s.CharField(allow_blank=True)
    certificate_version = s.IntegerField(allow_null=True)
    url = s.SerializerMethodField()

    def get_url(self, row: Any) -> str:
        return address("correction", row.public_id)


class SourceInputSerializer(s.Serializer):
    """Which paper of which case shows what is right."""

    paper = s.ChoiceField(choices=Paper.choices)
    case = s.UUIDField(required=False, allow_null=True, default=None)
    note = s.CharField(max_length=300, required=False, allow_blank=True, default="")


class ProposeCorrectionSerializer(s.Serializer):
    """What the certificate should say; what is not named stays."""

    number = s.CharField(max_length=40)
    words = s.DictField(child=s.CharField(max_length=300, allow_blank=True), required=False, default=dict)
    dates = s.BooleanField(required=False, default=False, help_text=_("日期印错了：改成决定依法给的"))
    number_wrong = s.BooleanField(required=False, default=False, help_text=_("编号本身有误：批准时取新的"))
    number_reason = s.CharField(max_length=500, required=False, allow_blank=True, default="")
    since = s.ChoiceField(choices=[(DECIDED, DECIDED), (LATER, LATER)])
    source = SourceInputSerializer()
    reason = s.CharField(max_length=500, help_text=_("会公布"))
    request = s.UUIDField(required=False, allow_null=True, default=None)


class DeclineCorrectionSerializer(s.Serializer):
    """Why not."""

    reasons = s.CharField(max_length=2000)


class HolderRequestSerializer(s.Serializer):
    """What a holder asks for, and the answer."""

    id = s.UUIDField(source="public_id")
    licence = s.CharField(source="licence.number")
    status = s.ChoiceField(choices=Asked.choices)
    wrong = s.ListField(child=s.ChoiceField(choices=asking.ASKABLE))
    explanation = s.CharField()
    asked_on = s.DateField()
    reply_due_on = s.DateField()
    answer = s.CharField(allow_blank=True)
    answered_on = s.DateField(allow_null=True)
    url = s.SerializerMethodField()

    def get_url(self, row: Any) -> str:
        return address("correction_request", row.public_id)


class AskCorrectionSerializer(s.Serializer):
    """Ask for a correction; a paper may be added, none is asked for."""

    number = s.CharField(max_length=40)
    wrong = s.ListField(child=s.ChoiceField(choices=asking.ASKABLE), min_length=1)
    explanation = s.CharField(max_length=2000)
    attachment = s.FileField(required=False, allow_empty_file=True)


class AnswerCorrectionSerializer(s.Serializer):
    """Why nothing is corrected."""

    text = s.CharField(max_length=2000)


def _shown(row: CertificateCorrection) -> CertificateCorrection:
    row.stale = query.is_stale(row)  # type: ignore[attr-defined]
    return row


def _answer(request: ApiRequest, row: CertificateCorrection, status: int = 200) -> Response:
    found = query.find(request.standing, row.public_id) or row
    headers = {"ETag": tag(found.version, day=request.today)}
    return Response(CertificateCorrectionSerializer(_shown(found)).data, status=status, headers=headers)


def _asked(request: ApiRequest, row: CorrectionRequest, status: int = 200) -> Response:
    headers = {"ETag": tag(row.version, day=request.today)}
    return Response(HolderRequestSerializer(row).data, status=status, headers=headers)


class Corrections(ApiView):
    """Corrections, and a new one."""

    scopes = {"GET": READ, "POST": (Scope.WORK_ACT,)}

    @operation("corrections", _("更正：待审批的先提出的在前；state=closed 为已办结的"), tag=TAG,
               answers=paged(CertificateCorrectionSerializer), parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        asked = request.query_params
        found = query.corrections(
            request.standing, state=asked.get("state", ""), after=asked.get("cursor", "")
        )
        rows = CertificateCorrectionSerializer([_shown(row) for row in found.rows], many=True).data
        return Response(page(request, rows, found.next_after))

    @operation("corrections_propose", _("提出更正：机关造成的差错，由另一人批准"), tag=TAG,
               answers=CertificateCorrectionSerializer, request=ProposeCorrectionSerializer, examples=both(SAMPLE),
               once=True, status=201, refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(ProposeCorrectionSerializer, request.data)
        return self.once(request, lambda: _answer(request, _propose(request, data), status=201))


def _propose(request: ApiRequest, data: dict[str, Any]) -> CertificateCorrection:
    """The page's action; a licence out of reach is as none, and a refused word is named by its place in the body."""
    number = normalise_licence_number(data["number"])
    licence = query.licence_numbered(number)
    if licence is None or not query.may_propose(request.standing, licence):
        raise NotFound()
    words = data["words"]
    try:
        return proposing.propose(
            number=licence.number,
            wanted=Wanted(words, data["dates"], data["number_wrong"], data["number_reason"]),
            since=data["since"], source=Source(**data["source"]), reason=data["reason"], request=data["request"],
            actor=request.actor, at=request.at,
        )  # fmt: skip
    except Invalid as error:
        if error.field in words:
            raise Fields([(f"/words/{error.field}", error.code, str(error))]) from error
        raise


class OneCorrection(ApiView):
    """One correction. Its ETag is what every act on it asks for."""

    scopes = {"GET": READ}

    @operation("correction", _("一件更正"), tag=TAG, answers=CertificateCorrectionSerializer, refuses=(404,))
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return _answer(request, _correction(request, public_id))


def _correction(request: ApiRequest, public_id: UUID) -> CertificateCorrection:
    row = query.find(request.standing, public_id)
    if row is None:
        raise NotFound()
    return row


class CorrectionAct(ApiView):
    """One act on a correction; whose it is, the act itself asks."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    def do(self, request: ApiRequest, public_id: UUID, act: Callable[..., Any], **facts: Any) -> Response:
        _correction(request, public_id)

        def acted() -> Response:
            (version,) = seen(request, 1)
            row = act(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at, **facts
            )
            return _answer(request, row)

        return self.once(request, acted)


def _act(name: str, summary: Any, **more: Any) -> Any:
    refuses = (404, 415, 422) if more else (404, 422)
    return operation(
        f"correction_{name}", summary, tag=TAG, answers=CertificateCorrectionSerializer, moves=True, once=True,
        refuses=refuses, **more,
    )  # fmt: skip


class Confirm(CorrectionAct):
    """Confirm a proposal on the licence as it is now."""

    @_act("confirm", _("按现在的许可证重新确认更正"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(request, public_id, proposing.confirm)


class Approve(CorrectionAct):
    """Correct the certificate."""

    @_act("approve", _("批准更正：制发新一版证书，理由公布"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(request, public_id, deciding.approve)


class Decline(CorrectionAct):
    """Leave the certificate as it is, with reasons."""

    @_act("decline", _("不予更正"), request=DeclineCorrectionSerializer, examples=both(REASONS))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(
            request, public_id, deciding.decline, **cleaned(DeclineCorrectionSerializer, request.data)
        )


class Withdraw(CorrectionAct):
    """Take a proposal back."""

    @_act("withdraw", _("撤回更正"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(request, public_id, proposing.withdraw)


class Requests(ApiView):
    """What holders ask for, and a new request."""

    scopes = {"GET": READ, "POST": FILE}
    parser_classes = (MultiPartParser,)

    @operation("correction_requests", _("企业的更正请求：待答复的；state=all 为全部"), tag=TAG,
               answers=paged(HolderRequestSerializer), parameters=(CURSOR,))  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        asked = request.query_params
        found = query.requests(request.standing, state=asked.get("state", ""), after=asked.get("cursor", ""))
        return Response(page(request, HolderRequestSerializer(found.rows, many=True).data, found.next_after))

    @operation("correction_requests_ask", _("请求更正：不收费，不要证明材料"), tag=TAG,
               answers=HolderRequestSerializer, request=AskCorrectionSerializer, examples=both(ASKS), once=True,
               status=201, refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        data = cleaned(AskCorrectionSerializer, request.data)
        upload = data.pop("attachment", None)
        licence = query.licence_numbered(normalise_licence_number(data.pop("number")))
        if licence is None or licence.enterprise_id not in request.standing.enterprise_ids:
            raise NoSuchLicence("number")

        def asks() -> Response:
            row = asking.ask(
                number=licence.number, attachment=upload, filename=upload.name if upload else "",
                actor=request.actor, at=request.at, **data,
            )  # fmt: skip
            return _asked(request, row, status=201)

        return self.once(request, asks)


def _request(request: ApiRequest, public_id: UUID) -> CorrectionRequest:
    row = query.find_request(request.standing, public_id)
    if row is None:
        raise NotFound()
    return row


class OneRequest(ApiView):
    """One request. Its ETag is what every act on it asks for."""

    scopes = {"GET": READ}

    @operation(
        "correction_request", _("一件更正请求"), tag=TAG, answers=HolderRequestSerializer, refuses=(404,)
    )
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return _asked(request, _request(request, public_id))


class AnswerRequest(ApiView):
    """Answer why nothing is corrected."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("correction_request_answer", _("答复为什么不更正"), tag=TAG, answers=HolderRequestSerializer,
               request=AnswerCorrectionSerializer, examples=both(ANSWERS), moves=True, once=True,
               refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        _request(request, public_id)
        data = cleaned(AnswerCorrectionSerializer, request.data)

        def answers() -> Response:
            (version,) = seen(request, 1)
            row = asking.answer(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at, **data
            )
            return _asked(request, row)

        return self.once(request, answers)


class TakeBack(ApiView):
    """The holder needs no answer any more."""

    scopes = {"POST": FILE}

    @operation("correction_request_take_back", _("撤回更正请求"), tag=TAG, answers=HolderRequestSerializer,
               moves=True, once=True, refuses=(404, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        _request(request, public_id)

        def takes() -> Response:
            (version,) = seen(request, 1)
            row = asking.take_back(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at
            )
            return _asked(request, row)

        return self.once(request, takes)
