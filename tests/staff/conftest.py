"""A province with two administrators and colleagues; the nation above it."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _papers_without_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "licensing.actions.papers.render_paper", lambda application, slot: b"%PDF-1.4\n%%EOF\n"
    )


@pytest.fixture
def office(db: None) -> Any:
    """See `tests.support.offices.Jiangsu`."""
    from tests.support.offices import Jiangsu

    return Jiangsu()
