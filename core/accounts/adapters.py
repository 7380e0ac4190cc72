"""How allauth works here: who signs up, what is counted, what mail says, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts import devices, limits, mail, names, sessions
from core.parties.models import User

FRESH_SECONDS = 300
"""For so long after a sign-in nobody is asked again for what he has just typed."""

ASKED_FOR = frozenset(
    f"account/email/{name}"
    for name in (
        "email_confirmation", "email_confirmation_signup", "password_reset_key", "account_already_exists",
        "unknown_account",
    )
)  # fmt: skip
"""Mail anybody can make us send, so it is counted; notices of what was done are not."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up for people of enterprises, limits that lock nobody else out, mail in our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对"),
        "email_password_mismatch": _("用户名或密码不对"),
        "username_taken": _("这个用户名已有人使用，请换一个"),
        "username_blacklisted": _("这个用户名不能使用，请换一个"),
        "email_taken": _("这个电子邮箱已用于另一个账号"),
        "duplicate_email": _("这就是你现在的电子邮箱"),
        "incorrect_code": _("验证码不对，请核对最新的一封邮件"),
        "enter_current_password": _("当前密码不对"),
        "incorrect_password": _("密码不对"),
        "invalid_password_reset": _("这个链接已经用过或者过期"),
        "too_many_login_attempts": _("验证码错误次数太多，请重新开始"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People of enterprises open their account themselves; officials' accounts come from their authority."""
        return True

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """One spelling per name; raises ValidationError for a name that cannot be had."""
        name = names.normalise(username)
        if name in names.RESERVED:
            raise self.validation_error("username_blacklisted")
        return super().clean_username(name, shallow)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A new account with the person's real name."""
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password within the limit of this account and device; see `core.accounts.limits`."""
        who, device = _whose(request, credentials)
        try:
            place = limits.take(limits.SIGN_IN, who, device, at=timezone.now())
        except limits.TooMany as error:
            raise ValidationError(_sign_in_refused(error, device), code=error.code) from error
        user = super().authenticate(request, **credentials)
        if user:
            place.give_back()
        return user

    def get_login_stages(self) -> list[str]:
        """allauth's, but an account without any address has none to verify."""
        ours = "core.accounts.stages.VerifiedAddressStage"
        return [
            ours if row == "allauth.account.stages.EmailVerificationStage" else row
            for row in super().get_login_stages()
        ]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The sign-in is complete: this browser is known from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """A new password ends every other session at once."""
        super().set_password(user, password)
        request = context.request
        own = request is not None and request.user.is_authenticated and request.user.pk == user.pk
        sessions.end_all(user, but=request.session.session_key if own else None)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in: the password has just been typed."""
        request = context.request
        now = timezone.now().timestamp()
        fresh = any(
            record.get("method") in ("password", "mfa") and now - record.get("at", 0) < FRESH_SECONDS
            for record in get_authentication_records(request, request.user)
        )
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A new account has no enterprise yet: claim one."""
        return _first("claims:new") or super().get_signup_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:home")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("accounts:home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return mail.password_url(key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send account mail. Mail anybody can cause is limited per address; a failure is told to whoever asked."""
        request = globals()["context"].request
        notice = template_prefix not in ASKED_FOR
        try:
            if not notice:
                self._count_mail(request, email)
            mail.send(template_prefix, email, {"request": request, **context})
        except limits.TooMany as error:
            raise ImmediateHttpResponse(stopped(request, str(error), 429)) from error
        except mail.MailFailed as error:
            if not notice:
                said = str(_("邮件现在发不出去，请稍后再试"))
                raise ImmediateHttpResponse(stopped(request, said, 503)) from error

    def _count_mail(self, request: HttpRequest, email: str) -> None:
        now, to = timezone.now(), email.lower()
        limits.take(limits.MAIL_FROM_HERE, to, devices.counted(self.get_client_ip(request)), at=now)
        limits.take(limits.MAIL, to, at=now)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted with the installation's key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("动态码不对，请输入此刻显示的 6 位数字"),
        "unverified_email": _("请先验证电子邮箱"),
    }

    def encrypt(self, text: str) -> str:
        return Fernet(settings.LEDGER_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return Fernet(settings.LEDGER_KEY).decrypt(encrypted_text.encode()).decode()


def stopped(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """A page that says why it does not go on now."""
    return render(request, "accounts/stopped.html", {"text": text}, status=status)


def _whose(request: HttpRequest, credentials: dict[str, Any]) -> tuple[str, str]:
    """Which account is tried (by user name or address alike; an unknown name counts for itself), on which device."""
    typed = str(credentials.get("username") or credentials.get("email") or "")
    user = get_user_by_username(typed) or next(iter(filter_users_by_email(typed, for_login=True)), None)
    if isinstance(user, User):
        return f"user:{user.pk}", devices.device_of(request, user)
    return f"name:{names.normalise(typed)}", devices.UNKNOWN


def _sign_in_refused(error: limits.TooMany, device: str) -> str:
    if device == devices.UNKNOWN:
        text = _("这个账号登录失败次数太多。请等 %(wait)s再试，或在你以前登录过的设备上登录")
    else:
        text = _("这台设备登录失败次数太多。请等 %(wait)s再试")
    return str(text) % error.params


def _first(*names_of_pages: str) -> str:
    for name in names_of_pages:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""
