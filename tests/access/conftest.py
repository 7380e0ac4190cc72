"""Cases in every state, for the tests of who may reach them."""

from copy import deepcopy
from typing import Any

import pytest


@pytest.fixture(scope="module")
def kept_cases(kept: Any) -> Any:
    from tests.support.cases import build_cases

    return kept(build_cases)


@pytest.fixture
def cases(kept_cases: Any, db: None) -> Any:
    """See `tests.support.cases.Cases`."""
    return deepcopy(kept_cases)
