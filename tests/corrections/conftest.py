"""A holder, a certificate with an error on it, and who mends it."""

from typing import Any

import pytest


@pytest.fixture
def desk() -> Any:
    from tests.support.corrections import Desk

    return Desk()
