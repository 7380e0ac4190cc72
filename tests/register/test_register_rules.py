"""The rules in force are read by everybody, pilots among them (R-5; DOMAIN §8)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.parties.models import Authority
from licensing.actions.policy import publish_profile
from tests.support import world
from tests.support.clients import today

pytestmark = [pytest.mark.req("R-5")]


def test_everybody_reads_which_rules_hold_where(fresh_database: Any) -> None:
    admin = world.official("AQSIQ", "national_admin")
    publish_profile(
        code="PILOT_ZJ", effective_from=today() + timedelta(days=1), province=Authority.objects.get(code="330000"),
        valid_to=date(2099, 1, 1), intake_days=2, decision_days=20, simple_days=10, correction_days=60,
        delegation_allowed=True, basis_instrument="试点方案", basis_article="一", actor=world.actor(admin, today()),
        at=timezone.now(),
    )  # fmt: skip
    page = Client().get("/rules/").content.decode()
    assert "PILOT_ZJ" in page and "浙江" in page and "REFORM_2015" in page
    assert "Zhejiang" in Client().get("/en/rules/").content.decode()
