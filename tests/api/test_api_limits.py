"""An authority's own limit through the interface: lower is welcome, higher is refused (R-46)."""

import uuid
from datetime import timedelta

import pytest

from licensing.models import DecisionLimit
from tests.support import world
from tests.support.clients import today
from tests.support.interface import Robot

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot() -> Robot:
    robot = Robot.of(world.official("320000", "head"))
    robot.get("limit/")
    return robot


def bound(days: int = 20, **more: object) -> dict[str, object]:
    return {"days": days, "valid_from": str(today()), **more}


@pytest.mark.req("R-46")
def test_a_province_sets_twenty_and_new_cases_have_twenty(robot: Robot) -> None:
    before = robot.get("limit/").json()
    assert (before["authority"]["code"], before["days"], before["national"], before["rows"]) == (
        "320000", 30, 30, [],
    )  # fmt: skip
    done = robot.post("limit/", bound())
    assert done.status_code == 200, done.content
    assert done.json()["days"] == 20 and done.json()["rows"][0]["valid_from"] == str(today())
    assert robot.get("limit/")["ETag"] == done["ETag"]
    assert world.accepted(world.Cast(), day=today()).target_days == 20


@pytest.mark.req("R-46")
@pytest.mark.parametrize(("days", "code"), [(31, "limit_too_high"), (0, "limit_too_high")])
def test_thirty_one_is_refused(robot: Robot, days: int, code: str) -> None:
    answer = robot.post("limit/", bound(days))
    assert answer.status_code == 422 and answer.json()["code"] == f"licensing.{code}"
    assert answer.json()["errors"][0]["pointer"] == "/days" and not DecisionLimit.objects.exists()


@pytest.mark.req("R-46")
def test_dates_are_refused_as_on_the_page(robot: Robot) -> None:
    for shift, code in ((-1, "licensing.limit_in_the_past"), (400, "licensing.limit_far_ahead")):
        answer = robot.post("limit/", bound(valid_from=str(today() + timedelta(days=shift))))
        assert answer.json()["code"] == code
        robot.get("limit/")
    assert robot.post("limit/", bound()).status_code == 200
    again = robot.post("limit/", bound(19))
    assert again.status_code == 409 and again.json()["code"] == "licensing.limit_that_day"


@pytest.mark.req("R-46")
def test_it_wants_the_version_that_was_read(robot: Robot) -> None:
    old = robot.etag
    assert robot.post("limit/", bound(), match="").status_code == 428
    assert robot.post("limit/", bound(), match=old).status_code == 200
    later = bound(15, valid_from=str(today() + timedelta(days=9)))
    stale = robot.post("limit/", later, match=old)
    assert stale.status_code == 412 and stale.json()["code"] == "licensing.limit_moved"
    robot.get("limit/")
    assert robot.post("limit/", later).status_code == 200 and DecisionLimit.objects.count() == 2


@pytest.mark.req("R-46")
def test_sent_twice_it_is_set_once(robot: Robot) -> None:
    seen, key = robot.etag, str(uuid.uuid4())
    sent = [robot.post("limit/", bound(), match=seen, **{"Idempotency-Key": key}) for _time in range(2)]
    assert [row.status_code for row in sent] == [200, 200] and sent[0].json() == sent[1].json()
    assert DecisionLimit.objects.count() == 1


@pytest.mark.req("R-46")
def test_only_the_head_of_an_authority_that_decides_in_its_own_name(robot: Robot) -> None:
    seen = robot.etag
    for person in (
        world.official("320000", "approval"), world.official("320500", "head"), world.official("AQSIQ", "audit"),
    ):  # fmt: skip
        other = Robot.of(person)
        assert other.get("limit/").status_code == 403
        assert other.post("limit/", bound(), match=seen).status_code == 403
    neighbour = Robot.of(world.official("330000", "head"))
    assert neighbour.get("limit/?authority=320000").status_code == 403
    assert neighbour.post("limit/", bound(authority="320000"), match=seen).status_code == 403
    assert neighbour.post("limit/", bound(), match=seen).status_code == 412, "read of another authority"
    assert robot.get("limit/?authority=%00").status_code == 403
    assert not DecisionLimit.objects.exists()


def test_who_heads_two_says_which() -> None:
    both = world.official("320000", "head")
    world.Duty.objects.create(
        user=both, authority=world.Authority.objects.get(code="330000"), kind="head", valid_from=world.EPOCH
    )
    robot = Robot.of(both)
    assert robot.get("limit/?authority=330000").json()["authority"]["code"] == "330000"
    assert robot.post("limit/", bound(authority="330000")).status_code == 200
    assert DecisionLimit.objects.get().authority.code == "330000"
