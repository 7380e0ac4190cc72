"""The identity port: OpenID Connect, authorization code with PKCE, state and nonce, against one issuer.

Whatever comes back is believed only when its signature, issuer, audience, time and nonce hold. Every failure has
a plain reason and leaves the claim as it was.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from core.claims.actions.proof import Assertion
from core.claims.errors import IdentityFailed, IdentityUnavailable, NotOffered
from core.lifecycle.errors import DomainError
from core.parties.identifiers import clean_name, validate_uscc

SCOPE: Final = "openid enterprise"
BASIC: Final = "client_secret_basic"
ALGORITHMS: Final = ("ES256", "RS256", "PS256")
TIMEOUT: Final = (3, 5)
METADATA_SECONDS: Final = 600
LEEWAY_SECONDS: Final = 60
MAX_TOKEN_SECONDS: Final = 3600
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


class _Failed(Exception):
    """An answer that cannot be believed; carries the reason for the claimant."""


@dataclass(frozen=True)
class Departure:
    """Where to send the claimant, and what must be remembered until he is back."""

    url: str
    state: str
    nonce: str
    verifier: str


def offered() -> bool:
    """Whether this installation has an identity port."""
    return bool(settings.IDENTITY_ISSUER and settings.IDENTITY_CLIENT_ID)


def issuer_origin() -> str:
    """Scheme and host of the issuer, for the content policy of the page that leads there."""
    parts = urlsplit(settings.IDENTITY_ISSUER)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def depart(*, redirect_uri: str, uscc: str, language: str) -> Departure:
    """Begin a journey; the code is passed along as a hint so that it need not be typed again.

    Raises NotOffered, IdentityUnavailable.
    """
    if not offered():
        raise NotOffered()
    try:
        metadata = _metadata()
    except (requests.RequestException, _Failed, ValueError) as error:
        raise IdentityUnavailable() from error
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 48))
    with _session(redirect_uri) as session:
        url, _state = session.create_authorization_url(
            metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce, login_hint=uscc,
            ui_locales=language,
        )  # fmt: skip
    return Departure(url, state, nonce, verifier)


def arrive(*, code: str, nonce: str, verifier: str, redirect_uri: str, at: datetime) -> Assertion:
    """Exchange the code and believe what its ID token says. Raises IdentityFailed, IdentityUnavailable."""
    if not offered():
        raise NotOffered()
    try:
        metadata = _metadata()
        token = _id_token(metadata, code, verifier, redirect_uri)
        return _assertion(_claims(metadata, token, nonce, at))
    except requests.RequestException as error:
        raise IdentityUnavailable() from error
    except (_Failed, DomainError) as error:
        raise IdentityFailed(reason=str(error)) from error


def _session(redirect_uri: str = "") -> OAuth2Session:
    session = OAuth2Session(
        settings.IDENTITY_CLIENT_ID, settings.IDENTITY_CLIENT_SECRET, scope=SCOPE, redirect_uri=redirect_uri,
        token_endpoint_auth_method=BASIC, code_challenge_method="S256",
    )  # fmt: skip
    session.trust_env = urlsplit(settings.IDENTITY_ISSUER).hostname not in _LOOPBACK
    return session


def _fetched(url: str, key: str) -> dict[str, Any]:
    """A public document of the issuer, kept for ten minutes."""
    kept = cache.get(key)
    if isinstance(kept, dict):
        return kept
    with _session() as session:
        answer = session.get(url, timeout=TIMEOUT, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise _Failed(_("认证平台的答复读不懂"))
    cache.set(key, found, METADATA_SECONDS)
    return found


def _metadata() -> dict[str, Any]:
    """Discovery; the issuer must name itself, and every address it gives must stand under it or be https."""
    issuer = settings.IDENTITY_ISSUER
    found = _fetched(f"{issuer}/.well-known/openid-configuration", f"identity:metadata:{issuer}")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    addresses = [str(found.get(name, "")) for name in wanted]
    if found.get("issuer") != issuer or not all(
        address.startswith((issuer + "/", "https://")) for address in addresses
    ):
        raise _Failed(_("认证平台的设置不对"))
    return found


def _id_token(metadata: dict[str, Any], code: str, verifier: str, redirect_uri: str) -> str:
    try:
        with _session(redirect_uri) as session:
            token = session.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code",
                timeout=TIMEOUT,
            )  # fmt: skip
    except (AuthlibBaseError, ValueError) as error:
        raise _Failed(_("认证平台没有认可这次登录")) from error
    found = token.get("id_token")
    if not isinstance(found, str):
        raise _Failed(_("认证平台没有给出身份"))
    return found


def _claims(metadata: dict[str, Any], token: str, nonce: str, at: datetime) -> dict[str, Any]:
    """The claims of an ID token that holds. An unknown key is looked up afresh once: keys are rolled."""
    issuer = settings.IDENTITY_ISSUER
    key = f"identity:jwks:{issuer}"
    kept = cache.get(key) is not None
    try:
        claims = _verified(token, _fetched(metadata["jwks_uri"], key))
    except (JoseError, ValueError) as error:
        if not kept:
            raise _Failed(_("签名不符")) from error
        cache.delete(key)
        try:
            claims = _verified(token, _fetched(metadata["jwks_uri"], key))
        except (JoseError, ValueError) as again:
            raise _Failed(_("签名不符")) from again
    _check_claims(claims, nonce, at)
    return claims


def _verified(token: str, jwks: dict[str, Any]) -> dict[str, Any]:
    keys = KeySet.import_key_set(jwks)  # type: ignore[arg-type]
    return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)


def _check_claims(claims: dict[str, Any], nonce: str, at: datetime) -> None:
    now = int(at.timestamp())
    registry = jwt.JWTClaimsRegistry(
        now=now, leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.IDENTITY_ISSUER},
        aud={"essential": True, "value": settings.IDENTITY_CLIENT_ID},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
    )  # fmt: skip
    try:
        registry.validate(claims)
    except ExpiredTokenError as error:
        raise _Failed(_("认证结果已经过期")) from error
    except (JoseError, TypeError, ValueError) as error:
        raise _Failed(_("认证结果不是给本平台这一次登录的")) from error
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if audience != [settings.IDENTITY_CLIENT_ID] or claims.get("azp", audience[0]) != audience[0]:
        raise _Failed(_("认证结果不是给本平台这一次登录的"))
    if not now - MAX_TOKEN_SECONDS - LEEWAY_SECONDS <= claims["iat"] <= now + LEEWAY_SECONDS:
        raise _Failed(_("认证结果已经过期"))


def _assertion(claims: dict[str, Any]) -> Assertion:
    """What is asserted, in the form our own input has. Raises Invalid for a code or a name that cannot stand."""
    role = claims.get("role")
    if role not in ("legal_representative", "agent"):
        raise _Failed(_("认证结果没有说明身份是法定代表人还是代理人"))
    return Assertion(
        issuer=str(claims["iss"]), subject=str(claims["sub"]), role=role,
        uscc=validate_uscc(str(claims.get("uscc", ""))),
        enterprise_name=clean_name(str(claims.get("enterprise_name", ""))),
        legal_representative=clean_name(str(claims.get("legal_representative", ""))),
        person_name=clean_name(str(claims.get("person_name", ""))),
    )  # fmt: skip
