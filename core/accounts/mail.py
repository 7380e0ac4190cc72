"""Account mail: codes, links and notices about the security of an account. Sent directly: such mail never waits.

Secrets in it (codes, links) are never stored; that is why it does not go through the outbox.
"""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from core.parties.models import User

logger = logging.getLogger(__name__)


class MailFailed(Exception):
    """The mail could not be handed over to the mail server."""


def send(template: str, to: str, context: Mapping[str, Any]) -> None:
    """Send `<template>_subject.txt` and `<template>_message.txt` in the active language. Raises MailFailed."""
    facts = {"base_url": settings.PUBLIC_BASE_URL, "email": to, **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", facts).split())
    body = render_to_string(f"{template}_message.txt", facts).strip() + "\n"
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    except (SMTPException, OSError) as error:
        logger.error("account mail %s was not sent: %s", template, type(error).__name__)
        raise MailFailed(template) from error


def notify(template: str, user: User, context: Mapping[str, Any]) -> bool:
    """Tell a person about a change to his account; False when he has no address or the mail cannot be sent.

    Such a mail never stops the change it tells of.
    """
    address = address_of(user)
    if not address:
        return False
    try:
        send(template, address, {"user": user, **context})
    except MailFailed:
        return False
    return True


def address_of(user: User) -> str:
    """Where mail for this person goes; empty when he has no address."""
    primary = EmailAddress.objects.filter(user=user, primary=True).values_list("email", flat=True).first()
    return primary or user.email


def password_link(user: User) -> str:
    """A link that lets this person set his password once, within `PASSWORD_RESET_TIMEOUT`."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return password_url(key)


def password_url(key: str) -> str:
    """The address behind such a link, always on our own name: a forged Host header changes nothing."""
    uid, _, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.PUBLIC_BASE_URL}{path}"
