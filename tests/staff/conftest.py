"""A province with two administrators and colleagues; the nation above it."""

from typing import Any

import pytest


@pytest.fixture
def office(db: None) -> Any:
    """See `tests.support.offices.Jiangsu`."""
    from tests.support.offices import Jiangsu

    return Jiangsu()
