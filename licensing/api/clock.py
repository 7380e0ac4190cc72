"""The clock of a case through the interface: stop it, let it run again, ask for more time and decide about it."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from core.rest.base import ApiRequest
from core.rest.schema import both
from core.workdays.rules import MAX_EXTENSION
from licensing.actions import extension, pauses
from licensing.api import samples
from licensing.api.acts import act
from licensing.api.desk import TAG, DeskAct
from licensing.api.inputs import cleaned
from licensing.models import PauseEnd, PauseGround

ENDS = [(end.value, end.label) for end in (PauseEnd.RESULT, PauseEnd.BARRED)]


class PauseInputSerializer(s.Serializer):
    """A procedure outside the limit, with the written notice that goes to the applicant (K7)."""

    ground = s.ChoiceField(choices=PauseGround.choices)
    started_on = s.DateField(
        help_text=_("检验：样品送达检验机构或检验机构到场的日期；其他：书面通知发出的日期")
    )
    expected_until = s.DateField()
    notice = s.CharField(max_length=2000, help_text=_("给申请人的书面通知：做什么、由谁做、需要多长时间"))


class ResumeInputSerializer(s.Serializer):
    """The report or record came, or the laboratory was barred."""

    ended_on = s.DateField()
    because = s.ChoiceField(choices=ENDS, default=PauseEnd.RESULT)


class ExtensionInputSerializer(s.Serializer):
    """How much more time, and why."""

    days = s.IntegerField(min_value=1, max_value=MAX_EXTENSION)
    reasons = s.CharField(max_length=2000)


class ExtensionDecisionSerializer(s.Serializer):
    """The head's word."""

    granted = s.BooleanField()


class Pause(DeskAct):
    """Stop the clock (L1 art. 45, L2 art. 24 ¶2)."""

    @act("pause", _("停计时限并通知申请人"), tag=TAG, request=PauseInputSerializer,
         examples=both(samples.PAUSE, samples.PAUSE_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.decide(request, public_id, pauses.pause, **cleaned(PauseInputSerializer, request.data))


class Resume(DeskAct):
    """Let the clock run again."""

    @act("resume", _("恢复计时"), tag=TAG, request=ResumeInputSerializer, examples=both(samples.RESUME),
         refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID, pause_id: UUID) -> Response:
        data = cleaned(ResumeInputSerializer, request.data)
        return self.decide(request, public_id, pauses.resume, pause_id=pause_id, **data)


class ProposeExtension(DeskAct):
    """Ask the head for more time, once (L1 art. 42)."""

    @act("propose_extension", _("建议延长时限"), tag=TAG, request=ExtensionInputSerializer,
         examples=both(samples.EXTEND, samples.EXTEND_EN), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(ExtensionInputSerializer, request.data)
        return self.decide(request, public_id, extension.propose_extension, **data)


class DecideExtension(DeskAct):
    """The head decides (K11)."""

    @act("decide_extension", _("机关负责人决定是否延长"), tag=TAG, request=ExtensionDecisionSerializer,
         examples=both(samples.EXTENDED), refuses=(404, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        data = cleaned(ExtensionDecisionSerializer, request.data)
        return self.decide(request, public_id, extension.decide_extension, **data)
