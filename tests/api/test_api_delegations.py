"""Delegation through the interface: the acts of the pages, their refusals, for the same people (R-19–R-22)."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.ledger.models import LedgerEntry
from core.parties.models import Authority, Delegation, User
from core.rest.scopes import Scope
from licensing.actions import delegation
from licensing.models import Application, ProductionLicence
from licensing.profile import REFORM_2015
from tests.support import world
from tests.support.clients import today
from tests.support.interface import Robot, pdf

pytestmark = pytest.mark.django_db

BASIS = {"basis_instrument": "某省行政许可委托办法（省政府令第 1 号）", "basis_article": "第三条"}


@pytest.fixture
def head() -> User:
    return world.official("320000", "head", name="方正")


@pytest.fixture
def robot(head: User) -> Robot:
    return Robot.of(head)


def entrust(robot: Robot, stage: str = "acceptance", **more: Any) -> Any:
    facts = {
        "to": "320500",
        "stage": stage,
        "valid_from": str(today()),
        **BASIS,
        "document": pdf("委托书.pdf"),
    }
    headers = {name: more.pop(name) for name in list(more) if name == "Idempotency-Key"}
    return robot.post("delegations/", facts | more, match="", **headers)


def row(robot: Robot, made: Any) -> str:
    """The address of a delegation, its tag read."""
    address = f"delegations/{made.json()['id']}/"
    robot.get(address)
    return address


def pending_at_suzhou(robot: Robot) -> tuple[str, Application, Robot]:
    """Approval entrusted, one case that waits for it, and Suzhou's approver."""
    address = row(robot, entrust(robot, "approval"))
    case = world.pending(world.Cast(), day=today())
    return address, case, Robot.of(world.official("320500", "approval", name="苏批"))


@pytest.mark.req("R-19")
def test_the_head_entrusts_reads_and_lists(robot: Robot) -> None:
    made = entrust(robot, category_key="fertilizer-phosphate", valid_to=str(today() + timedelta(days=90)))
    assert made.status_code == 201, made.content
    told = made.json()
    assert made["Location"].endswith(f"/api/v1/delegations/{told['id']}/") and made["ETag"]
    assert (told["delegator"]["code"], told["delegate"]["code"]) == ("320000", "320500")
    assert told["category"]["code"] == "fertilizer-phosphate" and told["state"] == "in_force"
    assert told["acts"] == ["suspend", "end"] and told["cases"] == [] and told["basis_article"] == "第三条"
    entry = LedgerEntry.objects.get(act="licensing.delegated")
    assert entry.subject_id == told["id"] and entry.organisation == "320000"
    read = robot.get(f"delegations/{told['id']}/")
    assert read.json() == told and read["ETag"] == made["ETag"]
    assert [item["id"] for item in robot.get("delegations/").json()["results"]] == [told["id"]]
    letter = robot.client.get(told["document"].split("8000")[-1], headers=robot.headers)
    assert letter.status_code == 200 and b"".join(letter).startswith(b"%PDF")


@pytest.mark.req("R-19")
@pytest.mark.parametrize("lacking", ["basis_instrument", "basis_article"])
@pytest.mark.parametrize("way", ["empty", "absent"])
def test_without_a_basis_nothing_is_entrusted(robot: Robot, lacking: str, way: str) -> None:
    facts = {
        "to": "320500",
        "stage": "review",
        "valid_from": str(today()),
        **BASIS,
        "document": pdf("委托书.pdf"),
    }
    if way == "empty":
        facts[lacking] = " "
    else:
        del facts[lacking]
    answer = robot.post("delegations/", facts, match="")
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["code"] == "licensing.delegation_basis_missing"
    assert told["errors"][0]["pointer"] == f"/{lacking}" and not Delegation.objects.exists()


@pytest.mark.req("R-20")
def test_a_delegate_does_not_delegate_further(robot: Robot) -> None:
    entrust(robot)
    city = Robot.of(world.official("320500", "head"))
    for more in ({}, {"delegator": "320500"}, {"delegator": "320000"}):
        answer = entrust(city, to="320583", **more)
        assert answer.status_code == 403 and answer.json()["code"] == "licensing.not_the_provinces_head"
    down = entrust(robot, to="320583")
    assert down.status_code == 422 and down.json()["code"] == "licensing.not_below_you"
    nowhere = entrust(robot, to="999999")
    assert nowhere.status_code == 422 and nowhere.json()["errors"][0]["pointer"] == "/to"
    assert Delegation.objects.count() == 1


@pytest.mark.req("R-19")
def test_neither_another_head_nor_an_approver_entrusts(robot: Robot) -> None:
    for person in (world.official("330000", "head"), world.official("320000", "approval")):
        answer = entrust(Robot.of(person), delegator="320000")
        assert answer.status_code == 403, answer.content
    assert not Delegation.objects.exists()


