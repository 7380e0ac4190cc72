"""The demo world's identity provider: small, but real OpenID Connect, so that the port in front of it is real too.

A visitor says which invented enterprise he is; the answer goes back as a signed ID token. Outside a demo world
none of this is there. The signing key is derived from the installation's secret, so every process has the same.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_plus, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from joserfc import jwt
from joserfc.jwk import ECKey

from core.lifecycle.errors import DomainError
from core.parties.access import anyone
from core.parties.identifiers import clean_name, validate_uscc
from portal.demo.people import ENTERPRISES, demo_uscc
from portal.demo.world import NotADemoWorld, require_demo

CODE_SECONDS: Final = 60
TOKEN_SECONDS: Final = 120
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ROLES: Final = (("legal_representative", _("法定代表人")), ("agent", _("代理人")))
OTHER: Final = "other"
BEARER: Final = "Bearer"


def issuer() -> str:
    return f"{settings.PUBLIC_BASE_URL}/identity"


def _callback() -> str:
    """The one address this provider sends people back to."""
    with override("zh-hans"):
        return settings.PUBLIC_BASE_URL + reverse("claims:identity_return")


@lru_cache(maxsize=1)
def signing_key() -> ECKey:
    """P-256, the same in every process of this installation."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"demo identity provider")
    number = int.from_bytes(kdf.derive(settings.SECRET_KEY.encode())) % (P256_ORDER - 1) + 1
    key = ECKey.import_key(ec.derive_private_key(number, ec.SECP256R1()))
    key.ensure_kid()
    return key


def _only_in_the_demo_world() -> None:
    try:
        require_demo()
    except NotADemoWorld as error:
        raise Http404 from error


@anyone
@require_safe
def configuration(request: HttpRequest) -> JsonResponse:
    """Discovery (OpenID Connect Discovery 1.0 §4)."""
    _only_in_the_demo_world()
    return JsonResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": f"{issuer()}/authorize",
            "token_endpoint": f"{issuer()}/token",
            "jwks_uri": f"{issuer()}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "scopes_supported": ["openid", "enterprise"],
            "claims_supported": [
                "sub", "uscc", "enterprise_name", "legal_representative", "person_name", "role",
            ],
            "ui_locales_supported": ["zh-hans", "en"],
        }
    )  # fmt: skip


@anyone
@require_safe
def jwks(request: HttpRequest) -> JsonResponse:
    """The public half of the signing key."""
    _only_in_the_demo_world()
    key = signing_key()
    return JsonResponse({"keys": [{**key.as_dict(private=False), "use": "sig", "alg": "ES256"}]})


class IdentityForm(forms.Form):
    """Which invented identity? One of the demo world, or typed."""

    who = forms.ChoiceField(label=_("以哪家企业的身份确认？"), widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label=_("这个人在企业里是"), choices=ROLES, widget=forms.RadioSelect, initial="legal_representative"
    )
    person_name = forms.CharField(
        label=_("这个人的姓名"), max_length=100, required=False, help_text=_("法定代表人本人可以不填")
    )
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=60, required=False)
    enterprise_name = forms.CharField(label=_("企业名称"), max_length=100, required=False)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=100, required=False)

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(demo_uscc(e.division, e.serial), f"{e.name}（{e.person}）") for e in ENTERPRISES]
        fields: Any = self.fields
        fields["who"].choices = [(OTHER, _("下面填写的企业")), *known]
        self.initial.setdefault("who", hint if hint in dict(known) else OTHER)
        self.initial.setdefault("uscc", "" if hint in dict(known) else hint)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("who") == OTHER:
            for field, check in (
                ("uscc", validate_uscc), ("enterprise_name", clean_name), ("legal_representative", clean_name),
            ):  # fmt: skip
                self._checked(data, field, check)
        if data.get("role") == "agent" or data.get("person_name"):
            self._checked(data, "person_name", clean_name)
        return data

    def _checked(self, data: dict[str, Any], field: str, check: Any) -> None:
        try:
            data[field] = check(data.get(field, ""), field)
        except DomainError as error:
            self.add_error(field, str(error))

    def identity(self) -> dict[str, str]:
        """The claims of the ID token about enterprise and person."""
        data = self.cleaned_data
        if data["who"] == OTHER:
            facts = {key: data[key] for key in ("uscc", "enterprise_name", "legal_representative")}
        else:
            told = next(e for e in ENTERPRISES if demo_uscc(e.division, e.serial) == data["who"])
            facts = {"uscc": data["who"], "enterprise_name": told.name, "legal_representative": told.person}
        person = data["person_name"] or facts["legal_representative"]
        sub = hashlib.sha256(f"{facts['uscc']}:{person}".encode()).hexdigest()[:24]
        return {**facts, "person_name": person, "role": data["role"], "sub": sub}


