"""`./dev manage demo_reset`: the demo world anew, from an empty schema, as the owner login alone (DESIGN §7)."""

import json
from collections.abc import Iterator

import pytest

from tests.support.servers import TestServers
from tests.support.stack import Stack

pytestmark = pytest.mark.slow


@pytest.fixture
def world(servers: TestServers) -> Iterator[Stack]:
    """A demo world of its own whose processes are not running."""
    made = Stack(servers)
    try:
        yield made
    finally:
        made.close()


def test_the_demo_world_is_built_anew_and_its_ledger_is_whole(world: Stack):
    before = json.loads(world.manage("demo_accounts", "--json"))
    world.manage("demo_reset")
    assert json.loads(world.manage("demo_accounts", "--json")) == before
    world.manage("ledger", "verify")
    world.manage("migrate", "--check")
