"""The demo identity provider: there in the demo world alone, and as strict as a real one (R-88)."""

import base64
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from core.claims.models import IdentityAttempt
from core.ledger.models import World
from core.parties.models import User
from portal.demo import identity as provider
from tests.support.travel import Traveller, query_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88"), pytest.mark.usefixtures("identity_port")]


ADDRESSES = ("identity_configuration", "identity_jwks", "identity_authorize", "identity_token")


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_provider_is_there_in_the_demo_world_alone(name: str, settings: Any, client: Client) -> None:
    def ask() -> int:
        return (client.post if name == "identity_token" else client.get)(reverse(name)).status_code

    assert ask() in (200, 400, 401)
    settings.WORLD = "real"
    assert ask() == 404


def test_the_provider_is_not_there_where_acts_are_real(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World.objects, "first", lambda: World(simulated=False))
    assert client.get(reverse("identity_configuration")).status_code == 404


@pytest.mark.parametrize(
    "changes", [{"client_id": "another"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": ""}]
)
def test_the_provider_sends_nobody_elsewhere(who: Traveller, changes: dict[str, str], client: Client) -> None:
    asked = query_of(who.leave()) | changes
    answer = client.get(f"{reverse('identity_authorize')}?{urlencode(asked)}")
    assert answer.status_code == 400
    assert "Location" not in answer


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
    ],
)
def test_the_provider_insists_on_code_and_challenge(
    who: Traveller, changes: dict[str, str], error: str, client: Client
) -> None:
    asked = query_of(who.leave()) | changes
    back = client.get(f"{reverse('identity_authorize')}?{urlencode(asked)}")["Location"]
    assert query_of(back)["error"] == error


def _basic(name: str = "licence-portal", secret: str = "demo-only") -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


@pytest.mark.parametrize(
    "header", ["", "Basic ???", "Bearer x", _basic(secret="wrong"), _basic(name="another")]
)
def test_the_provider_knows_one_client(header: str, client: Client) -> None:
    answer = client.post(reverse("identity_token"), {"code": "x"}, HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_code_dies_with_a_wrong_verifier(who: Traveller, client: Client) -> None:
    code = query_of(who.confirm(who.leave()))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": provider._callback()}
    verifier = IdentityAttempt.objects.get().verifier
    for tried in ("wrong", verifier):
        answer = client.post(
            reverse("identity_token"), {**sent, "code_verifier": tried}, HTTP_AUTHORIZATION=_basic()
        )
        assert answer.json() == {"error": "invalid_grant"}


def test_the_provider_says_what_is_missing(who: Traveller, client: Client) -> None:
    url = who.leave()
    answer = client.post(url[url.index("/identity/") :], {"who": "other", "role": "agent", "uscc": "123"})
    assert answer.status_code == 422
    assert "应为 18 位" in answer.content.decode()


def test_the_provider_s_form_takes_a_known_enterprise(who: Traveller) -> None:
    known = provider.demo_uscc("320583", 1)
    form = provider.IdentityForm({"who": known, "role": "legal_representative"}, hint=known)
    assert form.is_valid(), form.errors
    assert form.identity()["enterprise_name"] == "苏州金穗肥业有限公司"
    assert User.objects.filter(pk=who.person.pk).exists()
