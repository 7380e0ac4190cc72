"""Notes on a case for machines of the office: the same acts, the same competence; to an enterprise's token they do
not exist."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.response import Response

from core.rest.base import ApiRequest, ApiView
from core.rest.errors import NotFound
from core.rest.schema import both, operation
from core.rest.scopes import Scope
from licensing.api.facts import case_of
from licensing.api.inputs import cleaned
from licensing.models import Application
from licensing.queries.cases import visible
from licensing.workbench.actions import notes as act
from licensing.workbench.models import CaseNote
from licensing.workbench.queries.notes import Notes, notes_of

TAG = "desk"
SAMPLE = {
    "id": "5a0d2c5e-52a2-4b44-9a0a-1b6f0e7a3c10",
    "text": "设备清单与上次核查不同，请现场核对。",
    "pinned": True,
}
SAMPLE_EN = {**SAMPLE, "text": "The list of equipment differs from the last visit; compare on site."}


class NoteSerializer(s.Serializer):
    """One note; those taken back stay in the record."""

    id = s.UUIDField(source="public_id")
    text = s.CharField()
    who = s.CharField()
    written_at = s.DateTimeField()
    pinned = s.BooleanField()
    withdrawn_at = s.DateTimeField(allow_null=True)
    mine = s.BooleanField(help_text=_("本人写的可以撤回"))


class NotesSerializer(s.Serializer):
    """All notes of a case, pinned ones first."""

    notes = NoteSerializer(source="lines", many=True)
    may_write = s.BooleanField()


class NewNoteSerializer(s.Serializer):
    """A note to write; never seen by the applicant."""

    id = s.UUIDField(help_text=_("自己生成的编号；同一编号再发一次，还是同一条备注"))
    text = s.CharField(max_length=4000, trim_whitespace=False)
    pinned = s.BooleanField(default=False)


class PinSerializer(s.Serializer):
    """On top, or not any more."""

    pinned = s.BooleanField()


class CaseNotes(ApiView):
    """The notes of a case, and writing one."""

    scopes = {"GET": (Scope.WORK_READ,), "POST": (Scope.WORK_ACT,)}

    @operation("applications_notes", _("案件的内部备注；申请人看不到"), tag=TAG, answers=NotesSerializer,
               refuses=(404,))  # fmt: skip
    def get(self, request: ApiRequest, public_id: UUID) -> Response:
        return _told(request, case_of(request, public_id))

    @operation("applications_write_note", _("写一条内部备注"), tag=TAG, answers=NotesSerializer,
               request=NewNoteSerializer, examples=both(SAMPLE, SAMPLE_EN), once=True,
               refuses=(404, 409, 415, 422), status=201)  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        case = case_of(request, public_id)
        _notes(request, case)
        data = cleaned(NewNoteSerializer, request.data)

        def write() -> Response:
            act.write_note(
                public_id=public_id, note_id=data["id"], text=data["text"], pinned=data["pinned"],
                actor=request.actor, at=request.at,
            )  # fmt: skip
            return _told(request, case, status=201)

        return self.once(request, write)


class Withdraw(ApiView):
    """Take one's own note back."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("notes_withdraw", _("撤回自己写的备注，记录仍在"), tag=TAG, answers=NotesSerializer, once=True,
               refuses=(404, 409))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return _changed(self, request, public_id, act.withdraw_note)


class Pin(ApiView):
    """Put a note on top, or let it go."""

    scopes = {"POST": (Scope.WORK_ACT,)}

    @operation("notes_pin", _("备注置顶或不再置顶"), tag=TAG, answers=NotesSerializer, request=PinSerializer,
               examples=both({"pinned": True}), once=True, refuses=(404, 409, 415, 422))  # fmt: skip
    def post(self, request: ApiRequest, public_id: UUID) -> Response:
        return _changed(self, request, public_id, act.pin_note, **cleaned(PinSerializer, request.data))


def _changed(view: ApiView, request: ApiRequest, public_id: UUID, change: Any, **facts: Any) -> Response:
    note = CaseNote.objects.filter(public_id=public_id, application__in=visible(request.standing)).first()
    if note is None:
        raise NotFound()
    case = case_of(request, note.application.public_id)
    _notes(request, case)

    def run() -> Response:
        change(public_id=public_id, actor=request.actor, at=request.at, **facts)
        return _told(request, case)

    return view.once(request, run)


def _notes(request: ApiRequest, case: Application) -> Notes:
    """The notes as this reader sees them. Raises NotFound where they are closed to him."""
    found = notes_of(request.standing, case)
    if found is None:
        raise NotFound()
    return found


def _told(request: ApiRequest, case: Application, status: int = 200) -> Response:
    return Response(NotesSerializer(_notes(request, case)).data, status=status)
