"""The conversation of a case as each side may see it (R-86; DOMAIN §8 "case message").

Applicants and the desk that has the case write; approvers, heads and auditors read along.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from core.parties.competence import HeldDuty, Standing
from core.parties.models import Duty
from licensing.lifecycle import FINAL, Status
from licensing.models import Application, CaseMessage
from licensing.queries.cases import visible
from licensing.queries.hands import is_recused, recused_from

_KIND = Duty.Kind
SIDE = CaseMessage.Side
UNDER_REVIEWER = frozenset({Status.UNDER_REVIEW, Status.REVIEW_COMPLETED, Status.REVIEW_FAILED})


def is_closed(application: Application) -> bool:
    """Nothing is written in a draft or in a case that has ended."""
    return application.is_draft or application.status in FINAL


def authority_desk(standing: Standing, application: Application) -> HeldDuty | None:
    """The duty by which a person speaks for the authority: acceptance at its desk, or the review he has in hand."""
    for duty in standing.duties:
        if duty.kind == _KIND.ACCEPTANCE and duty.authority_id == application.acceptance_authority_id:
            return duty
        if (
            duty.kind == _KIND.REVIEW
            and duty.authority_id == application.review_authority_id
            and application.is_in_hands_of(standing.user_id)
        ):
            return duty
    return None


def side_of(standing: Standing, application: Application) -> str | None:
    """Which side a person is on; None for those who only read along or have no part in it. Own interest comes first."""
    if application.enterprise_id in standing.enterprise_ids:
        return SIDE.APPLICANT
    return SIDE.AUTHORITY if authority_desk(standing, application) else None


def may_write(standing: Standing, application: Application) -> bool:
    """The applicant and the desk that has the case, while it is open: the reviewer once he has taken it in hand, else
    the clerks of acceptance, who stay reachable for a case that nobody reviews yet or any more."""
    side = side_of(standing, application)
    if side is None or is_closed(application):
        return False
    if side == SIDE.APPLICANT:
        return True
    if application.created_by_id == standing.user_id or is_recused(application):
        return False
    if not application.reviewer_stated or application.status not in UNDER_REVIEWER:
        return any(
            d.kind == _KIND.ACCEPTANCE and d.authority_id == application.acceptance_authority_id
            for d in standing.duties
        )
    return application.is_in_hands_of(standing.user_id)


def may_read(standing: Standing, application: Application) -> bool:
    """Whether the conversation of a case this person may open is open to him too."""
    if side_of(standing, application) is not None:
        return True
    authorities = {
        application.filing_authority_id, application.deciding_authority_id, application.acceptance_authority_id,
        application.approval_authority_id,
    }  # fmt: skip
    along = standing.authorities(_KIND.ACCEPTANCE, _KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT)
    return standing.audits_everything or bool(authorities & along)


@dataclass(frozen=True)
class Line:
    """One message as this viewer sees it: applicants see the organisation, officials the person as well (R-47)."""

    text: str
    mine: bool
    who: str
    sent_at: datetime
    read_at: datetime | None
    reply_due_on: date | None
    answered_at: datetime | None
    unread: bool


@dataclass(frozen=True)
class Conversation:
    """All of it, oldest first, with what it asks of whom."""

    lines: tuple[Line, ...]
    side: str | None
    may_write: bool
    closed: bool
    reply_due_on: date | None
    overdue: bool
    unread: int

    @property
    def last(self) -> Line | None:
        return self.lines[-1] if self.lines else None


def conversation_of(application: Application, standing: Standing, today: date) -> Conversation:
    """The conversation in one query, whatever its length."""
    side = side_of(standing, application)
    rows = list(CaseMessage.objects.filter(application=application).order_by("id"))
    open_questions = [row.reply_due_on for row in rows if row.reply_due_on and row.answered_at is None]
    due = min(open_questions) if open_questions and not is_closed(application) else None
    lines = tuple(_line(row, side, is_official=standing.is_official) for row in rows)
    return Conversation(
        lines, side, may_write(standing, application), is_closed(application), due, bool(due and today > due),
        sum(line.unread for line in lines),
    )  # fmt: skip


def _line(row: CaseMessage, side: str | None, *, is_official: bool) -> Line:
    by_authority = row.side == SIDE.AUTHORITY
    named = not by_authority if side == SIDE.APPLICANT else is_official
    who = f"{row.organisation_label} · {row.sender_label}" if named else row.organisation_label
    return Line(
        text=row.text, mine=row.side == side, who=who, sent_at=row.sent_at,
        read_at=row.read_at, reply_due_on=row.reply_due_on, answered_at=row.answered_at,
        unread=side is not None and row.side != side and row.read_at is None,
    )  # fmt: skip


def answerable(standing: Standing) -> Q:
    """Open cases whose applicant this person would have to answer, the rule of `may_write` in SQL."""
    clerks = Q(acceptance_authority_id__in=standing.authorities(_KIND.ACCEPTANCE)) & (
        Q(reviewer_stated=False) | ~Q(status__in=UNDER_REVIEWER)
    )
    reviewer = Q(
        reviewer_id=standing.user_id, reviewer_stated=True, review_authority_id__in=standing.authorities(_KIND.REVIEW),
        status__in=UNDER_REVIEWER,
    )  # fmt: skip
    own = Q(enterprise_id__in=standing.enterprise_ids) | Q(created_by_id=standing.user_id)
    return (clerks | reviewer) & ~own & ~Q(recused_from(standing)) & ~Q(status__in=[Status.DRAFT, *FINAL])


def questions(standing: Standing, most: int) -> list[Application]:
    """Cases whose applicant waits for this person's answer, the most urgent first, with `reply_due_on`; one query."""
    open_questions = CaseMessage.objects.filter(reply_due_on__isnull=False, answered_at__isnull=True)
    first = (
        open_questions.filter(application=OuterRef("pk")).order_by("reply_due_on").values("reply_due_on")[:1]
    )
    return list(
        visible(standing)
        .filter(answerable(standing), pk__in=open_questions.values("application"))
        .annotate(reply_due_on=Subquery(first))
        .select_related("filing_authority")
        .order_by("reply_due_on", "pk")[:most]
    )


def readable_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these cases, those whose conversation this person may open."""
    rows = visible(standing).filter(public_id__in=ids)
    return frozenset(str(row.public_id) for row in rows if may_read(standing, row))


def context_of(application: Application, standing: Standing, today: date) -> dict[str, Any]:
    """What the summary on the case page shows; nothing for those to whom the conversation is closed."""
    if application.is_draft or not may_read(standing, application):
        return {}
    return {"conversation": conversation_of(application, standing, today), "case": application}
