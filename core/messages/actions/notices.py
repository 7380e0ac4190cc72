"""Telling people, and their reading of it."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.lifecycle.actors import Actor
from core.lifecycle.subjects import Subject
from core.messages.kinds import kind_of
from core.messages.models import Choice, Delivery, Message, PhoneCode, Preference
from core.messages.render import words_of
from core.outbox.actions import emit

POSTED = "messages.posted"
_NOTHING: Mapping[str, Any] = {}


def notify(
    *,
    kind: str,
    recipients: Iterable[int],
    subject: Subject,
    at: datetime,
    params: Mapping[str, Any] = _NOTHING,
    url_kwargs: Mapping[str, str] = _NOTHING,
) -> int:
    """Put a notice in each person's inbox, in the transaction of the act it tells of; returns how many are new.

    Once per person, kind and subject version: an event heard again tells nobody twice. E-mail and the other
    channels follow after commit. Raises LookupError for an unregistered kind, KeyError when `params` lack a value.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a notice belongs to the transaction of its act")
    found = kind_of(kind)
    if found is None:
        raise LookupError(f"no kind of notice is named {kind}")
    words_of(found, params)
    batch = uuid.uuid4()
    Message.objects.bulk_create(
        (
            Message(
                recipient_id=recipient, batch=batch, kind=kind, subject_kind=subject.kind, subject_id=subject.id,
                subject_version=subject.version, params=dict(params),
                url_kwargs={name: str(value) for name, value in url_kwargs.items()}, created_at=at,
            )
            for recipient in sorted(set(recipients))
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    told = Message.objects.filter(batch=batch).count()
    if told:
        emit(type=POSTED, subject=Subject("messages.batch", str(batch), 1))
    return told


def mark_read(*, public_id: UUID, actor: Actor, at: datetime) -> Message:
    """Note that its reader has opened a message; the first time counts. Raises Message.DoesNotExist for others'."""
    own = Message.objects.filter(recipient_id=actor.user_id, public_id=public_id)
    own.filter(read_at__isnull=True).update(read_at=at)
    return own.get()


def mark_all_read(*, upto: int, actor: Actor, at: datetime) -> int:
    """Note everything up to a message as read: what arrived after the page was drawn stays unread."""
    own = Message.objects.filter(recipient_id=actor.user_id, read_at__isnull=True, pk__lte=upto)
    return own.update(read_at=at)


def mark_seen(*, subject: Subject, actor: Actor, at: datetime) -> int:
    """Note all notices about a matter as read, whatever their version: its reader has the matter before his eyes."""
    own = Message.objects.filter(
        recipient_id=actor.user_id, read_at__isnull=True, subject_kind=subject.kind, subject_id=subject.id
    )
    return own.update(read_at=at)


def mark_told(*, subject: Subject, actor: Actor, at: datetime) -> int:
    """Note the notices about one act as read: its reader has the paper of it before his eyes."""
    own = Message.objects.filter(
        recipient_id=actor.user_id, read_at__isnull=True, subject_kind=subject.kind, subject_id=subject.id,
        subject_version=subject.version,
    )  # fmt: skip
    return own.update(read_at=at)


@transaction.atomic
def forget(*, user_id: int) -> None:
    """Erase everything kept here about a person: messages, what was sent, addresses, choices."""
    Delivery.objects.filter(recipient_id=user_id).delete()
    Message.objects.filter(recipient_id=user_id).delete()
    for model in (Choice, PhoneCode, Preference):
        model.objects.filter(user_id=user_id).delete()
