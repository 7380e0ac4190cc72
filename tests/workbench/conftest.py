"""Papers without typesetting: nothing at the workbench depends on what is printed on them."""

import pytest


@pytest.fixture(autouse=True)
def _papers_without_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "licensing.actions.papers.render_paper", lambda application, slot: b"%PDF-1.4\n%%EOF\n"
    )
