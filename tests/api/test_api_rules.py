"""Which rules hold, through the interface (R-5)."""

import pytest

from licensing.models import PolicyProfile
from tests.support import world
from tests.support.interface import Robot

pytestmark = pytest.mark.django_db
NEXT = {
    "code": "NEXT_2099", "effective_from": "2099-03-02", "intake_days": 2, "decision_days": 20, "simple_days": 10,
    "correction_days": 60, "delegation_allowed": True, "basis_instrument": "某文件", "basis_article": "一",
}  # fmt: skip


@pytest.mark.req("R-5")
def test_the_nation_publishes_and_everybody_reads() -> None:
    admin = Robot.of(world.official("AQSIQ", "national_admin"))
    made = admin.post("rules/", NEXT)
    assert made.status_code == 201, made.content
    rows = Robot.of(world.official("320000", "review")).get("rules/").json()
    assert [row["code"] for row in rows] == ["NEXT_2099", "REFORM_2015"]


@pytest.mark.req("R-2")
def test_a_province_publishes_nothing() -> None:
    answer = Robot.of(world.official("320000", "head")).post("rules/", NEXT)
    assert answer.status_code == 403 and answer.json()["code"] == "licensing.not_national"
    assert not PolicyProfile.objects.exists()


@pytest.mark.req("R-5")
def test_a_pilot_names_its_province_by_code_and_bad_figures_are_said_at_their_field() -> None:
    admin = Robot.of(world.official("AQSIQ", "national_admin"))
    pilot = {**NEXT, "province": "330000", "valid_to": "2099-12-31"}
    assert admin.post("rules/", pilot).json()["province"] == "330000"
    wrong = admin.post("rules/", {**NEXT, "code": "WORSE", "decision_days": 31})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/decision_days"
