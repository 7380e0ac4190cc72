"""The identity port and the demo provider: real OpenID Connect, and every way to cheat at it (R-88)."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from requests.adapters import BaseAdapter

from core.claims import identity as port
from core.claims.models import Claim, IdentityAttempt
from core.ledger.models import World
from core.parties.competence import standing_of
from core.parties.models import User
from portal.demo import identity as provider
from tests.support import claims, world
from tests.support.clients import signed_in, today

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


class ToTestClient(BaseAdapter):
    """The portal's own address, answered by the test client instead of a socket."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        headers = {
            f"HTTP_{k.upper().replace('-', '_')}": str(v)
            for k, v in request.headers.items()
            if k == "Authorization"
        }
        path = urlsplit(str(request.url)).path
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
        client = Client()
        answer = (
            client.post(path, dict(parse_qsl(body)), **headers)
            if request.method == "POST"
            else client.get(path)
        )
        response = requests.Response()
        response.status_code, response.raw, response.request = (
            answer.status_code,
            BytesIO(answer.content),
            request,
        )
        response.headers["Content-Type"] = answer["Content-Type"]
        response.url = str(request.url)
        return response

    def close(self) -> None:
        return None


@pytest.fixture(autouse=True)
def _wired(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    plain = port._session

    def session(redirect_uri: str = "") -> Any:
        made = plain(redirect_uri)
        made.mount("http://", ToTestClient())
        return made

    monkeypatch.setattr(port, "_session", session)
    yield
    cache.clear()


class Traveller:
    """A claimant on the way to the provider and back."""

    def __init__(self, **changes: str) -> None:
        self.person = world.user("周敏")
        self.claim = claims.filed(self.person, at=timezone.now(), **changes)
        self.client = signed_in(self.person)

    def leave(self) -> str:
        """Where the portal sends the browser."""
        answer = self.client.post(reverse("claims:identity", kwargs={"public_id": self.claim.public_id}))
        assert answer.status_code == 302
        return str(answer["Location"])

    def confirm(self, url: str, **changes: str) -> str:
        """Say at the provider who one is; the address it sends back to."""
        typed = {
            "who": "other", "role": "legal_representative", "person_name": "周敏", "uscc": self.claim.enterprise.uscc,
            "enterprise_name": "昆山认证肥业有限公司", "legal_representative": "周敏",
        } | changes  # fmt: skip
        answer = Client().post(url[url.index("/identity/") :], typed)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def arrive(self, back: str) -> str:
        """Come back; the words on the page then shown."""
        parts = urlsplit(back)
        return self.client.get(f"{parts.path}?{parts.query}", follow=True).content.decode()

    def travel(self, **changes: str) -> str:
        return self.arrive(self.confirm(self.leave(), **changes))

    def state(self) -> str:
        return Claim.objects.get(pk=self.claim.pk).status


@pytest.fixture
def who() -> Traveller:
    return Traveller()


def query_of(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def test_a_confirmed_identity_proves_at_once_and_overwrites_what_was_typed(who: Traveller) -> None:
    text = who.travel()
    claim = Claim.objects.select_related("enterprise").get(pk=who.claim.pk)
    assert (claim.status, claim.proof, claim.decided_by_id) == ("proved", "identity", None)
    assert claim.name == claim.enterprise.name == "昆山认证肥业有限公司"
    assert claim.enterprise.proved_at is not None
    assert [(m.role, m.may_file) for m in standing_of(who.person, today()).memberships] == [
        ("legal_representative", True)
    ]
    assert "认领已证明" in text


def test_after_the_journey_one_goes_on_to_where_one_wanted(who: Traveller) -> None:
    wish = "/apply/?category=cable"
    who.client.post(
        reverse("claims:new"), {**claims.facts(who.claim.enterprise.uscc), "province": "320000", "next": wish}
    )
    text = who.travel()
    assert "认领已证明" in text
    assert f'href="{wish}">继续' in text


def test_the_journey_carries_state_nonce_and_challenge_and_asks_for_our_code(who: Traveller) -> None:
    asked = query_of(who.leave())
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["login_hint"] == who.claim.enterprise.uscc
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    attempt = IdentityAttempt.objects.get()
    assert asked["state"] not in attempt.state_hash
    assert provider.challenge_of(attempt.verifier) == asked["code_challenge"]


def test_the_asserted_role_is_the_role(who: Traveller) -> None:
    who.travel(role="agent", person_name="吴代理")
    assert [(m.role, m.may_file) for m in standing_of(who.person, today()).memberships] == [("agent", False)]


def test_an_identity_of_another_code_leaves_the_claim_as_it_is(who: Traveller) -> None:
    text = who.travel(uscc=claims.new_uscc())
    assert "与认领的代码不符" in text
    claim = Claim.objects.get(pk=who.claim.pk)
    assert (claim.status, claim.version, claim.proof) == ("pending", 1, "")


def test_a_second_claimant_with_an_identity_is_a_dispute_and_displaces_nobody() -> None:
    enterprise = claims.proved(world.enterprise())
    first = world.member(enterprise)
    who = Traveller(uscc=enterprise.uscc)
    text = who.travel()
    assert who.state() == "disputed"
    assert "由许可机关裁定" in text
    assert standing_of(first, today()).memberships[0].role == "legal_representative"
    assert standing_of(who.person, today()).memberships == ()


def test_an_agent_with_an_identity_still_waits_for_the_representative() -> None:
    enterprise = claims.proved(world.enterprise())
    lead = world.member(enterprise)
    who = Traveller(uscc=enterprise.uscc, role="agent")
    who.travel(role="agent", person_name="吴代理")
    assert who.state() == "pending"
    assert standing_of(who.person, today()).memberships == ()
    assert set(claims.told(lead)) == {"claims.agent_asks"}


def test_an_answer_replayed_finds_nothing(who: Traveller) -> None:
    back = who.confirm(who.leave())
    who.arrive(back)
    version = Claim.objects.get(pk=who.claim.pk).version
    assert "已经用过或者超过 10 分钟" in who.arrive(back)
    assert Claim.objects.get(pk=who.claim.pk).version == version


def test_a_code_is_good_once(who: Traveller) -> None:
    first = query_of(who.confirm(who.leave()))
    who.arrive(f"{reverse('claims:identity_return')}?{urlencode(first)}")
    other = Traveller()
    state = query_of(other.leave())["state"]
    text = other.arrive(
        f"{reverse('claims:identity_return')}?{urlencode({'code': first['code'], 'state': state})}"
    )
    assert "没有认可这次登录" in text
    assert other.state() == "pending"


def test_a_code_of_another_journey_lacks_its_verifier(who: Traveller) -> None:
    stolen = query_of(who.confirm(who.leave()))["code"]
    thief = Traveller(uscc=who.claim.enterprise.uscc)
    state = query_of(thief.leave())["state"]
    text = thief.arrive(f"{reverse('claims:identity_return')}?{urlencode({'code': stolen, 'state': state})}")
    assert "没有认可这次登录" in text
    assert thief.state() == "pending"


def test_an_answer_in_another_person_s_browser_is_refused(who: Traveller) -> None:
    back = urlsplit(who.confirm(who.leave()))
    stranger = signed_in(world.user())
    text = stranger.get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert "已经用过或者超过 10 分钟" in text
    assert who.state() == "pending"


def test_an_answer_after_ten_minutes_is_too_late(who: Traveller) -> None:
    back = who.confirm(who.leave())
    IdentityAttempt.objects.update(started_at=timezone.now() - timedelta(minutes=11))
    assert "已经用过或者超过 10 分钟" in who.arrive(back)
    assert who.state() == "pending"


def test_a_made_up_state_and_a_refusal_change_nothing(who: Traveller) -> None:
    assert "已经用过" in who.arrive(f"{reverse('claims:identity_return')}?code=x&state=made-up")
    url = who.leave()
    back = str(Client().post(url[url.index("/identity/") :], {"cancel": "1"})["Location"])
    assert query_of(back)["error"] == "access_denied"
    assert "你在认证平台没有确认" in who.arrive(back)
    assert who.state() == "pending"


def _claims(identity: dict[str, str], nonce: str, changes: dict[str, Any]) -> dict[str, Any]:
    now = int(timezone.now().timestamp())
    return {
        "iss": provider.issuer(), "aud": "licence-portal", "iat": now, "exp": now + 120, "nonce": nonce, **identity,
    } | changes  # fmt: skip


def _signed(changes: dict[str, Any], key: Any = None, alg: str = "ES256") -> Callable[..., str]:
    def token(identity: dict[str, str], nonce: str) -> str:
        signer = key or provider.signing_key()
        return jwt.encode(
            {"alg": alg, "kid": provider.signing_key().kid}, _claims(identity, nonce, changes), signer
        )

    return token


def _unsigned(identity: dict[str, str], nonce: str) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(_claims(identity, nonce, {}))}."


def _past(seconds: int) -> int:
    return int(timezone.now().timestamp()) - seconds


FORGERIES: dict[str, Callable[[], Callable[..., str]]] = {
    "another key": lambda: _signed({}, ECKey.generate_key("P-256")),
    "public key as secret": lambda: _signed({}, OctKey.import_key("x" * 64), "HS256"),
    "no signature": lambda: _unsigned,
    "another audience": lambda: _signed({"aud": "somebody-else"}),
    "two audiences": lambda: _signed({"aud": ["licence-portal", "somebody-else"]}),
    "another issuer": lambda: _signed({"iss": "https://evil.example"}),
    "another nonce": lambda: _signed({"nonce": "replayed"}),
    "no nonce": lambda: _signed({"nonce": None}),
    "expired": lambda: _signed({"exp": _past(120), "iat": _past(300)}),
    "no end": lambda: _signed({"exp": None}),
    "issued long ago": lambda: _signed({"iat": _past(7200)}),
    "issued tomorrow": lambda: _signed({"iat": _past(-86400)}),
    "another role": lambda: _signed({"role": "claimant"}),
    "no code": lambda: _signed({"uscc": ""}),
    "a wrong code": lambda: _signed({"uscc": "9132058300000000X0"}),
    "a name that is none": lambda: _signed({"enterprise_name": "\u202e"}),
    "not a token": lambda: lambda identity, nonce: "x.y.z",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_does_not_hold_is_refused_with_a_reason(
    who: Traveller, forgery: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "id_token", FORGERIES[forgery]())
    text = who.travel()
    assert "身份认证没有完成" in text
    claim = Claim.objects.get(pk=who.claim.pk)
    assert (claim.status, claim.version, claim.proof) == ("pending", 1, "")
    assert standing_of(who.person, today()).memberships == ()


def test_a_rolled_key_is_fetched_afresh(who: Traveller) -> None:
    cache.set(
        f"identity:jwks:{provider.issuer()}",
        {"keys": [ECKey.generate_key("P-256").as_dict(private=False)]},
        600,
    )
    who.travel()
    assert who.state() == "proved"


def test_an_issuer_that_does_not_answer_is_said_and_nothing_is_lost(
    who: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: ToTestClient, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        raise requests.ConnectionError("gone")

    back = who.confirm(who.leave())
    cache.clear()
    monkeypatch.setattr(ToTestClient, "send", gone)
    assert "现在连不上" in who.arrive(back)
    page = reverse("claims:identity", kwargs={"public_id": who.claim.public_id})
    assert "现在连不上" in who.client.post(page, follow=True).content.decode()
    assert who.state() == "pending"


def test_discovery_must_name_the_issuer_itself(who: Traveller) -> None:
    cache.set(f"identity:metadata:{provider.issuer()}", {"issuer": "https://evil.example"}, 600)
    page = reverse("claims:identity", kwargs={"public_id": who.claim.public_id})
    assert "现在连不上" in who.client.post(page, follow=True).content.decode()


def test_without_an_issuer_there_is_no_identity_to_offer(who: Traveller, settings: Any) -> None:
    page = reverse("claims:claim", kwargs={"public_id": who.claim.public_id})
    assert "去认证" in who.client.get(page).content.decode()
    settings.IDENTITY_ISSUER = ""
    assert "去认证" not in who.client.get(page).content.decode()
    answer = who.client.post(
        reverse("claims:identity", kwargs={"public_id": who.claim.public_id}), follow=True
    )
    assert "没有接入身份认证" in answer.content.decode()


def test_the_page_that_leads_out_may_lead_to_the_issuer(who: Traveller, settings: Any) -> None:
    settings.IDENTITY_ISSUER = "https://id.example.gov.cn/oidc"
    answer = who.client.get(reverse("claims:claim", kwargs={"public_id": who.claim.public_id}))
    assert "form-action 'self' https://id.example.gov.cn" in answer["Content-Security-Policy"]


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