@pytest.mark.req("R-22")
def test_a_profile_without_delegation_forbids_it(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = replace(REFORM_2015, delegation_allowed=False)
    monkeypatch.setattr(delegation, "profile_on", lambda day, province: closed)
    answer = entrust(robot, "approval")
    assert answer.status_code == 403 and answer.json()["code"] == "licensing.delegation_forbidden"


@pytest.mark.req("R-19")
def test_what_cannot_be_entrusted_is_said_at_its_field(robot: Robot) -> None:
    for change, field, code in (
        ({"category_key": "rebar"}, "/category_key", "licensing.national_product"),
        ({"category_key": "no-such"}, "/category_key", "licensing.unknown_category"),
        ({"valid_from": str(today() - timedelta(days=1))}, "/valid_from", "licensing.delegation_dates_wrong"),
        ({"stage": "revocation"}, "/stage", "api.invalid_choice"),
    ):
        answer = entrust(robot, **change)
        assert answer.status_code == 422, answer.content
        fault = answer.json()["errors"][0]
        assert (fault["pointer"], fault["code"]) == (field, code)


@pytest.mark.req("R-19")
def test_an_overlapping_one_is_refused(robot: Robot) -> None:
    assert entrust(robot, valid_to=str(today() + timedelta(days=30))).status_code == 201
    answer = entrust(robot, valid_from=str(today() + timedelta(days=29)))
    assert answer.status_code == 409 and answer.json()["code"] == "licensing.delegation_overlaps"
    assert entrust(robot, valid_from=str(today() + timedelta(days=30))).status_code == 201


@pytest.mark.req("R-19")
def test_sent_twice_is_one_delegation(robot: Robot) -> None:
    key = str(uuid.uuid4())
    first, again = (entrust(robot, **{"Idempotency-Key": key}) for _time in range(2))
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true" and again["ETag"] == first["ETag"]
    assert Delegation.objects.count() == LedgerEntry.objects.filter(act="licensing.delegated").count() == 1


@pytest.mark.req("R-21")
def test_suspended_with_a_choice_for_each_open_case(robot: Robot) -> None:
    address = row(robot, entrust(robot))
    stays, comes_back = (world.submitted(world.Cast(), day=today()) for _n in range(2))
    told = robot.get(address).json()
    assert {case["id"] for case in told["cases"]} == {str(stays.public_id), str(comes_back.public_id)}
    half = robot.post(f"{address}suspend/", {"reason": "整改", "choices": {str(stays.public_id): "keep"}})
    assert half.status_code == 422 and half.json()["errors"][0]["pointer"] == "/choices"
    choices = {str(stays.public_id): "keep", str(comes_back.public_id): "move"}
    robot.get(address)
    mute = robot.post(f"{address}suspend/", {"reason": " ", "choices": choices})
    assert mute.status_code == 422 and mute.json()["errors"][0]["pointer"] == "/reason"
    robot.get(address)
    done = robot.post(f"{address}suspend/", {"reason": "整改", "choices": choices})
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "suspended" and done.json()["acts"] == ["resume", "end"]
    assert [case["id"] for case in done.json()["cases"]] == [str(stays.public_id)]
    assert Application.objects.get(pk=comes_back.pk).acceptance_authority.code == "320000"
    assert world.submitted(world.Cast(), day=today()).acceptance_authority.code == "320000"
    resumed = robot.post(f"{address}resume/")
    assert resumed.status_code == 200 and resumed.json()["state"] == "in_force"
    assert world.submitted(world.Cast(), day=today()).acceptance_authority.code == "320500"


@pytest.mark.req("R-21")
def test_a_delegate_does_not_decide_what_was_taken_back(robot: Robot) -> None:
    address, case, city = pending_at_suzhou(robot)
    case_address = f"applications/{case.public_id}/"
    basis = {"basis": ["L1 第三十八条第一款", "L2 第二十四条"], "no_conflict": True}
    city.get(case_address)
    robot.get(address)
    body = {"reason": "收回", "choices": {str(case.public_id): "move"}}
    assert robot.post(f"{address}suspend/", body).status_code == 200
    refused = city.post(f"{case_address}grant/", basis)
    assert refused.status_code in (403, 404), refused.content
    assert not ProductionLicence.objects.exists()
    assert not city.get("work/").json()["results"]


@pytest.mark.req("R-21", "R-20")
def test_a_delegate_decides_what_it_was_left(robot: Robot) -> None:
    address, case, city = pending_at_suzhou(robot)
    robot.get(address)
    body = {"reason": "只收新案", "choices": {str(case.public_id): "keep"}}
    assert robot.post(f"{address}suspend/", body).status_code == 200
    case_address = f"applications/{case.public_id}/"
    assert city.get(case_address).status_code == 200
    basis = {"basis": ["L1 第三十八条第一款", "L2 第二十四条"], "no_conflict": True}
    done = city.post(f"{case_address}grant/", basis)
    assert done.status_code == 200, done.content
    assert ProductionLicence.objects.get().issuing_authority.code == "320000"


@pytest.mark.req("R-21")
def test_ended_is_ended(robot: Robot) -> None:
    address = row(robot, entrust(robot))
    ended = robot.post(f"{address}end/", {"reason": "期满收回"})
    assert ended.status_code == 200 and ended.json()["state"] == "ended" and ended.json()["acts"] == []
    for act, body in (("end", {"reason": "再收"}), ("suspend", {"reason": "再停"}), ("resume", None)):
        answer = robot.post(f"{address}{act}/", body)
        assert answer.status_code == 409 and answer.json()["code"] == "licensing.delegation_state_wrong"
        robot.get(address)


@pytest.mark.req("R-21")
def test_an_act_wants_the_version_that_was_read(robot: Robot, head: User) -> None:
    address = row(robot, entrust(robot))
    old = robot.etag
    bare = robot.post(f"{address}suspend/", {"reason": "整改"}, match="")
    assert bare.status_code == 428 and bare.json()["code"] == "api.if_match_missing"
    assert robot.post(f"{address}suspend/", {"reason": "整改"}, match=old).status_code == 200
    for act, body in (("resume", None), ("end", {"reason": "收回"})):
        stale = robot.post(f"{address}{act}/", body, match=old)
        assert stale.status_code == 412 and stale.json()["code"] == "licensing.delegation_moved"
    assert Delegation.objects.get().suspended_on == today()
    odd = robot.post(f"{address}resume/", match='"1"')
    assert odd.status_code == 412


@pytest.mark.req("R-21")
def test_an_act_sent_twice_is_done_once(robot: Robot) -> None:
    address, key = row(robot, entrust(robot)), str(uuid.uuid4())
    seen = robot.etag
    sent = [
        robot.post(f"{address}suspend/", {"reason": "整改"}, match=seen, **{"Idempotency-Key": key})
        for _time in range(2)
    ]
    assert [answer.status_code for answer in sent] == [200, 200] and sent[0].json() == sent[1].json()
    assert LedgerEntry.objects.filter(act="licensing.suspended").count() == 1


def test_a_copy_is_stale_when_a_case_came_though_nobody_acted(robot: Robot) -> None:
    address = row(robot, entrust(robot))
    old = robot.etag
    assert robot.get(address, **{"If-None-Match": old}).status_code == 304
    world.submitted(world.Cast(), day=today())
    fresh = robot.get(address, **{"If-None-Match": old})
    assert fresh.status_code == 200 and len(fresh.json()["cases"]) == 1
    assert robot.post(f"{address}end/", {"reason": "x"}, match=old).status_code == 422, (
        "the version still holds"
    )


@pytest.mark.req("R-20")
def test_who_reads_and_who_acts(robot: Robot) -> None:
    address = row(robot, entrust(robot))
    seen = robot.etag
    city = Robot.of(world.official("320500", "head"))
    assert city.get(address).status_code == 200 and city.get(address).json()["acts"] == []
    refused = city.post(f"{address}end/", {"reason": "x"}, match=seen)
    assert refused.status_code == 403 and refused.json()["code"] == "licensing.not_the_provinces_head"
    nation = Robot.of(world.official("AQSIQ", "national_admin"))
    assert len(nation.get("delegations/").json()["results"]) == 1
    elsewhere = Robot.of(world.official("330000", "head"))
    assert elsewhere.get(address).status_code == 404 and elsewhere.get("delegations/").json()["results"] == []
    assert elsewhere.post(f"{address}end/", {"reason": "x"}, match=seen).status_code == 404
    approver = Robot.of(world.official("320000", "approval"))
    assert approver.get("delegations/").status_code == approver.get(address).status_code == 403
    cast = world.Cast()
    applicant = Robot.of(cast.applicant, cast.enterprise)
    assert applicant.get("delegations/").json()["code"] == "api.scope_missing"
    assert Robot().get("delegations/").status_code == 401
    assert Delegation.objects.get().valid_to is None


@pytest.mark.req("R-19")
def test_a_token_for_reading_does_not_act(head: User, robot: Robot) -> None:
    address = row(robot, entrust(robot))
    reader = Robot.of(head, None, Scope.WORK_READ)
    assert reader.get(address).status_code == 200
    for path, body in ((f"{address}end/", {"reason": "x"}), (f"{address}resume/", None)):
        assert reader.post(path, body).json()["code"] == "api.scope_missing"
    assert entrust(reader, "review").json()["code"] == "api.scope_missing"


def test_pages_follow_one_another(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licensing.queries.delegations.PAGE", 2)
    made = [entrust(robot, stage).json()["id"] for stage in ("acceptance", "review", "approval")]
    first = robot.get("delegations/").json()
    assert [item["id"] for item in first["results"]] == made[:0:-1]
    second = robot.get(first["next"].split("/api/v1/")[1]).json()
    assert [item["id"] for item in second["results"]] == made[:1] and second["next"] is None
    assert len(robot.get("delegations/?cursor=x").json()["results"]) == 2


def test_the_list_costs_the_same_for_one_and_for_many(
    robot: Robot, django_assert_max_num_queries: Any
) -> None:
    for code in Authority.objects.filter(parent__code="320000", level="prefecture").values_list(
        "code", flat=True
    ):
        assert entrust(robot, to=code).status_code == 201
    with django_assert_max_num_queries(10):
        assert len(robot.get("delegations/").json()["results"]) > 5
