"""In whose hands a review is, through the interface: take it, take it over, give it to somebody, declare a conflict."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from core.rest.base import ApiRequest
from core.rest.errors import NotFound
from core.rest.schema import both, operation
from core.rest.scopes import Scope
from licensing.actions import hands, recusal, review
from licensing.api import inputs, samples
from licensing.api.acts import act
from licensing.api.desk import TAG, DeskAct
from licensing.api.facts import case_of
from licensing.api.inputs import cleaned
from licensing.queries.acts import acts_open_to
from licensing.queries.hands import candidates


class CandidateSerializer(s.Serializer):
    """A reviewer the case could be given to."""

    id = s.UUIDField(source="user.public_id")
    name = s.CharField(source="user.name")
    in_hand = s.IntegerField(help_text=_("在办件数"))
    away = s.BooleanField(help_text=_("今天不在岗"))


class TakeReview(DeskAct):
    """Take the review in hand."""

    @act("take_review", _("承办审查"), tag=TAG, request=inputs.TakeSerializer, examples=both(samples.TAKE),
         refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(
            request, public_id, review.take_review, **cleaned(inputs.TakeSerializer, request.data)
        )


class TakeOver(DeskAct):
    """Take the review over from somebody who is away or holds the duty no more."""

    @act("take_over", _("代为承办：原承办人不在岗，或已不再担任审查职责"), tag=TAG, request=inputs.TakeSerializer,
         examples=both(samples.TAKE), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(
            request, public_id, hands.take_over, **cleaned(inputs.TakeSerializer, request.data)
        )


class Assignment(DeskAct):
    """The head gives the case to a reviewer."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    @operation("applications_reviewers", _("可以指派的审查人员，在办最少的在前"), tag=TAG,
               answers=CandidateSerializer(many=True), refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        case = case_of(request, public_id)
        if not acts_open_to(request.standing, case)["assign"]:
            raise NotFound()
        found = candidates(case, request.today, but=request.standing.user_id)
        return Response(CandidateSerializer(found, many=True).data)

    @act("assign_review", _("机关负责人指派或改派审查人员"), tag=TAG, request=inputs.AssignSerializer,
         examples=both(samples.ASSIGN, samples.ASSIGN_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.AssignSerializer, request.data)
        return self.decide(request, public_id, hands.assign_review, **data)


class Recuse(DeskAct):
    """Declare a conflict of interest."""

    @act("recuse", _("声明回避，此后不再办理这件申请"), tag=TAG, request=inputs.RecuseSerializer,
         examples=both(samples.RECUSE, samples.RECUSE_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(inputs.RecuseSerializer, request.data)
        return self.decide(request, public_id, recusal.recuse, **data)
