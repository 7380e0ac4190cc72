"""What the pages of an account share."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone

from core.accounts import devices, limits

TOO_MANY = limits.TooMany.code


class Redrawn:
    """A form that did not pass is shown again with 422, or 429 when a limit is reached."""

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            codes = {error.code for rows in form.errors.as_data().values() for error in rows}
            response.status_code = 429 if TOO_MANY in codes else 422
        return response


def count_network(request: HttpRequest, limit: limits.Window) -> None:
    """Count what anybody may do without an account, by network. Raises TooMany."""
    limits.take(limit, devices.counted(get_adapter().get_client_ip(request)), at=timezone.now())
