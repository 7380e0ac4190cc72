"""People with an inbox, and a kind of notice of the tests' own."""

import pytest


@pytest.fixture(autouse=True)
def _kinds_of_the_tests(monkeypatch):
    """A registry of its own, over a copy, so that nothing stays registered."""
    from core.messages import kinds

    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))


@pytest.fixture
def kind():
    """`test.told`, a notice of the category *cases* that everybody may open."""
    from core.messages import kinds

    return kinds.register_kind(
        "test.told", title="案件 %(number)s 有进展", body="请在 %(until_on)s 前查看“%(product)s”。",
        url_name="inbox:settings", category="cases",
    )  # fmt: skip


@pytest.fixture
def person(db):
    from tests.support import world

    row = world.user("收件人")
    row.email = "reader@example.com"
    row.save()
    return row
