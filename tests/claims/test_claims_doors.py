"""The doors of claims: what a stranger finds, and what a page costs with many rows (R-88; DESIGN §3, §6)."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.claims.models import Claim
from core.parties.models import Enterprise, Membership, PowerOfAttorney
from tests.support import claims, world
from tests.support.claim_pages import filed, page, power_of, shown
from tests.support.clients import signed_in, upload

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


class Rooms:
    """Every address with an object in it."""

    def __init__(self, enterprise: Enterprise) -> None:
        self.lead = world.member(enterprise, name="钱已证")
        agent = claims.agent_of(enterprise)
        power = power_of(enterprise, agent, self.lead)
        asking = shown(filed(world.user("方求代"), uscc=enterprise.uscc, role="agent"))
        rival = shown(filed(world.user("吴新任"), uscc=enterprise.uscc))
        waiting = shown(filed(world.user()))
        invitation = claims.invited(enterprise, self.lead, "somebody-else", timezone.now())
        of_claim = (
            "claim",
            "authorisation",
            "statement",
            "withdraw",
            "admit",
            "decline",
            "identity",
            "review",
        )
        self.addresses = [page(name, claim) for claim in (asking, rival, waiting) for name in of_claim]
        self.addresses += [
            reverse("claims:document", kwargs={"public_id": claim.public_id, "slot": slot})
            for claim in (asking, rival, waiting)
            for slot in ("authorisation", "statement_holder", "statement_claimant", "odd")
        ]
        self.addresses += [page(name, enterprise) for name in ("agents", "grant", "remove_agent")]
        self.addresses += [page(name, power) for name in ("renew", "revoke")]
        names = ("accept_invitation", "decline_invitation", "withdraw_invitation")
        self.addresses += [page(name, invitation) for name in names]
        self.agent = agent


def state() -> tuple[Any, ...]:
    return tuple(
        sorted(map(str, model.objects.values_list())) for model in (Claim, Membership, PowerOfAttorney)
    )


def test_a_stranger_finds_nothing_behind_any_address(enterprise: Enterprise) -> None:
    rooms = Rooms(enterprise)
    strangers = {
        "new": world.user(),
        "of another enterprise": world.member(world.enterprise()),
        "official of another province": world.official("330000", "acceptance", "approval"),
    }
    before = state()
    sent = {
        "version": 3, "act": "accept", "checked": ["seal"], "reasons": "x", "text": "x", "address": "x",
        "agent": str(rooms.agent.public_id), "first": "2026-12-01", "last": "2027-01-01", "file": upload(),
    }  # fmt: skip
    for name, person in strangers.items():
        client = signed_in(person)
        for address in rooms.addresses:
            for answer in (client.get(address), client.post(address, sent)):
                assert answer.status_code in (404, 405, 403), (name, address, answer.status_code)
                if "/reviews/" not in address:
                    assert answer.status_code != 403, (name, address)
    assert state() == before


BUDGET = {"mine": 14, "claim": 12, "agents": 11, "review_list": 12, "review": 12}


def cost(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_cost_the_same_with_one_row_and_with_many(enterprise: Enterprise) -> None:
    lead, clerk = world.member(enterprise), world.official("320000", "acceptance", "approval")
    first, rival = shown(filed(world.user())), world.user()
    dispute = shown(filed(rival, uscc=enterprise.uscc))

    def more(rows: int) -> None:
        for _number in range(rows):
            power_of(enterprise, claims.agent_of(enterprise), lead)
            shown(filed(world.user()))
            filed(world.user(), uscc=enterprise.uscc, role="agent")
            other = world.enterprise()
            Membership.objects.create(user=lead, enterprise=other, role="agent", valid_from=date(2015, 1, 1))
            refused = shown(filed(world.user()))
            Claim.objects.filter(pk=refused.pk).update(
                status="refused", decided_by=clerk, decided_at=timezone.now(), reasons="x"
            )

    def costs() -> dict[str, int]:
        leading, desk = signed_in(lead), signed_in(clerk)
        return {
            "mine": cost(leading, page("mine")), "claim": cost(signed_in(rival), page("claim", dispute)),
            "agents": cost(leading, page("agents", enterprise)), "review_list": cost(desk, page("review_list")),
            "review": cost(desk, page("review", first)),
        }  # fmt: skip

    more(1)
    before = costs()
    more(12)
    assert costs() == before
    print(before)
    assert {name: count for name, count in before.items() if count > BUDGET[name]} == {}
