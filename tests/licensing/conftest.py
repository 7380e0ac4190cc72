"""A holder of a licence, for whatever begins from one; a module that needs another kind of holder says so itself."""

from copy import deepcopy
from typing import Any

import pytest


@pytest.fixture(scope="module")
def kept_holder(kept: Any) -> Any:
    """See `tests.support.holders.Holder`."""
    from tests.support.holders import Holder

    return kept(Holder)


@pytest.fixture
def holder(kept_holder: Any, db: None) -> Any:
    return deepcopy(kept_holder)
