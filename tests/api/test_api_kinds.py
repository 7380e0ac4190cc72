"""Every kind of application by the interface alone, and what it tells and refuses about licences."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from core.ledger.models import LedgerEntry
from core.parties.models import User
from licensing.actions.papers import write_papers
from licensing.kinds import FROM_LICENCE, Kind
from licensing.models import Application, Deregistration, LicenceStatus
from tests.support import holders, kind_pages, world
from tests.support.holders import ENDS_ON, STATEMENTS, TIMELY, Holder
from tests.support.interface import Robot, pdf

pytestmark = pytest.mark.django_db
AFTER = ENDS_ON + timedelta(days=1)
MEMBER = {key: value for key, value in kind_pages.MEMBER.items() if key != "province"}
MOVED = {"division": "320582", "address": "港城大道 1 号"}
REWRITTEN = {"division": "320583", "address": "优比路 12 号甲"}


@pytest.fixture
def on(time_machine: Any) -> Any:
    """Sets the day: half past four in the afternoon in Shanghai."""

    def move(day: date) -> None:
        time_machine.move_to(world.at(day, 16, 30), tick=False)

    move(TIMELY)
    return move


@pytest.fixture
def holder(on: Any) -> Holder:
    return Holder()


def robot_of(holder: Holder) -> Robot:
    return Robot.of(holder.applicant, holder.enterprise)


def begin(robot: Robot, kind: str, licence: str) -> str:
    """A draft from a licence; its address."""
    made = robot.post("applications/", {"kind": kind, "licence": licence}, match="")
    assert made.status_code == 201 and made.json()["kind"] == kind, made.content
    return f"applications/{made.json()['id']}/"


def sections_of(holder: Holder, robot: Robot, case: str) -> dict[str, Any]:
    """What the kind is about, in the shape of the interface, for each section its form has."""
    told = robot.get(case).json()
    content, kind = told["content"], told["kind"]
    wanted = ("name", "uscc", "legal_representative", "division", "address", "contact", "phone")
    facts = {key: content["enterprise"][key] for key in wanted}
    if kind == Kind.CHANGE:
        facts["name"] = facts["name"].replace("有限公司", "股份有限公司")
    conditions = {key: value for key, value in content["conditions"].items() if key != "confirmed"}
    if conditions:
        conditions["equipment"] = [
            *conditions["equipment"],
            {"name": "造粒机", "model": "ZL-1", "quantity": 1},
        ]
        conditions["instruments"] = [
            {**row, "valid_until": "2027-06-30"} for row in conditions["instruments"]
        ]
    units = [row["code"] for row in content["product"]["units"]]
    return {
        "enterprise": facts, "conditions": conditions, "group": {"rows": [MEMBER]},
        "product": {"category": holder.category, "units": units},
        "sites": {"rows": [MOVED if kind == Kind.RELOCATION else REWRITTEN]},
        "statement": STATEMENTS.get(kind, {}), "business_licence": {"file": pdf("营业执照.pdf")},
        "commitment": {"signer": "周敏", "agreed": True},
    }  # fmt: skip


def fill_in(holder: Holder, robot: Robot, case: str) -> None:
    draft = Application.objects.get(public_id=case.split("/")[1])
    told = sections_of(holder, robot, case)
    for name in draft.rules.all_sections:
        answer = robot.put(f"{case}{name.replace('_', '-')}/", told[name])
        assert answer.status_code == 200, (name, answer.content.decode())
    assert all(answer.json()["content"]["done"].values())


def file(holder: Holder, robot: Robot, kind: str) -> str:
    """A filed case of a kind; its address."""
    case = begin(robot, kind, holder.licence.number)
    fill_in(holder, robot, case)
    filed = robot.post(f"{case}submit/", **{"Idempotency-Key": str(uuid.uuid4())})
    assert filed.status_code == 200 and filed.json()["status"] == "submitted", filed.content.decode()
    write_papers(public_id=filed.json()["id"], at=world.at(TIMELY, 16, 30))
    return case


def review(holder: Holder, case: str) -> None:
    robot = Robot.of(holder.reviewer)
    robot.get(case)
    assert robot.post(f"{case}review/take/", {"no_conflict": True}).status_code == 200
    for track in ("onsite", "testing"):
        sent = {
            "outcome": "passed", "body": "省质检院", "concluded_on": str(TIMELY), "finding": "相符",
            "document": pdf("记录.pdf"), **({"verifiers": list(world.VERIFIERS)} if track == "onsite" else {}),
        }  # fmt: skip
        assert robot.post(f"{case}evidence/{track}/", sent).status_code == 200
    assert robot.post(f"{case}review/conclude/").json()["status"] == "decision_pending"


def basis_of(kind: str) -> list[str]:
    from licensing.kinds import rules_of

    return [f"{clause.instrument} {clause.article}" for clause in rules_of(kind).basis]


@pytest.mark.req("R-29")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_a_kind_from_its_beginning_to_its_end(holder: Holder, kind: Kind) -> None:
    applicant = robot_of(holder)
    case = file(holder, applicant, kind)
    clerk, approver = Robot.of(holder.clerk), Robot.of(holder.approver)
    assert "accept" in clerk.get(case).json()["acts"]
    accepted = clerk.post(f"{case}accept/").json()
    reviewed = kind not in (Kind.CHANGE, Kind.REPLACEMENT, Kind.DEREGISTRATION)
    assert accepted["status"] == ("under_review" if reviewed else "decision_pending")
    if reviewed:
        review(holder, case)
    assert "decide" in approver.get(case).json()["acts"]
    granted = approver.post(f"{case}grant/", {"basis": basis_of(kind), "no_conflict": True})
    assert granted.status_code == 200, granted.content.decode()
    assert granted.json()["licence_number"] == holder.licence.number
    number = holder.licence.number
    if kind is Kind.DEREGISTRATION:
        assert granted.json()["status"] == "delivered"
        (own,) = applicant.get("own-licences/").json()
        assert own["status"] == "deregistered" and all(offer["reason"] for offer in own["offers"])
        return
    kind_pages.sign(Application.objects.get(public_id=granted.json()["id"]))
    assert applicant.get(case).json()["certificate"]
    assert applicant.post(f"{case}delivery/").json()["status"] == "delivered"
    acts = LedgerEntry.objects.filter(subject_kind="licensing.licence", subject_id=number)
    assert acts.count() == 2


def test_own_licences_say_what_can_be_done_and_why_not(holder: Holder, on: Any) -> None:
    robot = robot_of(holder)
    case = begin(robot, "replacement", holder.licence.number)
    (own,) = robot.get("own-licences/").json()
    offers = {row["kind"]: row for row in own["offers"]}
    assert set(offers) == {kind.value for kind in FROM_LICENCE}
    assert own["number"] == holder.licence.number and own["status"] == "valid"
    assert (own["renewal_opens_on"], own["last_timely_day"]) == ("2025-12-14", "2026-06-14")
    assert offers["replacement"]["under_way"] == case.split("/")[1]
    assert all(row["reason"] == "" for row in offers.values())
    on(AFTER)
    (own,) = robot_of(holder).get("own-licences/").json()
    assert own["status"] == "expired" and all(row["reason"] for row in own["offers"])


def test_officials_hold_no_licences(holder: Holder) -> None:
    assert Robot.of(holder.clerk).get("own-licences/").status_code == 403


@pytest.mark.req("R-88")
@pytest.mark.parametrize("number", ["another's", "(苏)XK13-002-99999", None])
def test_the_licence_of_another_is_refused(holder: Holder, number: str | None) -> None:
    body = {"kind": "renewal", "licence": Holder().licence.number if number == "another's" else number}
    refused = robot_of(holder).post(
        "applications/", {k: v for k, v in body.items() if v is not None}, match=""
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "licensing.not_your_licence")
    assert not Application.objects.filter(kind="renewal").exists()


def test_what_cannot_begin_now_is_refused_with_its_reason(holder: Holder, on: Any) -> None:
    on(date(2025, 12, 13))
    body = {"kind": "renewal", "licence": holder.licence.number}
    early = robot_of(holder).post("applications/", body, match="")
    assert (early.status_code, early.json()["code"]) == (409, "licensing.renewal_too_early")
    on(AFTER)
    late = robot_of(holder).post("applications/", body, match="")
    assert (late.status_code, late.json()["code"]) == (409, "licensing.licence_expired")


def test_a_second_of_the_kind_is_refused_when_it_is_filed(holder: Holder) -> None:
    robot = robot_of(holder)
    file(holder, robot, "replacement")
    case = begin(robot, "replacement", holder.licence.number)
    fill_in(holder, robot, case)
    refused = robot.post(f"{case}submit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "licensing.under_way")


@pytest.mark.parametrize(
    ("kind", "section"),
    [("renewal", "group"), ("renewal", "product"), ("renewal", "sites"),
     ("change", "conditions"), ("change", "commitment"), ("replacement", "business_licence"),
     ("deregistration", "sites"), ("scope_extension", "statement")],
)  # fmt: skip
def test_a_section_of_another_kind_is_a_problem(holder: Holder, kind: str, section: str) -> None:
    robot = robot_of(holder)
    case = begin(robot, kind, holder.licence.number)
    told = sections_of(holder, robot, case)
    told["statement"] = STATEMENTS[Kind.REPLACEMENT]
    told["conditions"] = world_conditions()
    refused = robot.put(f"{case}{section.replace('_', '-')}/", told[section])
    assert refused["Content-Type"].startswith("application/problem+json")
    assert (refused.status_code, refused.json()["code"]) == (422, "licensing.section_not_asked")


def world_conditions() -> dict[str, Any]:
    return {
        "equipment": [{"name": "反应釜", "model": "F-1", "quantity": 1}],
        "instruments": [{"name": "天平", "number": "TP-1", "valid_until": "2027-06-30"}],
        "process": "工艺", "staff": "工艺员 2 人",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "section", "sent", "pointer"),
    [
        ("replacement", "statement", {"cause": "lost", "happened_on": "2026-06-13", "detail": "x"}, "/happened_on"),
        ("replacement", "statement", {"cause": "moved", "happened_on": "2026-06-01", "detail": "x"}, "/cause"),
        ("replacement", "statement", {"cause": "lost", "detail": "x"}, "/happened_on"),
        ("change", "statement", {"detail": "更名"}, "/not_moved"),
        ("relocation", "statement", {"detail": "搬迁", "causes": []}, "/causes"),
        ("scope_extension", "group", {"rows": [MEMBER, MEMBER]}, "/uscc"),
        ("scope_extension", "group", {"rows": [{**MEMBER, "uscc": "1"}]}, "/rows/0/uscc"),
    ],
)  # fmt: skip
def test_bad_content_is_pointed_at(
    holder: Holder, kind: str, section: str, sent: dict[str, Any], pointer: str
) -> None:
    robot = robot_of(holder)
    case = begin(robot, kind, holder.licence.number)
    refused = robot.put(f"{case}{section}/", sent)
    assert refused.status_code == 422, refused.content.decode()
    assert [row["pointer"] for row in refused.json()["errors"]] == [pointer]


def test_what_stands_on_the_licence_keeps_its_content(holder: Holder) -> None:
    robot = robot_of(holder)
    case = begin(robot, "renewal", holder.licence.number)
    facts = sections_of(holder, robot, case)["enterprise"] | {
        "name": "冒名有限公司",
        "phone": "0512-57009999",
    }
    kept = robot.put(f"{case}enterprise/", facts).json()["content"]["enterprise"]
    assert (kept["name"], kept["phone"]) == (holder.licence.holder_name, "0512-57009999")


def test_a_licensed_unit_cannot_be_left_out(holder: Holder) -> None:
    robot = robot_of(holder)
    case = begin(robot, "scope_extension", holder.licence.number)
    refused = robot.put(f"{case}product/", {"category": "cable", "units": ["cable"]})
    assert refused.status_code == 422
    refused = robot.put(f"{case}product/", {"category": holder.category, "units": []})
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/units"


@pytest.mark.parametrize("given", [["L1 第三十八条第一款"], ["L2 第二十九条", "L1 第三十八条第一款"]])
def test_a_grant_rests_on_provisions_of_its_kind(holder: Holder, given: list[str]) -> None:
    case = holders.pending(holder, Kind.CHANGE)
    robot, address = Robot.of(holder.approver), f"applications/{case.public_id}/"
    robot.get(address)
    refused = robot.post(f"{address}grant/", {"basis": given, "no_conflict": True})
    assert refused.status_code == 422, refused.content.decode()
    assert refused.json()["errors"][0]["pointer"] == "/basis"


# a renewal granted by law


@pytest.mark.req("R-45")
def test_a_deemed_renewal_is_confirmed_once(holder: Holder, on: Any) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    on(AFTER)
    address = f"applications/{case.public_id}/"
    told = robot_of(holder).get(address).json()
    assert (told["status"], told["deemed_renewal_on"], told["term_ends_on"]) == (
        "deemed_renewed", str(AFTER), str(ENDS_ON),
    )  # fmt: skip
    assert robot_of(holder).get("own-licences/").json()[0]["status"] == "valid_deemed"
    clerk, approver = Robot.of(holder.clerk), Robot.of(holder.approver)
    clerk.get(address)
    assert clerk.post(f"{address}confirm/").status_code == 403
    assert "confirm_renewal" in approver.get(address).json()["acts"]
    seen, key = approver.etag, str(uuid.uuid4())
    assert approver.post(f"{address}confirm/", match="").status_code == 428
    first = approver.post(f"{address}confirm/", match=seen, **{"Idempotency-Key": key})
    again = approver.post(f"{address}confirm/", match=seen, **{"Idempotency-Key": key})
    assert first.status_code == again.status_code == 200, first.content.decode()
    assert again["Idempotent-Replayed"] == "true" and "confirm_renewal" not in first.json()["acts"]
    approver.get(address)
    twice = approver.post(f"{address}confirm/")
    assert (twice.status_code, twice.json()["code"]) == (409, "licensing.confirmed_already")


# deregistration ex officio


@pytest.fixture
def supervisor() -> User:
    return world.official("320583", "supervision", name="钱监督")


def proposal(holder: Holder, **changes: str) -> dict[str, str]:
    return {"number": holder.licence.number, "ground": "stopped", "facts": "现场已停产", **changes}


def test_proposed_by_one_and_done_by_another(holder: Holder, supervisor: User) -> None:
    robot, key = Robot.of(supervisor), str(uuid.uuid4())
    made = [
        robot.post("deregistrations/", proposal(holder), match="", **{"Idempotency-Key": key})
        for _try in range(2)
    ]
    assert [row.status_code for row in made] == [201, 201] and Deregistration.objects.count() == 1
    task = f"deregistrations/{made[0].json()['id']}/"
    assert made[0].json()["url"].endswith(f"/api/v1/{task}")
    assert robot.get(task).json()["result"] == "" and robot.post(task).status_code == 403
    approver = Robot.of(holder.approver)
    rows = approver.get("deregistrations/").json()["results"]
    assert [row["licence"] for row in rows] == [holder.licence.number]
    read = approver.get(task)
    assert approver.post(task, match="").status_code == 428
    assert approver.post(task, match='"7"').status_code == 412
    done = approver.post(task, match=read["ETag"], **{"Idempotency-Key": key})
    again = approver.post(task, match=read["ETag"], **{"Idempotency-Key": key})
    assert done.status_code == again.status_code == 200 and done.json()["result"] == "done"
    assert done["ETag"] != read["ETag"] and again["Idempotent-Replayed"] == "true"
    assert holder.fresh().status == LicenceStatus.DEREGISTERED
    assert approver.get("deregistrations/").json()["results"] == []
    assert len(approver.get("deregistrations/?state=closed").json()["results"]) == 1
    assert approver.post(task, match=done["ETag"]).status_code == 409


def test_set_aside_with_reasons(holder: Holder) -> None:
    made = Robot.of(holder.reviewer).post("deregistrations/", proposal(holder), match="")
    task, approver = f"deregistrations/{made.json()['id']}/", Robot.of(holder.approver)
    approver.get(task)
    bare = approver.post(f"{task}set-aside/", {"reasons": ""})
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reasons")
    done = approver.post(f"{task}set-aside/", {"reasons": "仍在生产"})
    assert done.status_code == 200 and done.json()["result"] == "set_aside", done.content.decode()
    assert holder.fresh().status == LicenceStatus.VALID


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"number": "(苏)XK13-002-99999"}, "/number"), ({"facts": " "}, "/facts"), ({"ground": "expired"}, "/ground")],
)  # fmt: skip
def test_a_wrong_proposal_is_pointed_at(holder: Holder, changes: dict[str, str], pointer: str) -> None:
    refused = Robot.of(holder.reviewer).post("deregistrations/", proposal(holder, **changes), match="")
    assert refused.status_code == 422, refused.content.decode()
    assert [row["pointer"] for row in refused.json()["errors"]] == [pointer]


def test_who_may_not_is_refused_and_sees_nothing(holder: Holder) -> None:
    made = Robot.of(holder.reviewer).post("deregistrations/", proposal(holder), match="").json()
    task = f"deregistrations/{made['id']}/"
    for robot in (robot_of(holder), Robot.of(holder.clerk)):
        assert (
            robot.get("deregistrations/").status_code == 403
            or not robot.get("deregistrations/").json()["results"]
        )
        assert robot.get(task).status_code in (403, 404)
        assert robot.post("deregistrations/", proposal(holder), match="").status_code == 403
    stranger = Robot.of(world.official("330000", "approval"))
    assert stranger.get(task).status_code == stranger.post(task, match='"1"').status_code == 404
    assert stranger.post(f"{task}set-aside/", {"reasons": "x"}, match='"1"').status_code == 404
    both = Robot.of(world.official("320000", "review", "approval"))
    again = both.post("deregistrations/", proposal(holder), match="")
    assert (again.status_code, again.json()["code"]) == (409, "licensing.deregistered_already")
