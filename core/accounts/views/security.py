"""Password, address, second factor and recovery codes of whoever is signed in."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from core.accounts import sessions
from core.accounts.forms import ActivateTOTPForm, ReauthenticateForm
from core.accounts.views.common import Redrawn


class PasswordChange(Redrawn, account.PasswordChangeView):
    """A new password. Every other session ends; this one goes on under a new key."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        sessions.begin(self.request, form.user, at=timezone.now())
        return response


class Address(Redrawn, account.EmailView):
    """A new address; it counts once the code sent there has been typed in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        sent = request.POST.copy()
        sent["action_add"] = ""
        request.POST = sent  # type: ignore[assignment]
        return super().post(request, *args, **kwargs)


class Reauthenticate(Redrawn, account.ReauthenticateView):
    """The password once more."""


class ReauthenticateByCode(Redrawn, mfa.ReauthenticateView):
    """The second factor once more, or for the first time in this session."""

    def get_form_class(self) -> type[ReauthenticateForm]:
        return ReauthenticateForm


class ActivateTOTP(Redrawn, totp.ActivateTOTPView):
    """Set up the second factor. The code typed here has shown it for this session; the recovery codes come next."""

    def get_form_class(self) -> type[ActivateTOTPForm]:
        return ActivateTOTPForm

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp", reauthenticated=True)
        return response


class DeactivateTOTP(Redrawn, totp.DeactivateTOTPView):
    """Remove the second factor."""


class GenerateCodes(Redrawn, codes.GenerateRecoveryCodesView):
    """New recovery codes; the old ones are void."""


password_change = PasswordChange.as_view()
address = Address.as_view()
reauthenticate = Reauthenticate.as_view()
reauthenticate_by_code = ReauthenticateByCode.as_view()
activate_totp = ActivateTOTP.as_view()
deactivate_totp = DeactivateTOTP.as_view()
generate_codes = GenerateCodes.as_view()
