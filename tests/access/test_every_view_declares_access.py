"""Default deny: whatever the resolver reaches has said who may enter, and strangers are led to sign in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.sites import AdminSite
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from core.parties.models import Duty
from core.rest.scopes import Scope

LANGUAGES = ("zh-hans", "en")
SAMPLES = {
    "public_id": "00000000-0000-4000-8000-000000000001", "track": "onsite", "slot": "business_licence",
    "scope": "national", "year": 2026, "number": "320000-N-2026-000001-22", "opaque_id": "abcdefghij234567klmn",
    "code": "abcdefghij234567klmn",
    "key": "rebar", "province": "320000", "token": "forged:token:signature", "section": "enterprise",
    "pause_id": "00000000-0000-4000-8000-000000000002", "uscc": "91110108MA00AB124B", "pk": 1,
}  # fmt: skip
"""A value for every parameter of every address; a new parameter has to be added here."""

OPEN_DOORS = {
    "healthz", "readyz", "metrics", "demo_login", "portal:style", "account_login", "account_signup", "account_inactive",
    "account_logout", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate", "mfa_index",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "demo_mail", "account_email_verification_sent", "account_email",
    "account_change_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "identity_configuration",
    "identity_jwks", "identity_authorize", "identity_token",
}  # fmt: skip
"""Pages that need no account. Opening another door is a decision, so it is made here as well."""

ANSWERS_A_SCRIPT = {"licensing:typed", "licensing:typed_token"}
"""A script is told 401 in so many words, so that the page can say so and keep what was typed."""

OWN_ACCOUNT = {name for name in OPEN_DOORS if name.startswith("mfa_")} | {
    "account_reauthenticate", "account_email", "account_change_password", "account_email_verification_sent",
}  # fmt: skip
"""Of these, allauth itself asks who is there."""


@dataclass(frozen=True)
class Door:
    """One address the resolver knows."""

    name: str
    view: Callable[..., Any]
    parameters: frozenset[str]

    @property
    def rule(self) -> str:
        return str(getattr(self.view, "access_rule", ""))

    def addresses(self) -> list[str]:
        arguments = {key: SAMPLES[key] for key in self.parameters}
        found = []
        for language in LANGUAGES:
            with override(language):
                found.append(reverse(self.name, kwargs=arguments))
        return list(dict.fromkeys(found))


def walk(patterns: list[Any], namespace: str = "") -> Iterator[Door]:
    """Every view below these patterns."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace or "") if part)
            yield from walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
            regex = pattern.pattern.regex
            yield Door(name, pattern.callback, frozenset(regex.groupindex))


DOORS = list(walk(get_resolver().url_patterns))
BY_TOKEN = [door for door in DOORS if door.rule.startswith("token:")]
CLOSED = [door for door in DOORS if door.rule not in ("public", "anyone") and door not in BY_TOKEN]
PUBLIC = [door for door in DOORS if door.rule == "public"]


def known(rule: str) -> bool:
    if rule.startswith("official:"):
        kinds = rule.removeprefix("official:").split(",")
        return bool(kinds) and set(kinds) <= set(Duty.Kind.values)
    if rule.startswith("token:"):
        scopes = rule.removeprefix("token:")
        return not scopes or set(scopes.split(",")) <= set(Scope.values)
    return rule in {"public", "anyone", "signed_in", "enterprise", "drafter", "national_admin"}


def test_the_walk_sees_the_whole_portal() -> None:
    names = {door.name for door in DOORS}
    assert len(DOORS) >= 50
    assert {"licensing:decide", "register:licence", "workdays:edit", "account_login", "healthz"} <= names


def test_every_view_declares_a_known_rule() -> None:
    assert [door.name for door in DOORS if not known(door.rule)] == []


def test_every_view_has_a_name() -> None:
    assert [door for door in DOORS if door.name.endswith("None")] == []


def test_the_admin_is_not_mounted() -> None:
    inside = {door.view.__module__.split(".")[0:3] == ["django", "contrib", "admin"] for door in DOORS}
    owners = {getattr(door.view, "admin_site", None) for door in DOORS}
    assert inside == {False}
    assert not any(isinstance(owner, AdminSite) for owner in owners)


def test_only_the_doors_named_here_are_open_to_anyone() -> None:
    assert {door.name for door in DOORS if door.rule == "anyone"} == OPEN_DOORS


def test_public_pages_are_those_of_the_register_and_the_portal() -> None:
    assert {door.view.__module__ for door in PUBLIC} <= {
        "register.views", "register.api", "portal.pages", "portal.api_docs",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("door", CLOSED, ids=lambda door: door.name)
def test_a_stranger_is_led_to_sign_in(client: Client, door: Door) -> None:
    for address in door.addresses():
        for answer in (client.get(address), client.post(address), client.head(address)):
            if door.name in ANSWERS_A_SCRIPT:
                assert answer.status_code in (401, 405), address
                continue
            assert answer.status_code == 302, address
            assert "/accounts/login/?next=" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("door", BY_TOKEN, ids=lambda door: door.name)
def test_a_system_without_a_token_is_told_so(client: Client, door: Door) -> None:
    for address in door.addresses():
        for method in (client.get, client.post, client.put, client.delete, client.head):
            answer = method(address)
            assert answer.status_code == 401, (address, answer.status_code)
            assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OWN_ACCOUNT))
def test_the_pages_of_an_account_show_a_stranger_nothing(client: Client, name: str) -> None:
    for language in LANGUAGES:
        with override(language):
            answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


@pytest.mark.django_db(databases=["default", "public"])
@pytest.mark.parametrize("door", PUBLIC, ids=lambda door: door.name)
def test_a_public_page_sets_no_cookie_and_asks_for_none(client: Client, door: Door) -> None:
    for address in door.addresses():
        answer = client.get(address, follow=False)
        assert answer.status_code in (200, 301, 302, 404, 405), address
        assert not answer.cookies, address
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.django_db
def test_a_forged_link_of_the_demo_world_signs_nobody_in(client: Client) -> None:
    assert client.get(reverse("demo_login", kwargs={"token": SAMPLES["token"]})).status_code == 404
    assert "_auth_user_id" not in client.session
