"""Tokens: who may issue them, what they open, and when they stop (R-88; DOMAIN §8)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.lifecycle.errors import NotAllowed
from core.messages.models import Message
from core.parties.models import Membership, PowerOfAttorney
from core.rest import actions, errors
from core.rest.models import ApiToken
from licensing.actions.drafts import start_draft
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.interface import Robot, token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def me(secret: str) -> Any:
    return Robot(secret).get("me/")


def test_a_token_tells_whose_it_is(cast: world.Cast) -> None:
    told = Robot.of(cast.applicant, cast.enterprise).get("me/").json()
    assert told["enterprise"]["uscc"] == cast.enterprise.uscc and told["enterprise"]["may_file"] is True
    assert told["duties"] == [] and told["person"] == str(cast.applicant.public_id)
    official = Robot.of(cast.clerk).get("me/").json()
    assert official["enterprise"] is None and [row["kind"] for row in official["duties"]] == ["acceptance"]


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer plp_wrong", "Bearer " + "x" * 300, "Basic dTpw", "plp_x"]
)
def test_without_a_live_token_nothing_opens(given: str) -> None:
    answer = Client().get("/api/v1/me/", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert (
        answer["WWW-Authenticate"].startswith("Bearer")
        and answer["Content-Type"] == "application/problem+json"
    )


def test_a_session_of_the_browser_does_not_open_the_interface(cast: world.Cast) -> None:
    assert signed_in(cast.applicant).get("/api/v1/applications/").status_code == 401


def test_the_secret_is_kept_only_as_a_digest(cast: world.Cast) -> None:
    token, secret = token_for(cast.applicant, cast.enterprise)
    stored = str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert secret not in stored and secret[-4:] in stored
    entries = LedgerEntry.objects.filter(subject_id=str(token.public_id))
    assert secret not in str(list(entries.values())) and [row.act for row in entries] == ["api.issue_token"]


def test_expired_revoked_and_of_an_inactive_person(cast: world.Cast) -> None:
    token, secret = token_for(cast.applicant, cast.enterprise)
    ApiToken.objects.filter(pk=token.pk).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert me(secret).json()["code"] == "api.token_expired"
    token, secret = token_for(cast.applicant, cast.enterprise)
    actions.revoke(token=token, actor=world.actor(cast.applicant), at=timezone.now())
    assert me(secret).json()["code"] == "api.token_unknown"
    _token, secret = token_for(cast.applicant, cast.enterprise)
    type(cast.applicant).objects.filter(pk=cast.applicant.pk).update(is_active=False)
    assert me(secret).status_code == 401


@pytest.mark.req("R-88")
def test_a_token_ends_with_the_membership_it_rests_on(cast: world.Cast) -> None:
    robot = Robot.of(cast.applicant, cast.enterprise)
    Membership.objects.filter(user=cast.applicant).update(valid_to=today())
    refused = robot.get("applications/")
    assert (refused.status_code, refused.json()["code"]) == (403, "api.token_powerless")


@pytest.mark.req("R-88")
def test_an_agent_whose_power_ran_out_reads_but_does_not_file(cast: world.Cast) -> None:
    agent = world.user("冯晓")
    Membership.objects.create(user=agent, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    power = PowerOfAttorney.objects.create(
        user=agent, enterprise=cast.enterprise, granted_by=cast.applicant, granted_at=timezone.now(),
        valid_from=today() - timedelta(days=9), valid_to=today() + timedelta(days=9),
    )  # fmt: skip
    robot = Robot.of(agent, cast.enterprise)
    PowerOfAttorney.objects.filter(pk=power.pk).update(revoked_at=timezone.now())
    draft = world.signed_draft(cast)
    assert robot.get(f"applications/{draft.public_id}/").status_code == 200
    refused = robot.post(f"applications/{draft.public_id}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (403, "licensing.not_authorised")
    with pytest.raises(errors.MayNotIssue):
        token_for(agent, cast.enterprise)


def test_a_token_of_one_enterprise_does_not_see_the_other_of_the_same_person(cast: world.Cast) -> None:
    other = world.Cast()
    Membership.objects.create(
        user=cast.applicant, enterprise=other.enterprise, role="agent", valid_from=world.EPOCH
    )
    foreign = world.submitted(other)
    robot = Robot.of(cast.applicant, cast.enterprise)
    assert robot.get(f"applications/{foreign.public_id}/").status_code == 404
    with_nothing = start_draft(
        public_id=uuid.uuid4(),
        enterprise=other.enterprise,
        actor=world.actor(cast.applicant),
        at=timezone.now(),
    )
    body = {"id": str(with_nothing.public_id), "category": "fertilizer-phosphate"}
    assert robot.post("applications/", body, match="").status_code == 404
    with_nothing.refresh_from_db()
    assert with_nothing.category is None and with_nothing.draft_version == 1


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("applications:read", "POST", "applications/"),
        ("applications:write", "GET", "applications/"),
        ("applications:write", "POST", "applications/{id}/submit/"),
        ("applications:file", "PUT", "applications/{id}/sites/"),
        ("applications:read", "PUT", "applications/{id}/commitment/"),
        ("applications:read", "POST", "applications/{id}/accept/"),
    ],
)
def test_a_scope_opens_only_what_it_names(cast: world.Cast, scope: str, method: str, path: str) -> None:
    draft = world.filled_draft(cast)
    robot = Robot.of(cast.applicant, cast.enterprise, scope)
    answer = robot.send(method, path.format(id=draft.public_id), {} if method != "GET" else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "api.scope_missing")


def test_an_officials_token_lives_half_a_day_and_asks_for_a_duty(cast: world.Cast) -> None:
    token, _secret = token_for(cast.clerk)
    assert token.expires_at - token.created_at == timedelta(hours=12)
    with pytest.raises(NotAllowed):
        token_for(cast.applicant)


@pytest.mark.parametrize("days", [0, 366])
def test_a_term_outside_the_limits_is_refused(cast: world.Cast, days: int) -> None:
    with pytest.raises(errors.TokenTerm):
        token_for(cast.applicant, cast.enterprise, days=days)


def test_scopes_of_the_other_side_are_refused(cast: world.Cast) -> None:
    with pytest.raises(errors.TokenScopes):
        token_for(cast.applicant, cast.enterprise, "work:act")
    with pytest.raises(errors.TokenScopes):
        token_for(cast.clerk, None, "applications:file")


def test_both_sides_are_told_and_the_legal_representative_takes_it_back(cast: world.Cast) -> None:
    agent = world.user("冯晓")
    Membership.objects.create(user=agent, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    PowerOfAttorney.objects.create(
        user=agent, enterprise=cast.enterprise, granted_by=cast.applicant, granted_at=timezone.now(),
        valid_from=today(), valid_to=today() + timedelta(days=9),
    )  # fmt: skip
    token, secret = token_for(agent, cast.enterprise)
    told = Message.objects.filter(kind="api.token_issued").values_list("recipient_id", flat=True)
    assert set(told) == {agent.pk, cast.applicant.pk}
    stranger = signed_in(world.Cast().applicant)
    address = reverse("api:revoke", args=[token.public_id])
    assert stranger.post(address).status_code == 404 and me(secret).status_code == 200
    assert signed_in(cast.applicant).post(address).status_code == 302
    assert me(secret).status_code == 401


class TestPages:
    """The pages under 我的账号 → 接口令牌."""

    def fresh(self, person: Any) -> Client:
        client = signed_in(person, second_factor=True)
        return client

    def test_issue_shows_the_secret_once(self, cast: world.Cast) -> None:
        client = self.fresh(cast.applicant)
        form = client.get(reverse("api:issue")).context["form"]
        sent = {
            "public_id": str(form.initial["public_id"]), "enterprise": cast.enterprise.uscc, "name": "ERP",
            "scopes": ["applications:read"], "days": "30",
        }  # fmt: skip
        made = client.post(reverse("api:issue"), sent)
        secret = made.context["secret"]
        assert (
            made.status_code == 200
            and secret in made.content.decode()
            and "no-store" in made["Cache-Control"]
        )
        assert me(secret).status_code == 200
        again = client.post(reverse("api:issue"), sent)
        assert again.status_code == 422 and secret not in again.content.decode()
        assert ApiToken.objects.count() == 1
        listed = client.get(reverse("api:tokens")).content.decode()
        assert "ERP" in listed and secret not in listed

    def test_what_is_wrong_is_said_at_the_field(self, cast: world.Cast) -> None:
        client = self.fresh(cast.applicant)
        sent = {
            "public_id": str(uuid.uuid4()),
            "enterprise": cast.enterprise.uscc,
            "name": "ERP",
            "days": "400",
        }
        answer = client.post(reverse("api:issue"), sent)
        assert answer.status_code == 422 and set(answer.context["form"].errors) == {"scopes", "days"}
        assert 'value="ERP"' in answer.content.decode()

    def test_who_may_not_issue_is_told_so(self) -> None:
        person = world.user()
        client = self.fresh(person)
        assert client.get(reverse("api:issue")).status_code == 403
        assert reverse("api:issue") not in client.get(reverse("api:tokens")).content.decode()

    def test_a_password_shown_long_ago_is_asked_again(self, cast: world.Cast) -> None:
        answer = signed_in(cast.applicant, second_factor=False).get(reverse("api:issue"))
        assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
