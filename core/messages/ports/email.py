"""E-mail: plain text, no pictures, no tracking; the link leads to the portal, where rights are asked anew."""

import smtplib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from core.messages.ports import GiveUp, Letter, TryAgain


def offered() -> bool:
    """A mail server is set up, or a backend that needs none; mails printed to the log are for demo worlds only."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return settings.WORLD == "demo"
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def send(letter: Letter, to: str, *, secret: bytes = b"", at: datetime) -> None:
    """Hand one mail to the mail server. Raises GiveUp for what the server refuses for good, else TryAgain."""
    message = EmailMessage(subject=letter.title, body=text_of(letter), to=[to], headers=_headers(letter))
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _verdict(next(iter(error.recipients.values()))[0]) from None
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        raise TryAgain(f"mail_{type(error).__name__}"[:48]) from None


def _verdict(code: int) -> Exception:
    return GiveUp(f"smtp_{code}") if 500 <= code < 600 else TryAgain(f"smtp_{code}")


def _headers(letter: Letter) -> dict[str, str]:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    return {"Message-ID": f"<{letter.id}@{host}>", "Auto-Submitted": "auto-generated"}


def text_of(letter: Letter) -> str:
    """The text of a mail, with where to change what one gets."""
    where = settings.PUBLIC_BASE_URL + reverse("inbox:settings")
    foot = _("这封信由工业产品生产许可平台自动发出，请不要回复。怎样接收通知：%(url)s") % {"url": where}
    return "\n\n".join(part for part in (letter.body, letter.url, f"-- \n{foot}") if part) + "\n"
