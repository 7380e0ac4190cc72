"""Stations on the way into an account, besides allauth's own."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage


class VerifiedAddressStage(EmailVerificationStage):
    """An address must be verified before the account is used; an account that never had one has nothing to verify."""

    def handle(self) -> Any:
        user = self.login.user
        if user is not None and not user.email and not EmailAddress.objects.filter(user=user).exists():
            return None, True
        return super().handle()
