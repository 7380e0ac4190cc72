"""From a posted notice to the channels: planned in one transaction, sent after it, claimed so that it goes out once.

A delivery is claimed by a conditional UPDATE before anything leaves; a worker that dies in between leaves a claim,
which falls due again after `CLAIM_EXPIRES`. Its id goes along each time, so a receiver can drop the second.
"""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import override

from core.lifecycle.dates import shanghai_date
from core.messages.actions.digest import digest_done, digest_letter
from core.messages.kinds import CATEGORIES, kind_of
from core.messages.models import Channel, Choice, Delivery, Message, Preference
from core.messages.ports import GiveUp, Letter, Port, TryAgain, email, sms, webhook
from core.messages.queries import choices_of, preference_of, reach_of, reachable, standing_on, wanted
from core.messages.render import notice_of
from core.messages.rules import PARK_AFTER, next_attempt, ways
from core.messages.secrets import opened

logger = logging.getLogger(__name__)

PORTS: Mapping[str, Port] = {Channel.EMAIL: email, Channel.SMS: sms, Channel.WEBHOOK: webhook}
CLAIM_EXPIRES = timedelta(minutes=10)
BATCH = 200
TROUBLE = 3
"""Failures in a row after which a channel is left alone until the next round."""

_STATE = Delivery.State


def plan(*, batch: UUID, at: datetime) -> int:
    """Note what each message of a batch owes to the channels its reader chose; again changes nothing."""
    messages = list(Message.objects.filter(batch=batch).select_related("recipient"))
    people = {row.recipient_id for row in messages}
    choices = choices_of(people)
    preferences = Preference.objects.in_bulk(people)
    owed = [
        Delivery(
            recipient_id=row.recipient_id, message=row, channel=channel, next_attempt_at=at,
            state=_STATE.HELD if waits else _STATE.DUE,
        )
        for row in messages
        for channel, waits in _ways_of(row, preferences, choices)
    ]  # fmt: skip
    Delivery.objects.bulk_create(owed, ignore_conflicts=True)
    return len(owed)


def _ways_of(
    message: Message, preferences: Mapping[int, Preference], choices: Mapping[tuple[int, str], Choice]
) -> list[tuple[str, bool]]:
    kind, user = kind_of(message.kind), message.recipient
    if kind is None or not user.is_active:
        return []
    category = CATEGORIES[kind.category]
    reach = reach_of(user, preferences.get(user.pk) or Preference(user=user))
    want = wanted(category, choices.get((user.pk, category.code)))
    return list(ways(want, reach, urgent=kind.urgent, fixed=category.fixed))


def send_batch(*, batch: UUID, at: datetime) -> int:
    """Send what one batch owes, right after its planning; a channel in trouble is left to the regular round."""
    troubled = _due(at - timedelta(minutes=1)).filter(attempts__gt=0).values_list("channel", flat=True)
    return _send(_due(at).filter(message__batch=batch).exclude(channel__in=set(troubled)), at, seconds=10)


def send_due(*, at: datetime, seconds: float = 30) -> int:
    """Send everything due, oldest first, for at most `seconds`; returns how many left. Claims left behind fall due."""
    lost = Delivery.objects.filter(state=_STATE.SENDING, claimed_at__lt=at - CLAIM_EXPIRES)
    lost.filter(attempts__gte=PARK_AFTER).update(state=_STATE.PARKED, error="lost", done_at=at)
    lost.update(state=_STATE.DUE, next_attempt_at=at, error="lost")
    return _send(_due(at), at, seconds=seconds)


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=_STATE.DUE, next_attempt_at__lte=at)


def _send(due: QuerySet[Delivery], at: datetime, *, seconds: float) -> int:
    until, failures, sent = time.monotonic() + seconds, Counter[str](), 0
    for key, channel in list(due.order_by("next_attempt_at", "id").values_list("pk", "channel")[:BATCH]):
        if time.monotonic() > until:
            break
        if failures[channel] >= TROUBLE or not _claimed(key, at):
            continue
        delivery = Delivery.objects.select_related("message", "recipient").get(pk=key)
        if _sent(delivery, at):
            failures[channel], sent = 0, sent + 1
        elif delivery.state == _STATE.DUE:
            failures[channel] += 1
    return sent


