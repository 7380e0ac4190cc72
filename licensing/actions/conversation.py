"""Messages between applicant and authority: part of the case file, no notice, no pause, no demand (R-86, R-31).

A message leaves the case itself as it is: state, clocks and upload slots stand in `Application`, which is locked here
and not written. So it has a subject of its own in the ledger, `licensing.conversation` with the case's id and its own
consecutive versions, and nobody's open page of the case grows stale by it.
"""

import unicodedata
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date, shanghai_midnight
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.messages.actions import mark_seen
from core.outbox.actions import emit
from core.parties.competence import standing_for
from licensing.actions.act import NotYourCase, OwnInterest, locked, person_of, require_not_recused
from licensing.clock import compute_due
from licensing.models import Application, CaseMessage
from licensing.profile import PROFILE
from licensing.queries.conversation import authority_desk, is_closed, may_write, side_of

SUBJECT = "licensing.conversation"
SENT = "licensing.message_sent"
LONGEST = 2_000
MOST_A_DAY = 20
"""Messages an enterprise may send in one case on one day: each of them goes to the officials' mailboxes."""
BASIS = (Clause("SEED", "四(四)"), Clause("DESIGN", "案件往来"))
SIDE = CaseMessage.Side


class NothingWritten(Invalid):
    code = "licensing.nothing_written"
    message = _("请写下要说的话")


class TooLong(Invalid):
    code = "licensing.message_too_long"
    message = _("一条消息最多 %(limit)s 个字，现在有 %(length)s 个")


class CaseClosed(Conflict):
    code = "licensing.case_closed"
    message = _("这件申请已经办结，往来只能查看")


class EnoughForToday(Conflict):
    code = "licensing.enough_messages_for_today"
    message = _("这件申请今天已经发出 %(count)s 条消息，明天可以再发")


class SentDifferently(Conflict):
    code = "licensing.sent_differently"
    message = _("这一页已经发出过一条消息。你新写的还在下面，请再点一次“发出”")


@transaction.atomic
def send_message(
    *, public_id: UUID | str, message_id: UUID, text: str, wants_reply: bool, actor: Actor, at: datetime
) -> CaseMessage:
    """Send one message. `message_id` is made by the page, so that a form sent twice is one message.

    An applicant's question is owed a reply within `PROFILE.reply`; any message of the authority answers what is open.
    Raises NothingWritten, TooLong, CaseClosed, EnoughForToday, NotYourCase, OwnInterest,
    SentDifferently.
    """
    application = locked(public_id)
    side, sender = _sender(application, actor, at)
    words = cleaned(text)
    if done := CaseMessage.objects.filter(public_id=message_id).first():
        return _again(done, application, actor, words)
    if is_closed(application):
        raise CaseClosed()
    _check(words)
    if side == SIDE.APPLICANT:
        _check_frequency(application, at)
    due = _reply_due(application, at) if side == SIDE.APPLICANT and wants_reply else None
    if side == SIDE.AUTHORITY:
        _open_questions(application).update(answered_at=at)
    message = CaseMessage.objects.create(
        public_id=message_id, application=application, side=side, text=words, sent_by=person_of(sender),
        sender_label=sender.label, organisation_label=sender.organisation_label, sent_at=at, reply_due_on=due,
    )  # fmt: skip
    _write_down(message, sender, at)
    return message


def cleaned(text: str) -> str:
    """Line ends as \\n, no control or invisible direction characters, no blank edges."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return "".join(kept).strip()


def _check(words: str) -> None:
    if not words:
        raise NothingWritten("text")
    if len(words) > LONGEST:
        raise TooLong("text", limit=LONGEST, length=len(words))


def _check_frequency(application: Application, at: datetime) -> None:
    sent = application.messages.filter(
        side=SIDE.APPLICANT, sent_at__gte=shanghai_midnight(shanghai_date(at))
    ).count()
    if sent >= MOST_A_DAY:
        raise EnoughForToday(count=sent)


def _again(done: CaseMessage, application: Application, actor: Actor, words: str) -> CaseMessage:
    """The same form once more is the same message; the id with other content is none of ours."""
    if done.application_id != application.pk or done.sent_by_id != actor.user_id or done.text != words:
        raise SentDifferently()
    return done


def _sender(application: Application, actor: Actor, at: datetime) -> tuple[str, Actor]:
    """Which side the actor speaks for, and in whose name. One who is on both sides speaks for the enterprise alone;
    one who recused himself does not speak for the authority."""
    standing = standing_for(actor, at)
    side = side_of(standing, application)
    if side == SIDE.APPLICANT:
        held = next(m for m in standing.memberships if m.enterprise_id == application.enterprise_id)
        return side, Actor(
            actor.kind, actor.code, actor.label, held.uscc, held.enterprise_name, actor.user_id
        )
    if side is None:
        raise NotYourCase()
    if actor.user_id == application.created_by_id:
        raise OwnInterest()
    require_not_recused(application, actor)
    if not is_closed(application) and not may_write(standing, application):
        raise NotYourCase()
    desk = authority_desk(standing, application)
    assert desk is not None
    return side, Actor(
        actor.kind, actor.code, actor.label, desk.authority_code, desk.authority_name, actor.user_id
    )


def _reply_due(application: Application, at: datetime) -> date:
    return compute_due(shanghai_date(at), PROFILE.reply, application.filing_division).on


def _open_questions(application: Application) -> QuerySet[CaseMessage]:
    return CaseMessage.objects.filter(
        application=application, side=SIDE.APPLICANT, reply_due_on__isnull=False, answered_at__isnull=True
    )


def _write_down(message: CaseMessage, sender: Actor, at: datetime) -> None:
    """Ledger and event: the case is locked, so the number of its messages is the next version."""
    application = message.application
    subject = Subject(SUBJECT, str(application.public_id), application.messages.count())
    record(
        act=SENT, subject=subject, actor=sender, effective_at=at, legal_basis=BASIS,
        internal={"side": message.side, "reply_due_on": str(message.reply_due_on or "")},
        personal={"text": message.text},
    )  # fmt: skip
    emit(type=SENT, subject=subject)


def note_read(*, public_id: UUID | str, actor: Actor, at: datetime) -> int:
    """The other side has the messages before its eyes: note when, the first time; returns how many.

    A fact of display and no act: it changes nothing of the case and is no proof of service. Those who only read along
    (approver, auditor) leave no mark.
    """
    application = Application.objects.get(public_id=public_id)
    side = side_of(standing_for(actor, at), application)
    if side is None:
        return 0
    mark_seen(subject=Subject(SUBJECT, str(public_id)), actor=actor, at=at)
    return application.messages.exclude(side=side).filter(read_at__isnull=True).update(read_at=at)
