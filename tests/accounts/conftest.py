"""People with a password, browsers to sign in with, a clock that stands."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands at noon UTC of a Monday and moves when told to."""
    from tests.support.codes import NOON

    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def official(db: None) -> Any:
    """A clerk of Jiangsu with a second factor and recovery codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    from tests.support import world
    from tests.support.codes import SECRET

    person = world.official("320000", "acceptance", name="王晓岚")
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


@pytest.fixture
def sign_in(db: None) -> Callable[..., Any]:
    """Send the sign-in form from a browser."""

    def send(client: Client, name: str, password: str = "correct horse", **more: str) -> Any:
        return client.post("/accounts/login/", {"login": name, "password": password, **more})

    return send
