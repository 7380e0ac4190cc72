"""Public pages cost the same number of queries with one licence and with fifty (DESIGN §8)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connections["public"]) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("path", "budget"),
    [("/", 3), ("/licences/", 2), ("/licences/?q=肥业", 2), ("/licences/?q=肥业&category=fertiliser", 2),
     ("/licences/?q=91320583MA1X5C7DXJ", 2), ("/licences/(苏)XK13-002-00001/", 2)],
)  # fmt: skip
def test_fifty_licences_cost_no_more_than_one(
    client: Client, write_licence: Callable[..., Any], noon: Any, path: str, budget: int
) -> None:
    from register.models import LicenceEvent

    first = write_licence()
    before = queries(client, path)
    for _ in range(49):
        write_licence()
    for position in range(1, 50):
        LicenceEvent.objects.create(
            licence=first, position=position, kind="certificates.issued", on=date(2026, 9, 16), version=1,
            basis=[{"instrument": "L1", "article": "第三十九条"}],
        )  # fmt: skip
    after = queries(client, path)
    print(f"{path}: {before} queries with 1 licence, {after} with 50")
    assert before == after <= budget
