"""How allauth behaves here: accounts are not opened at the sign-in page, and everybody lands where they work."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed for sign-up (accounts come from administration); no e-mail is sent by signing in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        return None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted with the installation's key."""

    def encrypt(self, text: str) -> str:
        return Fernet(settings.LEDGER_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return Fernet(settings.LEDGER_KEY).decrypt(encrypted_text.encode()).decode()
