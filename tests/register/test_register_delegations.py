"""Who decides, told to everybody (R-20)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.parties.models import Authority, Delegation
from tests.support.clients import today

pytestmark = [pytest.mark.req("R-20")]


def test_what_is_entrusted_is_announced_with_basis_and_state(fresh_database: Any) -> None:
    found = Authority.objects.in_bulk(["320000", "320500", "320200"], field_name="code")
    common = {
        "delegator": found["320000"], "basis_instrument": "某省委托办法", "basis_article": "第三条",
        "announced_on": today(), "valid_from": today() - timedelta(days=9),
    }  # fmt: skip
    Delegation.objects.create(delegate=found["320500"], stage="acceptance", **common)
    Delegation.objects.create(delegate=found["320200"], stage="review", suspended_on=today(), **common)
    Delegation.objects.create(delegate=found["320200"], stage="approval", valid_to=today(), **common)
    text = Client().get("/who-decides/").content.decode()
    assert text.count("某省委托办法 第三条") == 2, "what has ended is gone"
    assert "苏州市" in text and "已暂停" in text and "江苏省" in text
    assert "Suzhou" in Client().get("/en/who-decides/").content.decode()


def test_nothing_entrusted_is_said_too(fresh_database: Any) -> None:
    assert "现在没有委托" in Client().get("/who-decides/").content.decode()
