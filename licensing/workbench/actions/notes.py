"""Notes on a case: written, pinned, taken back; never rewritten.

A note is no act on the case: its version, clock and time line stay. It has a subject of its own in the ledger,
`workbench.note` with the note's id, and the words stand there only as a digest. Nothing is emitted: nobody outside
the office has anything to learn from a note, not even that there is one.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.parties.competence import standing_for
from licensing.actions.act import NotYourCase, acting_for, person_of, require_not_recused
from licensing.actions.conversation import cleaned
from licensing.models import Application
from licensing.queries.cases import find
from licensing.workbench.models import CaseNote
from licensing.workbench.queries.notes import writing_duty

SUBJECT = "workbench.note"
LONGEST = 2_000
BASIS = (Clause("SEED", "四(四)"), Clause("DESIGN", "内部备注"))


class NothingNoted(Invalid):
    code = "workbench.nothing_noted"
    message = _("请写下备注内容")


class NoteTooLong(Invalid):
    code = "workbench.note_too_long"
    message = _("一条备注最多 %(limit)s 个字，现在有 %(length)s 个")


class NotYourNote(Conflict):
    code = "workbench.not_your_note"
    message = _("只有写备注的人可以撤回它")


class WithdrawnAlready(Conflict):
    code = "workbench.note_withdrawn"
    message = _("这条备注已经撤回")


class NotedDifferently(Conflict):
    code = "workbench.noted_differently"
    message = _("这一页已经记下过一条备注。你新写的还在下面，请再点一次“记下”")


@transaction.atomic
def write_note(
    *, public_id: UUID | str, note_id: UUID, text: str, pinned: bool = False, actor: Actor, at: datetime
) -> CaseNote:
    """Write a note on a case. `note_id` is made by the page, so that a form sent twice is one note.

    Raises NothingNoted, NoteTooLong, NotedDifferently, NotYourCase or Recused.
    """
    case, acting = _competent(public_id, actor, at)
    words = cleaned(text)
    if done := CaseNote.objects.filter(public_id=note_id).first():
        if (done.application_id, done.author_id, done.text) == (case.pk, actor.user_id, words):
            return done
        raise NotedDifferently()
    if not words:
        raise NothingNoted("text")
    if len(words) > LONGEST:
        raise NoteTooLong("text", limit=LONGEST, length=len(words))
    note = CaseNote.objects.create(
        public_id=note_id, application=case, text=words, author=person_of(acting), author_label=acting.label,
        organisation_label=acting.organisation_label, written_at=at, pinned=pinned,
    )  # fmt: skip
    _write_down(note, "note_written", acting, at, personal={"text": words})
    return note


@transaction.atomic
def withdraw_note(*, public_id: UUID | str, actor: Actor, at: datetime) -> CaseNote:
    """Take one's own note back: it stays in the record as withdrawn. Raises NotYourNote, WithdrawnAlready."""
    note, acting = _locked(public_id, actor, at)
    if note.author_id != actor.user_id:
        raise NotYourNote()
    note.withdrawn_at, note.pinned = at, False
    return _advance(note, "note_withdrawn", acting, at)


@transaction.atomic
def pin_note(*, public_id: UUID | str, pinned: bool, actor: Actor, at: datetime) -> CaseNote:
    """Put a note on top, or let it go: by anybody who writes notes on the case. Raises WithdrawnAlready."""
    note, acting = _locked(public_id, actor, at)
    if note.pinned == pinned:
        return note
    note.pinned = pinned
    return _advance(note, "note_pinned" if pinned else "note_unpinned", acting, at)


def _competent(public_id: UUID | str, actor: Actor, at: datetime) -> tuple[Application, Actor]:
    """The case, to somebody who may see it and handles it; the ledger names the authority of that duty."""
    standing = standing_for(actor, at)
    try:
        case = find(standing, public_id)
    except Application.DoesNotExist as error:
        raise NotYourCase() from error
    require_not_recused(case, actor)
    duty = writing_duty(standing, case)
    if duty is None:
        raise NotYourCase()
    return case, acting_for(actor, duty.authority_code, duty.authority_name)


def _locked(public_id: UUID | str, actor: Actor, at: datetime) -> tuple[CaseNote, Actor]:
    note = CaseNote.objects.select_for_update(of=("self",), no_key=True).get(public_id=public_id)
    _case, acting = _competent(note.application.public_id, actor, at)
    if note.withdrawn_at is not None:
        raise WithdrawnAlready()
    return note, acting


def _advance(note: CaseNote, act: str, actor: Actor, at: datetime) -> CaseNote:
    note.version += 1
    note.save()
    _write_down(note, act, actor, at)
    return note


def _write_down(
    note: CaseNote, act: str, actor: Actor, at: datetime, personal: dict[str, str] | None = None
) -> None:
    record(
        act=f"workbench.{act}", subject=Subject(SUBJECT, str(note.public_id), note.version), actor=actor,
        effective_at=at, legal_basis=BASIS, internal={"case": str(note.application.public_id)},
        personal=personal or {},
    )  # fmt: skip
