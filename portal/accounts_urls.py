"""The pages of allauth this portal opens, each with its access rule; every other one stays shut."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from core.parties.access import anyone

urlpatterns = [
    path("login/", anyone(account.login), name="account_login"),
    path("signup/", anyone(account.signup), name="account_signup"),
    path("inactive/", anyone(account.account_inactive), name="account_inactive"),
    path("logout/", anyone(account.logout), name="account_logout"),
    path("reauthenticate/", anyone(account.reauthenticate), name="account_reauthenticate"),
    path("2fa/authenticate/", anyone(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", anyone(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/", anyone(mfa.index), name="mfa_index"),
    path("2fa/totp/activate/", anyone(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", anyone(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", anyone(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        anyone(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        anyone(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
