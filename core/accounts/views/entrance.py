"""Pages for visitors: sign in, sign up, verify the address, forgotten password, second factor."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.mfa.base import views as mfa
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.accounts import limits, mail
from core.accounts.adapters import stopped
from core.accounts.forms import AuthenticateForm
from core.accounts.views.common import Redrawn, count_network
from core.parties.models import User

_WRONG_CODES = "accounts.wrong_codes"


class Login(Redrawn, account.LoginView):
    """User name or address, and password."""


class Signup(Redrawn, account.SignupView):
    """Open an account for the people of an enterprise."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            count_network(request, limits.SIGN_UP)
        except limits.TooMany as error:
            return stopped(request, str(error), 429)
        return super().post(request, *args, **kwargs)


class ConfirmAddress(Redrawn, account.ConfirmEmailVerificationCodeView):
    """The code from the mail. Whether the address was free shows nowhere on this page."""


class PasswordReset(Redrawn, account.PasswordResetView):
    """Ask for a link to set a new password; the answer is the same for every address."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            count_network(request, limits.RESET)
        except limits.TooMany as error:
            return stopped(request, str(error), 429)
        return super().post(request, *args, **kwargs)


class PasswordFromLink(Redrawn, account.PasswordResetFromKeyView):
    """Set a password by the mailed link, once. Who holds the link has read the mail, so the address is proved."""

    def form_valid(self, form: Any) -> Any:
        first = not self.reset_user.has_usable_password()
        response = super().form_valid(form)
        for address in EmailAddress.objects.filter(user=self.reset_user, email=self.reset_user.email):
            address.set_verified()
        if first:
            messages.info(self.request, _("密码已设置，现在可以登录"))
        return response


class SecondFactor(Redrawn, mfa.AuthenticateView):
    """The code at sign-in. After five wrong ones the password is asked again, and its owner is told."""

    def get_form_class(self) -> type[AuthenticateForm]:
        return AuthenticateForm

    def form_valid(self, form: Any) -> Any:
        self.request.session.pop(_WRONG_CODES, None)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> Any:
        wrong = int(self.request.session.get(_WRONG_CODES, 0)) + 1
        if wrong < limits.WRONG_CODES_PER_SESSION:
            self.request.session[_WRONG_CODES] = wrong
            return super().form_invalid(form)
        return self._from_the_start()

    def _from_the_start(self) -> HttpResponse:
        user = self.stage.login.user
        self.request.session.pop(_WRONG_CODES, None)
        clear_login(self.request)
        if isinstance(user, User):
            mail.notify("account/email/wrong_codes", user, {})
        messages.error(self.request, _("动态码连续输错，请从用户名和密码重新开始"))
        return redirect("account_login")


login = Login.as_view()
signup = Signup.as_view()
confirm_address = ConfirmAddress.as_view()
password_reset = PasswordReset.as_view()
password_from_link = PasswordFromLink.as_view()
second_factor = SecondFactor.as_view()