@anyone
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Ask who the visitor is; send him back with a code good for one minute and one use (RFC 6749 §4.1, RFC 7636)."""
    _only_in_the_demo_world()
    asked = request.GET
    if asked.get("client_id") != settings.IDENTITY_CLIENT_ID or asked.get("redirect_uri") != _callback():
        return render(request, "demo/identity_refused.html", status=400)
    fault = _fault(asked)
    if fault:
        return _back(asked, error=fault)
    with override("en" if asked.get("ui_locales", "").startswith("en") else "zh-hans"):
        form = IdentityForm(request.POST or None, hint=asked.get("login_hint", "")[:18])
        if "cancel" in request.POST:
            return _back(asked, error="access_denied")
        if request.method == "POST" and form.is_valid():
            return _back(asked, code=_issue(asked, form.identity()))
        status = 422 if request.method == "POST" else 200
        return render(request, "demo/identity_authorize.html", {"form": form}, status=status)


def _fault(asked: Mapping[str, str]) -> str:
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope"
    if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
        return "invalid_request"
    return ""


def _back(asked: Mapping[str, str], **answer: str) -> HttpResponse:
    return redirect(
        f"{_callback()}?{urlencode({**answer, 'state': asked.get('state', ''), 'iss': issuer()})}"
    )


def _issue(asked: Mapping[str, str], identity: dict[str, str]) -> str:
    code = secrets.token_urlsafe(32)
    kept = {"challenge": asked["code_challenge"], "nonce": asked.get("nonce", ""), "identity": identity}
    cache.set(_kept_under(code), kept, CODE_SECONDS)
    return code


def _kept_under(code: str) -> str:
    return "identity:code:" + hashlib.sha256(code.encode()).hexdigest()


@anyone
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> JsonResponse:
    """Exchange a code for an ID token, once, for the one client and with the verifier of its challenge."""
    _only_in_the_demo_world()
    if not _is_our_client(request.headers.get("Authorization", "")):
        return _refused("invalid_client", 401)
    if request.POST.get("grant_type") != "authorization_code":
        return _refused("unsupported_grant_type")
    place = _kept_under(request.POST.get("code", ""))
    kept = cache.get(place)
    if kept is None or not cache.delete(place) or request.POST.get("redirect_uri") != _callback():
        return _refused("invalid_grant")
    if not constant_time_compare(challenge_of(request.POST.get("code_verifier", "")), kept["challenge"]):
        return _refused("invalid_grant")
    answer = JsonResponse(
        {
            "access_token": secrets.token_urlsafe(24), "token_type": BEARER, "expires_in": TOKEN_SECONDS,
            "id_token": id_token(kept["identity"], kept["nonce"]),
        }
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def challenge_of(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def id_token(identity: Mapping[str, str], nonce: str) -> str:
    """A signed statement about the visitor, for our client, for two minutes."""
    now = int(timezone.now().timestamp())
    claims: dict[str, Any] = {
        "iss": issuer(), "aud": settings.IDENTITY_CLIENT_ID, "iat": now, "exp": now + TOKEN_SECONDS,
        "nonce": nonce, **identity,
    }  # fmt: skip
    key = signing_key()
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)


def _is_our_client(header: str) -> bool:
    kind, _space, value = header.partition(" ")
    try:
        name, _colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    known = constant_time_compare(unquote_plus(name), settings.IDENTITY_CLIENT_ID)
    return (
        kind.lower() == "basic"
        and known
        and constant_time_compare(unquote_plus(secret), settings.IDENTITY_CLIENT_SECRET)
    )


def _refused(error: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": error}, status=status)
