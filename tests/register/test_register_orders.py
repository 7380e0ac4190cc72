"""Standing orders are announced to everybody: authority, scope, dates, rules, rate; never who signed (R-85)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from licensing.actions.orders import revoke_order
from tests.support import straight, world
from tests.support.holders import TIMELY

pytestmark = pytest.mark.req("R-85")
PAGE = reverse("register:who_decides")


@pytest.fixture(autouse=True)
def _world(fresh_database: str, time_machine: Any) -> None:
    """A simulated world of its own: the public login reads what is committed."""
    from django.core.management import call_command

    call_command("create_world", "--simulated", verbosity=0)
    time_machine.move_to(world.at(TIMELY, 18), tick=False)


def test_everybody_reads_the_order_without_the_signer(client: Client) -> None:
    assert "没有常设审批令" in client.get(PAGE).content.decode()
    signer = world.official("320000", "approval", name="李签署")
    row = straight.signed_order(signer, percent=5)
    for address in (PAGE, "/en" + PAGE):
        page = client.get(address).content.decode()
        assert row.number in page and "5%" in page and row.rules_version in page and str(row.valid_to) in page
        assert "李签署" not in page and str(signer.public_id) not in page
    assert "江苏省" in client.get(PAGE).content.decode()


def test_a_revocation_is_announced_without_its_reasons(client: Client) -> None:
    signer = world.official("320000", "approval", name="李签署")
    row = straight.signed_order(signer)
    revoke_order(
        public_id=row.public_id,
        reasons="规则将改",
        actor=world.actor(signer, TIMELY),
        at=world.at(TIMELY, 12),
    )
    page = client.get(PAGE).content.decode()
    assert f"{TIMELY} 撤销" in page and "规则将改" not in page and "李签署" not in page
