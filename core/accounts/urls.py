"""The pages of allauth that are open, each with its access rule, and our own beside them; all others stay shut."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from django.urls import include, path, re_path

from core.accounts.views import entrance, home, security
from core.parties.access import anyone

urlpatterns = [
    path("", include(([path("", home.home, name="home")], "accounts"))),
    path("sessions/", home.sessions_list, name="account_sessions"),
    path("sessions/<uuid:public_id>/end/", home.end_session, name="account_end_session"),
    path("sessions/end-others/", home.end_other_sessions, name="account_end_other_sessions"),
    path("login/", anyone(entrance.login), name="account_login"),
    path("signup/", anyone(entrance.signup), name="account_signup"),
    path("confirm-email/", anyone(entrance.confirm_address), name="account_email_verification_sent"),
    path("inactive/", anyone(account.account_inactive), name="account_inactive"),
    path("logout/", anyone(account.logout), name="account_logout"),
    path("email/", anyone(security.address), name="account_email"),
    path("password/change/", anyone(security.password_change), name="account_change_password"),
    path("password/reset/", anyone(entrance.password_reset), name="account_reset_password"),
    path("password/reset/done/", anyone(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        anyone(entrance.password_from_link),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        anyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("reauthenticate/", anyone(security.reauthenticate), name="account_reauthenticate"),
    path("2fa/authenticate/", anyone(entrance.second_factor), name="mfa_authenticate"),
    path("2fa/reauthenticate/", anyone(security.reauthenticate_by_code), name="mfa_reauthenticate"),
    path("2fa/", anyone(mfa.index), name="mfa_index"),
    path("2fa/totp/activate/", anyone(security.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", anyone(security.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", anyone(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", anyone(security.generate_codes), name="mfa_generate_recovery_codes"),
    path(
        "2fa/recovery-codes/download/",
        anyone(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
