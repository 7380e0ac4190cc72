"""Routes. Chinese stands unprefixed, English under /en/; machine paths and permanent ids have no language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from portal import health, metrics
from portal.demo.accounts import use_link
from portal.demo.mail import demo_mail

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("demo/login/<str:token>/", use_link, name="demo_login"),
    path("demo/mail/", demo_mail, name="demo_mail"),
    path("identity/", include("portal.demo.identity_urls")),
    path("api/v1/", include("portal.api_urls")),
]

urlpatterns += i18n_patterns(
    path("", include("portal.pages_urls")),
    path("", include("licensing.urls")),
    path("", include("licensing.corrections.urls")),
    path("imports/", include("licensing.imports.urls")),
    path("", include("licensing.workbench.urls")),
    path("calendar/", include("core.workdays.urls")),
    path("accounts/", include("portal.accounts_urls")),
    path("enterprise/", include("core.claims.urls")),
    path("office/", include("core.staff.urls")),
    path("inbox/", include("core.messages.urls")),
    path("", include("register.urls")),
    prefix_default_language=False,
)

handler400 = "portal.pages.bad_request"
handler403 = "portal.pages.permission_denied"
handler404 = "portal.pages.page_not_found"
handler500 = "portal.pages.server_error"
