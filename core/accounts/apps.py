from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        user_logged_in.connect(_signed_in, dispatch_uid="core.accounts.sessions")


def _signed_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """Django tells of every sign-in, by whatever door; there is no other place that sees them all."""
    from core.accounts.sessions import begin

    begin(request, user, at=timezone.now())
