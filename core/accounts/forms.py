"""Forms of an account: allauth's, with our limits, our spelling of names and codes that count once."""

import unicodedata
from typing import Any

from allauth.account.forms import AddEmailForm as AllauthAddress
from allauth.account.forms import ChangePasswordForm as AllauthChangePassword
from allauth.account.forms import ConfirmEmailVerificationCodeForm as AllauthAddressCode
from allauth.account.forms import LoginForm as AllauthLogin
from allauth.account.forms import ReauthenticateForm as AllauthPasswordAgain
from allauth.account.forms import ResetPasswordForm as AllauthReset
from allauth.account.forms import ResetPasswordKeyForm as AllauthNewPassword
from allauth.account.forms import SignupForm as AllauthSignup
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticate
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticate
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivate
from django import forms
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts import devices, limits, second_factor
from core.accounts.actions import discard_unfinished
from core.accounts.limits import Place

USED = _("这个动态码已经用过，请等验证器显示下一个")
WRONG = _("动态码不对，请输入此刻显示的 6 位数字")


LABELS = {
    "login": _("用户名或电子邮箱"),
    "username": _("用户名"),
    "email": _("电子邮箱"),
    "password": _("密码"),
    "oldpassword": _("当前密码"),
    "code": _("动态码"),
}


class Labelled:
    """Our words at the fields, so that the summary of what is wrong says the same as the page."""

    fields: dict[str, Any]
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {**LABELS, **self.labels}.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = ""


class LoginForm(Labelled, AllauthLogin):
    """Sign in by user name or e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs = {
            "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254,
        }  # fmt: skip

    def clean_login(self) -> str:
        """Full-width letters of an input method are the same letters."""
        return unicodedata.normalize("NFKC", self.cleaned_data["login"]).replace("\0", "").strip()


class SignupForm(Labelled, AllauthSignup):
    """Open an account: user name, real name, address, password."""

    field_order = ["username", "name", "email", "password1"]
    labels = {"password1": _("密码")}
    name = forms.CharField(
        label=_("姓名"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def clean_name(self) -> str:
        """A real name without line breaks and other controls."""
        name = " ".join(unicodedata.normalize("NFC", self.cleaned_data["name"]).split())
        if any(unicodedata.category(character).startswith("C") for character in name):
            raise forms.ValidationError(_("姓名里有不能使用的字符"))
        return name

    def clean_email(self) -> str:
        """Somebody's unfinished sign-up of days ago does not keep an address."""
        discard_unfinished(at=timezone.now(), email=self.cleaned_data["email"])
        return str(super().clean_email())

    def try_save(self, request: Any) -> Any:
        """For an address that has an account, everything looks and takes as long as for a new one."""
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)


class PasswordAgainForm(Labelled, AllauthPasswordAgain):
    """The password once more; checked within the limits of signing in."""


class ResetPasswordForm(Labelled, AllauthReset):
    """Where to send the link."""


class NewPasswordForm(Labelled, AllauthNewPassword):
    """The new password behind the link."""

    labels = {"password1": _("新密码"), "password2": _("再输一次")}


class NewAddressForm(Labelled, AllauthAddress):
    """The address to change to."""

    labels = {"email": _("新的电子邮箱")}


class AddressCodeForm(Labelled, AllauthAddressCode):
    """The code from the mail."""

    labels = {"code": _("验证码")}


class ChangePasswordForm(Labelled, AllauthChangePassword):
    """A stolen session does not let anybody guess the password behind it."""

    labels = {"password1": _("新密码"), "password2": _("再输一次新密码")}

    def clean_oldpassword(self) -> str:
        request = context.request
        device = devices.device_of(request, self.user)
        try:
            place = limits.take(limits.SIGN_IN, f"user:{self.user.pk}", device, at=timezone.now())
        except limits.TooMany as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        checked = str(super().clean_oldpassword())
        place.give_back()
        return checked


class _Code:
    """What every form with a code of the second factor shares."""

    user: Any
    cleaned_data: dict[str, Any]

    def _try(self) -> Place:
        device = devices.device_of(context.request, self.user)
        try:
            return limits.slow_down(limits.SECOND_FACTOR, self.user.pk, device, at=timezone.now())
        except limits.TooMany as error:
            said = _("动态码错误次数太多，请等 %(wait)s再试") % error.params
            raise forms.ValidationError(said, code=error.code) from error

    def clean_code(self) -> str:
        """The code, proved and used up. Raises ValidationError with what to do next."""
        place = self._try()
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        found = second_factor.check(self.user, code, timezone.now())
        if isinstance(found, second_factor.Wrong):
            used = found is second_factor.Wrong.USED
            raise forms.ValidationError(USED if used else WRONG, code="used" if used else "wrong")
        place.forget()
        found.user = self.user
        self.authenticator = found
        return code


class AuthenticateForm(Labelled, _Code, AllauthAuthenticate):
    """The second factor at sign-in."""


class ReauthenticateForm(Labelled, _Code, AllauthReauthenticate):
    """The second factor once more, before something grave."""


class ActivateTOTPForm(Labelled, _Code, AllauthActivate):
    """Setting up: the code proves that the app has the secret, and is used up by it."""

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        place = self._try()
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        step = second_factor.matching_step(self.secret, code, timezone.now())
        if step is None or not second_factor.use_step(self.user, step):
            raise forms.ValidationError(WRONG if step is None else USED)
        place.forget()
        return code
