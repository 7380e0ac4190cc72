"""A holder, a certificate with an error on it, and who mends it."""

from copy import deepcopy
from typing import Any

import pytest


@pytest.fixture(scope="module")
def kept_desk(kept: Any) -> Any:
    from tests.support.corrections import Desk

    return kept(Desk)


@pytest.fixture
def desk(kept_desk: Any, db: None) -> Any:
    return deepcopy(kept_desk)
