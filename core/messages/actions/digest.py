"""The daily mail: one a person and day, at 08:30 in Shanghai, with what is still unread and what waits at the desk."""

from collections.abc import Iterator
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.lifecycle.registry import registry
from core.messages.kinds import CATEGORIES
from core.messages.models import Channel, Delivery
from core.messages.ports import Letter
from core.messages.queries import reachable, standing_on
from core.messages.render import Notice, notice_of
from core.parties.competence import Standing

HOUR = time(8, 30)
LONGEST = 100
"""Notices written out in one mail; the rest is a number and a link."""

_STATE = Delivery.State


def prepare_digests(*, at: datetime) -> int:
    """Make today's digest for everybody who has something held; returns how many are new.

    May run at any time and any number of times: before 08:30 nothing happens, a day has one digest per person, and
    it holds what was posted before 08:30 of that day however late the run comes.
    """
    day = shanghai_date(at)
    cutoff = datetime.combine(day, HOUR, tzinfo=SHANGHAI)
    if at < cutoff:
        return 0
    held = Delivery.objects.filter(
        state=_STATE.HELD, channel=Channel.EMAIL, digest__isnull=True, message__created_at__lt=cutoff
    )
    made = 0
    for recipient in held.order_by("recipient_id").values_list("recipient_id", flat=True).distinct():
        with transaction.atomic():
            digest, new = Delivery.objects.get_or_create(
                recipient_id=recipient, digest_of=day,
                defaults={"channel": Channel.EMAIL, "next_attempt_at": at},
            )  # fmt: skip
            if new:
                held.filter(recipient_id=recipient).update(digest=digest)
                made += 1
    return made


def digest_letter(digest: Delivery, at: datetime) -> Letter | str:
    """The daily mail in the active language, or why there is none: all read by now, or no longer theirs to see."""
    user = digest.recipient
    standing = standing_on(user, shanghai_date(at))
    rows = (
        digest.items.filter(message__read_at__isnull=True).select_related("message").order_by("-message_id")
    )
    messages = [row.message for row in rows if row.message is not None]
    allowed = reachable(messages, standing)
    notices = [notice_of(message) for message in messages if message.pk in allowed]
    if not notices:
        return "nothing_left"
    title = ngettext("%(n)s 条新消息", "%(n)s 条新消息", len(notices)) % {"n": len(notices)}
    body = "\n".join([*_by_category(notices[:LONGEST]), *_rest(len(notices) - LONGEST), *_desk(standing)])
    url = settings.PUBLIC_BASE_URL + reverse("inbox:list")
    return Letter(str(digest.public_id), "inbox.digest", "", title, body.strip(), url, at)


def _by_category(notices: list[Notice]) -> Iterator[str]:
    for category in CATEGORIES.values():
        own = [notice for notice in notices if notice.category == category]
        if own:
            yield f"\n【{category.label}】"
            yield from (f"· {notice.title}" for notice in own)


def _rest(number: int) -> Iterator[str]:
    if number > 0:
        yield "\n" + _("还有 %(n)s 条，请登录查看。") % {"n": number}


def _desk(standing: Standing) -> Iterator[str]:
    """What waits for this person's duties, each app answering through its own competence query."""
    if not standing.is_official:
        return
    rows = [row for row in registry.todos_for(standing) if row.get("label")]
    if rows:
        yield "\n" + _("【现在等你办的】")
        yield from (f"· {row['label']}{_count(row.get('count'))}" for row in rows)


def _count(number: object) -> str:
    return f" × {number}" if isinstance(number, int) and number > 1 else ""


def digest_done(*, digest: Delivery, at: datetime) -> None:
    """A digest that is sent, or has nothing left, settles what it held."""
    held = digest.items.filter(state=_STATE.HELD)
    held.filter(message__read_at__isnull=False).update(state=_STATE.DROPPED, done_at=at, error="read")
    held.update(state=digest.state, done_at=at)
