"""Cases in every state, for the tests of who may reach them."""

from typing import Any

import pytest


@pytest.fixture
def cases(db: None) -> Any:
    """See `tests.support.cases.Cases`."""
    from tests.support.cases import build_cases

    return build_cases()
