"""Cases in every state, for the tests of who may reach them."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _papers_without_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may open a paper does not depend on what is printed on it."""
    monkeypatch.setattr(
        "licensing.actions.papers.render_paper", lambda application, slot: b"%PDF-1.4\n%%EOF\n"
    )


@pytest.fixture
def cases(db: None) -> Any:
    """See `tests.support.cases.Cases`."""
    from tests.support.cases import build_cases

    return build_cases()
