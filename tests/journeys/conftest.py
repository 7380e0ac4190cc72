"""The portal running in the demo world, its people, and browsers to send them with."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def people(stack: Any) -> Any:
    """The demo accounts of the running portal."""
    from tests.support.browsing import DemoPeople

    stack.wait_ready()
    return DemoPeople(stack)


@pytest.fixture
def window(stack: Any, browser: Any) -> Iterator[Any]:
    """Opens browser windows, each a profile of its own; see `tests.support.browsing.Windows`."""
    from tests.support.browsing import Windows

    windows = Windows(browser, stack)
    with windows.opened:
        yield windows
