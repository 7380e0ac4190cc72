"""The applicant's acts: file, answer, take back, take delivery, speak."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.schema import both, operation
from core.rest.scopes import READING, WRITING, Scope
from core.rest.tags import seen
from licensing.actions.conversation import note_read, send_message
from licensing.actions.correction import resubmit
from licensing.actions.delivery import deliver
from licensing.actions.filing import retract, submit
from licensing.actions.typed import forget
from licensing.api import samples
from licensing.api.facts import case_of, respond
from licensing.api.inputs import SayingSerializer, cleaned
from licensing.api.shapes import CaseSerializer, ConversationSerializer
from licensing.models import Application
from licensing.queries.conversation import conversation_of, may_read

TAG = "filing"


def act(name: str, summary: Any, *, refuses: tuple[int, ...] = (404, 422), **more: Any) -> Any:
    """The description of a legal act on a case."""
    more.setdefault("tag", TAG)
    return operation(
        f"applications_{name}",
        summary,
        answers=CaseSerializer,
        moves=True,
        once=True,
        refuses=refuses,
        **more,
    )


class CaseAct(ApiView):
    """One act on one case, at most once under its `Idempotency-Key`."""

    scopes = {"POST": (Scope.APPLICATIONS_FILE,)}

    def do(
        self, request: ApiRequest, public_id: UUID, body: Callable[[Application, int, int], Any]
    ) -> Response:
        """Run `body(case, version, saves)` with what the client saw, and answer with the case as it stands then."""

        def acted() -> Response:
            case = case_of(request, public_id)
            version, saves = seen(request, 2)
            body(case, version, saves)
            return respond(request, case)

        return self.once(request, acted)


class Submit(CaseAct):
    """File the draft (S1)."""

    @act("submit", _("提交申请，得到注明日期的收件回执"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        def file(case: Application, version: int, saves: int) -> None:
            submit(public_id=public_id, draft_version=saves, actor=request.actor, at=request.at)
            forget(application=case)

        return self.do(request, public_id, file)


class Resubmit(CaseAct):
    """Send the answer to the notice (S6)."""

    @act("resubmit", _("提交补正"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(
            request, public_id,
            lambda case, version, saves: resubmit(
                public_id=public_id, draft_version=saves, actor=request.actor, at=request.at
            ),
        )  # fmt: skip


class Retract(CaseAct):
    """Take an undecided application back."""

    @act("retract", _("撤回未作决定的申请"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return self.do(
            request, public_id,
            lambda case, version, saves: retract(
                public_id=public_id, expected_version=version, actor=request.actor, at=request.at
            ),
        )  # fmt: skip


class Deliver(CaseAct):
    """Take delivery of the certificate or of a refusal (S15)."""

    @act("deliver", _("签收证书或不予许可决定"))
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        def take(case: Application, version: int, saves: int) -> None:
            if case.enterprise_id not in request.standing.enterprise_ids:
                raise NotFound()
            deliver(public_id=public_id, actor=request.actor, at=request.at)

        return self.do(request, public_id, take)


class Conversation(ApiView):
    """What was said in a case, and saying something (R-86)."""

    scopes = {"GET": READING, "POST": WRITING}

    @operation("applications_conversation", _("案件往来；读取不等于已读"), tag=TAG, answers=ConversationSerializer,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return _told(request, self._case(request, public_id))

    @operation("applications_say", _("发一条消息"), tag=TAG, answers=ConversationSerializer, request=SayingSerializer,
               examples=both(samples.SAYING, samples.SAYING_EN), once=True, refuses=(404, 409, 415, 422),
               status=201)  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        case = self._case(request, public_id)
        data = cleaned(SayingSerializer, request.data)

        def say() -> Response:
            send_message(
                public_id=public_id, message_id=data["id"], text=data["text"], wants_reply=data["wants_reply"],
                actor=request.actor, at=request.at,
            )  # fmt: skip
            return _told(request, case, status=201)

        return self.once(request, say)

    def _case(self, request: ApiRequest, public_id: UUID) -> Application:
        return _open_conversation(request, public_id)


def _open_conversation(request: ApiRequest, public_id: UUID) -> Application:
    case = case_of(request, public_id)
    if case.is_draft or not may_read(request.standing, case):
        raise NotFound()
    return case


def _told(request: ApiRequest, case: Application, status: int = 200) -> Response:
    shown = conversation_of(case, request.standing, request.today)
    return Response(ConversationSerializer(shown).data, status=status)


class Read(ApiView):
    """Tell the other side that its messages were read."""

    scopes = {"POST": WRITING}

    @operation("applications_read_messages", _("把对方的消息记为已读"), tag=TAG, answers=ConversationSerializer,
               once=True, refuses=(404, 409))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        case = _open_conversation(request, public_id)

        def note() -> Response:
            note_read(public_id=public_id, actor=request.actor, at=request.at)
            return _told(request, case)

        return self.once(request, note)
