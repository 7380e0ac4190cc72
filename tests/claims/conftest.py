"""What tests of claims share. Imports wait for Django, which loads after this file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from core.parties.models import Enterprise
    from tests.support.travel import Traveller


@pytest.fixture
def identity_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from tests.support.travel import wired

    with wired(monkeypatch):
        yield


@pytest.fixture
def who(identity_port: None) -> "Traveller":
    from tests.support.travel import Traveller

    return Traveller()


@pytest.fixture
def enterprise() -> "Enterprise":
    from tests.support import claims, world

    return claims.proved(world.enterprise(name="苏州已证肥业有限公司"))