def _claimed(key: int, at: datetime) -> bool:
    """Whether this worker is the one to send it."""
    return bool(
        _due(at).filter(pk=key).update(state=_STATE.SENDING, claimed_at=at, attempts=F("attempts") + 1)
    )


def _sent(delivery: Delivery, at: datetime) -> bool:
    """Send a claimed delivery and note how it went. Nothing that happens outside raises here."""
    try:
        reason = _hand_over(delivery, at)
    except GiveUp as refusal:
        _close(delivery, _STATE.PARKED, at, refusal.code)
        return False
    except Exception as error:
        code = error.code if isinstance(error, TryAgain) else type(error).__name__
        logger.warning("delivery %s by %s failed: %s", delivery.public_id, delivery.channel, code)
        again = next_attempt(delivery.attempts, at)
        if again is None:
            _close(delivery, _STATE.PARKED, at, code)
        else:
            delivery.next_attempt_at = again
            _close(delivery, _STATE.DUE, None, code)
        return False
    _close(delivery, _STATE.DROPPED if reason else _STATE.SENT, at, reason)
    return not reason


def _close(delivery: Delivery, state: str, done_at: datetime | None, code: str) -> None:
    """Note the outcome, unless the claim has expired and passed to another."""
    delivery.state, delivery.done_at, delivery.error = state, done_at, code[:48]
    mine = Delivery.objects.filter(pk=delivery.pk, state=_STATE.SENDING, attempts=delivery.attempts)
    changed = mine.update(
        state=state, done_at=done_at, error=delivery.error, next_attempt_at=delivery.next_attempt_at
    )
    if changed and done_at and delivery.digest_of and state in (_STATE.SENT, _STATE.DROPPED):
        digest_done(digest=delivery, at=done_at)


def _hand_over(delivery: Delivery, at: datetime) -> str:
    """Send one letter, or say in a word why it is not sent: rights and wishes are asked anew at this moment."""
    user, port = delivery.recipient, PORTS[delivery.channel]
    preference = preference_of(user)
    if not user.is_active:
        return "inactive"
    to, secret = _address(delivery, preference)
    if not to or not port.offered():
        return "no_address"
    with override(preference.language):
        letter = digest_letter(delivery, at) if delivery.digest_of else _letter(delivery, preference, at)
    if isinstance(letter, str):
        return letter
    port.send(letter, to, secret=secret, at=at)
    return ""


def _address(delivery: Delivery, preference: Preference) -> tuple[str, bytes]:
    if delivery.channel == Channel.EMAIL:
        return delivery.recipient.email, b""
    if delivery.channel == Channel.SMS:
        return preference.phone, b""
    return preference.webhook_url, opened(preference.webhook_secret)


def _letter(delivery: Delivery, preference: Preference, at: datetime) -> Letter | str:
    message, user = delivery.message, delivery.recipient
    assert message is not None
    kind = kind_of(message.kind)
    if kind is None:
        return "kind_gone"
    choices = choices_of([user.pk])
    still = {channel for channel, _waits in _ways_of(message, {user.pk: preference}, choices)}
    if delivery.channel not in still:
        return "switched_off"
    if message.pk not in reachable([message], standing_on(user, shanghai_date(at))):
        return "no_access"
    notice = notice_of(message)
    url = settings.PUBLIC_BASE_URL + reverse("inbox:message", kwargs={"public_id": message.public_id})
    return Letter(
        str(delivery.public_id),
        message.kind,
        kind.category,
        notice.title,
        notice.body,
        url,
        message.created_at,
    )


def retry(*, public_id: UUID, at: datetime) -> bool:
    """Give what was parked a fresh start (operator); False when nothing of that id is parked."""
    row = Delivery.objects.filter(public_id=public_id, state=_STATE.PARKED)
    return bool(row.update(state=_STATE.DUE, attempts=0, next_attempt_at=at, done_at=None))
