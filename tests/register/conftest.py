"""Public pages read committed data through their own login, so these tests have a database each."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def noon(time_machine: Any) -> datetime:
    """10:00 in Shanghai on Tuesday 24 November 2026."""
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def write_licence(fresh_database: str) -> Callable[..., Any]:
    """Put a row straight into the read model, for tests in which its source does not matter."""
    from core.parties.reference.pinyin import sort_key
    from register.models import Licence, LicenceEvent
    from register.search import searchable

    serial = count(1)

    def write(**given: Any) -> Licence:
        n = next(serial)
        values: dict[str, Any] = {
            "number": f"(苏)XK13-002-{n:05d}",
            "opaque_id": f"{'abcdefghijklmnop'}{n:04d}".translate(str.maketrans("0189", "qrst")),
            "version": 1,
            "status": "valid",
            "holder_name": f"苏州金穗肥业{n}号有限公司",
            "uscc": "91320583MA1X5C7DXJ",
            "registered_address": "江苏省苏州市昆山市春晖路 88 号",
            "production_addresses": ["江苏省苏州市昆山市周市镇优比路 12 号"],
            "category_key": "fertiliser",
            "category_name": "化肥",
            "category_name_en": "Fertilisers",
            "units": [{"zh": "过磷酸钙", "en": "Single superphosphate"}],
            "issued_on": date(2026, 9, 16),
            "valid_from": date(2026, 9, 16),
            "valid_until": date(2031, 9, 15),
            "authority_code": "320000",
            "authority_name": "江苏省质量技术监督局",
            "authority_name_en": "Jiangsu Bureau of Quality and Technical Supervision",
            "province": "320000",
            "as_of": NOW,
        } | given
        values["holder_sort"] = sort_key(values["holder_name"])
        names = [name for unit in values["units"] for name in unit.values()]
        values["folded"], values["grams"] = searchable(
            [
                values["number"],
                values["holder_name"],
                values["uscc"],
                values["category_name"],
                values["category_name_en"],
                *names,
            ]
        )
        row = Licence.objects.create(**values)
        LicenceEvent.objects.create(
            licence=row,
            position=0,
            kind="licensing.licence_granted",
            on=row.issued_on,
            version=1,
            basis=[{"instrument": "L1", "article": "第三十八条第一款"}],
        )
        return row

    return write


@pytest.fixture
def write_progress(fresh_database: str) -> Callable[..., Any]:
    """Put a case straight into the read model."""
    from register.models import Progress

    def write(**given: Any) -> Progress:
        values: dict[str, Any] = {
            "number": "320000-N-2026-000341-7K",
            "kind": "new",
            "status": "under_review",
            "version": 3,
            "received_on": date(2026, 11, 2),
            "accepted_on": date(2026, 11, 4),
            "due_on": date(2026, 12, 16),
            "division": "320583",
            "clock_start": date(2026, 11, 4),
            "clock_days": 30,
            "clock_unit": "workday",
            "as_of": NOW,
        } | given
        return Progress.objects.create(**values)

    return write
