"""The identity port and the demo provider: real OpenID Connect, and every way to cheat at it (R-88)."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from core.claims.models import Claim, IdentityAttempt
from core.parties.competence import standing_of
from portal.demo import identity as provider
from tests.support import claims, world
from tests.support.clients import signed_in, today
from tests.support.travel import ToTestClient, Traveller, query_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88"), pytest.mark.usefixtures("identity_port")]


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
