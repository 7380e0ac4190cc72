"""The read side: a person's inbox, how a person wants to be told, what could not be sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from core.messages.kinds import CATEGORIES, Category, Enclosure, Enclosures, kind_of
from core.messages.models import Choice, Delivery, Message, Preference
from core.messages.ports import email, sms, webhook
from core.messages.render import Notice, notice_of
from core.messages.rules import Reach, Wanted
from core.parties.competence import Standing, standing_of
from core.parties.models import User

PAGE = 25
MANY = 99


def unread_count(user_id: int) -> int:
    """How many messages wait unread, at most `MANY` + 1: one query on the index of unread rows."""
    return Message.objects.filter(recipient_id=user_id, read_at__isnull=True).order_by()[: MANY + 1].count()


@dataclass(frozen=True)
class Inbox:
    """One page of an inbox, newest first; `next_cursor` continues it, `upto` is the newest message shown."""

    notices: tuple[Notice, ...]
    unread_only: bool
    next_cursor: str
    upto: int


def inbox(user_id: int, *, unread_only: bool, after: str, standing: Standing | None = None) -> Inbox:
    """A person's messages in one query, and for `standing` what came with them, one question per app whatever their
    number. A malformed position starts at the top."""
    found = Message.objects.filter(recipient_id=user_id).order_by("-id")
    if unread_only:
        found = found.filter(read_at__isnull=True)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    rows = list(found[: PAGE + 1])
    page = rows[:PAGE]
    came = enclosed(page, standing) if standing else {}
    return Inbox(
        tuple(notice_of(row, enclosure=came.get(row.pk)) for row in page),
        unread_only,
        str(page[-1].pk) if len(rows) > PAGE else "",
        page[0].pk if page else 0,
    )


def message_of(user_id: int, public_id: UUID) -> Message:
    """One's own message. Raises Message.DoesNotExist, for others' and absent alike."""
    return Message.objects.get(recipient_id=user_id, public_id=public_id)


def reachable(messages: Iterable[Message], standing: Standing) -> set[int]:
    """Keys of the messages whose page this person may still open: one question per app, whatever their number."""
    rows = list(messages)
    asked: dict[object, set[str]] = {}
    for row in rows:
        kind = kind_of(row.kind)
        if kind and kind.visible:
            asked.setdefault(kind.visible, set()).add(row.subject_id)
    answers = {ask: ask(standing, frozenset(ids)) for ask, ids in asked.items()}  # type: ignore[operator]
    found = set()
    for row in rows:
        kind = kind_of(row.kind)
        if kind and (kind.visible is None or row.subject_id in answers[kind.visible]):
            found.add(row.pk)
    return found


def enclosed(messages: Iterable[Message], standing: Standing) -> dict[int, Enclosure]:
    """Papers that came with messages and that this person may open, by the message's key."""
    asked: dict[Enclosures, list[Message]] = {}
    for row in messages:
        kind = kind_of(row.kind)
        if kind and kind.enclosures:
            asked.setdefault(kind.enclosures, []).append(row)
    return {key: paper for ask, rows in asked.items() for key, paper in ask(standing, rows).items()}


def preference_of(user: User) -> Preference:
    """What is stored of how to reach a person, or the defaults, not saved."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def reach_of(user: User, preference: Preference) -> Reach:
    """Channels set up in this installation on which this person has an address."""
    return Reach(
        email=email.offered() and bool(user.email),
        sms=sms.offered() and bool(preference.phone),
        webhook=webhook.offered() and bool(preference.webhook_url),
    )


def wanted(category: Category, choice: Choice | None) -> Wanted:
    """What was chosen for a category, or its default; a webhook, once set, hears everything unless told not to."""
    if choice is None:
        return Wanted(category.default, sms=False, webhook=True)  # type: ignore[arg-type]
    return Wanted(choice.email, choice.sms, choice.webhook)  # type: ignore[arg-type]


def choices_of(user_ids: Iterable[int]) -> Mapping[tuple[int, str], Choice]:
    """Stored choices by person and category, one query."""
    return {(row.user_id, row.category): row for row in Choice.objects.filter(user_id__in=list(user_ids))}


def categories_for(standing: Standing) -> list[Category]:
    """The categories that can concern this person."""
    concerned = {"all"}
    if standing.is_official:
        concerned.add("official")
    if standing.memberships or standing.claims:
        concerned.add("enterprise")
    return [row for row in CATEGORIES.values() if row.audience in concerned]


def standing_on(user: User, on: date) -> Standing:
    """What the recipient of a mail holds on the day it goes out."""
    return standing_of(user, on)


def parked() -> QuerySet[Delivery]:
    """What could not be sent, oldest first, for the operator; codes only, no address and no text."""
    return Delivery.objects.filter(state=Delivery.State.PARKED).order_by("id")
