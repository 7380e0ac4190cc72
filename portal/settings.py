"""Settings of the portal. Everything that differs between installations comes from the environment (DESIGN §7)."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.secret_values import given, secret, secret_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

WORLD = env.str("WORLD", default="demo")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY")
LEDGER_KEY = secret("LEDGER_KEY")
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))
FILES_DIR = Path(env.str("FILES_DIR", default=str(STATE_DIR / "files")))
KEY_DIR = env.str("KEY_DIR", default="")
PUBLIC_BASE_URL = env.str(
    "PUBLIC_BASE_URL", default="http://127.0.0.1:8000" if WORLD == "demo" else ""
).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BENCH = env.bool("BENCH", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "core.lifecycle",
    "core.ledger",
    "core.outbox",
    "core.parties",
    "core.workdays",
    "core.files",
    "core.messages",
    "core.accounts",
    "core.rest",
    "core.claims",
    "core.staff",
    "catalog",
    "certificates",
    "licensing",
    "licensing.corrections",
    "licensing.imports",
    "licensing.workbench",
    "inspections",
    "labs",
    "supervision",
    "register",
    "portal",
]
AUTH_USER_MODEL = "parties.User"
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

MIDDLEWARE = [
    "portal.middleware.CorrelationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.parties.access.AccessMiddleware",
    "core.accounts.middleware.LastSeenMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


if WORLD not in ("demo", "real"):
    raise ImproperlyConfigured("WORLD is demo or real")
if WORLD == "real" and not given("PUBLIC_DATABASE_URL"):
    raise ImproperlyConfigured("PUBLIC_DATABASE_URL is missing: a real world has three database logins")


def _database(variable: str, **options: str) -> dict[str, object]:
    """One login; its password may stand in the address or come apart, see `secret_url`."""
    return {
        **env.db_url_config(secret_url(variable)),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"connect_timeout": 5, **options},
    }


DATABASES = {
    "default": _database("DATABASE_URL"),
    "public": _database(
        "PUBLIC_DATABASE_URL" if given("PUBLIC_DATABASE_URL") else "DATABASE_URL",
        options="-c search_path=public_register -c default_transaction_read_only=on",
    ),
}
if given("OWNER_DATABASE_URL"):
    DATABASES["owner"] = _database("OWNER_DATABASE_URL")
elif WORLD == "demo":
    DATABASES["owner"] = _database("DATABASE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = secret_url("REDIS_URL", default="")
QUEUE_PREFIX = env.str("QUEUE_PREFIX", default="")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "register:home"
ACCOUNT_ADAPTER = "core.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "core.accounts.forms.LoginForm",
    "signup": "core.accounts.forms.SignupForm",
    "change_password": "core.accounts.forms.ChangePasswordForm",  # nosec B105
    "reauthenticate": "core.accounts.forms.PasswordAgainForm",
    "reset_password": "core.accounts.forms.ResetPasswordForm",  # nosec B105
    "reset_password_from_key": "core.accounts.forms.NewPasswordForm",  # nosec B105
    "add_email": "core.accounts.forms.NewAddressForm",
    "confirm_email_verification_code": "core.accounts.forms.AddressCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_VALIDATORS = "core.accounts.names.VALIDATORS"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # all limits are core.accounts.limits
PASSWORD_RESET_TIMEOUT = 24 * 3600
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "core.accounts.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "工业产品生产许可"

IDENTITY_ISSUER = env.str(
    "IDENTITY_ISSUER", default=f"{PUBLIC_BASE_URL}/identity" if WORLD == "demo" else ""
).rstrip("/")
IDENTITY_CLIENT_ID = env.str("IDENTITY_CLIENT_ID", default="licence-portal" if WORLD == "demo" else "")
IDENTITY_CLIENT_SECRET = secret("IDENTITY_CLIENT_SECRET", default="demo-only" if WORLD == "demo" else "")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_HTTPONLY = True
HTTPS = env.bool("HTTPS", default=WORLD != "demo")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_DIR)},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_HANDLERS = ["core.files.uploading.CappedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DECISION_HOLD_MINUTES = env.int("DECISION_HOLD_MINUTES", default=10)
FILE_INSPECTIONS_AT_ONCE = env.int("FILE_INSPECTIONS_AT_ONCE", default=2)
CLAMD_URL = env.str("CLAMD_URL", default="")
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=20.0)

EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default=f"django.core.mail.backends.{'filebased' if WORLD == 'demo' else 'console'}.EmailBackend",
)
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="")
if EMAIL_HOST and "EMAIL_BACKEND" not in env.ENVIRON:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=bool(EMAIL_HOST) and not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@localhost")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = secret("SMS_GATEWAY_TOKEN", default="")
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.parsing.BoundedJsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.rest.negotiation.OneRepresentation",
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.rest.authentication.TokenAuthentication"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.rest.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("工业产品生产许可证接口"),
    "DESCRIPTION": _("企业、许可机关和公众的程序接口，与网页办的是同一件事，受同一套规则约束。"),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "core.rest.schema.share"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CaseStatus": "licensing.lifecycle.Status.choices",
        "CaseKind": "licensing.kinds.Kind.choices",
        "OfferedKind": "licensing.api.licences.OFFERED",
        "StatementCause": "licensing.api.inputs.EVERY_CAUSE",
        "LicenceStatus": "licensing.models.LicenceStatus.choices",
        "CorrectionPaper": "licensing.corrections.models.Paper.choices",
        "CorrectionStatus": "licensing.corrections.lifecycle.Status.choices",
        "CorrectionRequestStatus": "licensing.corrections.lifecycle.Asked.choices",
        "PauseGround": "licensing.models.PauseGround.choices",
        "AcceptanceGround": "licensing.models.Ground.choices",
        "Scope": "core.rest.scopes.Scope.choices",
        "Answer": "register.api.ANSWERS",
        "CertificateForm": "register.api.CERTIFICATES",
        "Stage": "core.parties.models.Stage.choices",
        "ImportStatus": "licensing.imports.lifecycle.Status.choices",
        "FindingSeverity": "licensing.imports.api.WEIGHTS",
        "ResultKind": "licensing.api.results.KINDS",
        "MatterKind": "licensing.api.holders.MATTERS",
        "SpotCheckLevel": "licensing.api.results.LEVELS",
        "SupervisionClass": "licensing.api.results.CLASSES",
        "DelegationState": "licensing.api.delegations.STATES",
        "PilotState": "licensing.api.pilots.STATES",
        "OrderState": "licensing.api.orders.STATES",
        "TrackOutcome": "licensing.models.Outcome.choices",
        "YesNo": "licensing.api.inputs.YES_NO",
    },
}

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"] if not HTTPS else []

METRICS_TOKEN = secret("METRICS_TOKEN", default="")
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if WORLD == "demo" else "json")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured("LOG_FORMAT is line or json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"correlation": {"()": "portal.logs.CorrelationFilter"}},
    "formatters": {
        "line": {
            "()": "portal.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(correlation)s] %(message)s",
        },
        "json": {"()": "portal.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["correlation"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
