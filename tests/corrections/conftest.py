"""A holder, a certificate with an error on it, and who mends it."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _papers_without_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "licensing.actions.papers.render_paper", lambda application, slot: b"%PDF-1.4\n%%EOF\n"
    )


@pytest.fixture
def desk() -> Any:
    from tests.support.corrections import Desk

    return Desk()
