"""How a person wants to be told: choices per category, language, phone, webhook. Each change of address is told."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.subjects import Subject
from core.messages.actions.notices import notify
from core.messages.kinds import CATEGORIES, OFF, codes_of
from core.messages.models import Choice, Delivery, PhoneCode, Preference
from core.messages.ports import GiveUp, Letter, TryAgain, sms
from core.messages.ports.addresses import AddressRefused, checked
from core.messages.rules import Wanted
from core.messages.secrets import code_digest, new_code, new_secret, sealed
from core.parties.models import User

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODES_AN_HOUR = 3
CODES_A_DAY_PER_NUMBER = 5


class AddressNotAllowed(Invalid):
    code = "messages.address_not_allowed"
    message = _("这个地址不能用：%(reason)s")


class TooManyCodes(Conflict):
    code = "messages.too_many_codes"
    message = _("验证码发得太频繁。请过一小时再试")


class CodeNotSent(Conflict):
    code = "messages.code_not_sent"
    message = _("短信暂时发不出去，请稍后再试")


class CodeWrong(Invalid):
    code = "messages.code_wrong"
    message = _("验证码不对或已失效。请核对，或重新获取")


REASONS = {
    "shape": _("请写完整的网址，例如 https://example.com/hook"),
    "https": _("须以 https:// 开头"),
    "credentials": _("网址里不要写用户名和密码"),
    "unknown": _("找不到这个域名"),
    "private": _("它指向内部网络"),
}


@transaction.atomic
def choose(*, language: str, choices: Mapping[str, Wanted], actor: Actor, at: datetime) -> None:
    """Store what a person chose. What was held for the daily mail of a category now switched off is let go."""
    user_id = _user_id(actor)
    Preference.objects.update_or_create(user_id=user_id, defaults={"language": language})
    for code, wish in choices.items():
        if code not in CATEGORIES:
            raise Invalid(code)
        Choice.objects.update_or_create(
            user_id=user_id, category=code,
            defaults={"email": wish.email, "sms": wish.sms, "webhook": wish.webhook},
        )  # fmt: skip
        if wish.email == OFF and not CATEGORIES[code].fixed:
            held = Delivery.objects.filter(
                recipient_id=user_id, state=Delivery.State.HELD, message__kind__in=codes_of(code)
            )
            held.update(state=Delivery.State.DROPPED, done_at=at, error="switched_off")


def request_phone_code(*, phone: str, actor: Actor, at: datetime) -> None:
    """Send a code to a number. Raises TooManyCodes, and CodeNotSent when the gateway does not take it.

    Limited per person and per number, so that nobody's telephone can be flooded from here.
    """
    user_id = _user_id(actor)
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user_id)
        recent = PhoneCode.objects.filter(sent_at__gt=at - timedelta(hours=1), user_id=user_id)
        number = PhoneCode.objects.filter(sent_at__gt=at - timedelta(days=1), phone=phone)
        if recent.count() >= CODES_AN_HOUR or number.count() >= CODES_A_DAY_PER_NUMBER:
            raise TooManyCodes("phone")
        code = new_code()
        PhoneCode.objects.create(
            user_id=user_id, phone=phone, digest=code_digest(user_id, phone, code), sent_at=at
        )
    text = str(
        _("验证码 %(code)s，10 分钟内有效，用于接收生产许可通知。不是你本人操作请忽略。") % {"code": code}
    )
    try:
        sms.send(Letter(str(uuid4()), "inbox.code", "security", text, "", "", at), phone, at=at)
    except (TryAgain, GiveUp) as failure:
        raise CodeNotSent("phone") from failure


def confirm_phone(*, code: str, actor: Actor, at: datetime) -> None:
    """Take the number the last code was sent to. Raises CodeWrong; five tries, ten minutes, once."""
    user_id = _user_id(actor)
    last = PhoneCode.objects.filter(user_id=user_id).order_by("-sent_at", "-id").first()
    if last is None:
        raise CodeWrong("code")
    open_codes = PhoneCode.objects.filter(
        pk=last.pk, used_at__isnull=True, tries__lt=CODE_TRIES, sent_at__gt=at - CODE_LIVES
    )
    counted = open_codes.update(tries=F("tries") + 1)
    if not counted or not hmac.compare_digest(last.digest, code_digest(user_id, last.phone, code.strip())):
        raise CodeWrong("code")
    with transaction.atomic():
        if not PhoneCode.objects.filter(pk=last.pk, used_at__isnull=True).update(used_at=at):
            raise CodeWrong("code")
        _change(user_id, at, phone=last.phone)


@transaction.atomic
def remove_phone(*, actor: Actor, at: datetime) -> None:
    """No more short messages to this number."""
    _change(_user_id(actor), at, phone="")


@transaction.atomic
def set_webhook(*, url: str, actor: Actor, at: datetime) -> str:
    """Store an address and make a new secret for it; returns the secret, which is shown this once.

    Raises AddressNotAllowed for an address that is not public or not https.
    """
    try:
        checked(url, demo=settings.WORLD == "demo")
    except AddressRefused as refusal:
        raise AddressNotAllowed("webhook_url", reason=REASONS[refusal.code]) from None
    user_id, secret = _user_id(actor), new_secret()
    Choice.objects.filter(user_id=user_id).update(webhook=True)
    _change(user_id, at, webhook_url=url, webhook_secret=sealed(secret))
    return secret


@transaction.atomic
def remove_webhook(*, actor: Actor, at: datetime) -> None:
    """Nothing is sent to the address any more."""
    _change(_user_id(actor), at, webhook_url="", webhook_secret=None)


def _change(user_id: int, at: datetime, **values: object) -> None:
    """Change an address, and tell its owner in case it was somebody else."""
    preference, _new = Preference.objects.select_for_update(of=("self",)).get_or_create(user_id=user_id)
    for name, value in values.items():
        setattr(preference, name, value)
    preference.version += 1
    preference.save()
    public_id = User.objects.values_list("public_id", flat=True).get(pk=user_id)
    notify(
        kind="inbox.address_changed", recipients=[user_id], at=at,
        subject=Subject("inbox.preference", str(public_id), preference.version),
    )  # fmt: skip


def _user_id(actor: Actor) -> int:
    assert actor.user_id is not None
    return actor.user_id
