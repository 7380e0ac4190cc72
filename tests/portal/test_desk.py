"""A person's desk answers one question, what must I do now, and shows only what that person may see (DOMAIN §8)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.lifecycle.registry import Registry
from core.parties.competence import standing_of
from core.parties.models import Authority, Duty, User
from core.workdays.models import CalendarVersion
from licensing.actions import correction, delivery
from licensing.models import Application
from licensing.queries import boards
from tests.support import world
from tests.support.clients import signed_in, today

pytestmark = pytest.mark.django_db

MANY = 50
BUDGET = 26


def desk(person: User) -> str:
    response = signed_in(person).get("/desk/")
    assert response.status_code == 200
    return str(response.content.decode())


def templates(person: User) -> list[str]:
    response = signed_in(person).get("/desk/")
    return [template for template, _context in response.context["boards"]]


@pytest.mark.parametrize(
    ("duty", "authority", "shown"),
    [
        ("acceptance", "320000", ["first", "load", "decided"]),
        ("review", "320000", ["first", "load", "decided"]),
        ("approval", "320000", ["first", "load", "decided"]),
        ("head", "320000", ["load", "decided", "limit"]),
        ("audit", "320000", ["load", "decided"]),
        ("supervision", "320000", []),
    ],
)
def test_each_duty_has_its_boards(duty: str, authority: str, shown: list[str]) -> None:
    assert templates(world.official(authority, duty)) == [f"licensing/boards/{name}.html" for name in shown]


def test_administrators_see_their_office_and_the_nation_its_provinces() -> None:
    assert templates(world.official("320000", "organisation_admin")) == ["staff/board.html"]
    nation = Authority.objects.get(level="national").code
    assert templates(world.official(nation, "national_admin")) == [
        "licensing/boards/load.html",
        "licensing/boards/decided.html",
        "licensing/boards/provinces.html",
        "staff/board.html",
        "workdays/board.html",
        "desk/machinery.html",
    ]


def test_an_enterprise_sees_its_cases_and_its_licences_and_nobody_elses() -> None:
    cast, other = world.Cast(), world.Cast()
    licence = world.granted_licence(cast)
    theirs = world.granted_licence(other)
    text = desk(cast.applicant)
    assert templates(cast.applicant) == ["licensing/boards/going_on.html", "licensing/boards/licences.html"]
    assert licence.number in text
    assert theirs.number not in text and other.enterprise.name not in text


def test_nothing_to_do_is_said_in_words() -> None:
    cast = world.Cast()
    world.submitted(cast)
    assert "现在要你做的：没有" in desk(cast.applicant)
    assert "现在要你做的：没有" in desk(world.official("330000", "approval"))


@pytest.mark.req("R-47")
def test_the_applicants_turns_stand_on_top_with_their_last_day() -> None:
    cast = world.Cast()
    case = world.submitted(cast)
    correction.request_correction(
        public_id=case.public_id, expected_version=case.version, items={"business_licence": "看不清"},
        actor=world.actor(cast.clerk), at=world.at(hour=11),
    )  # fmt: skip
    draft = world.filled_draft(cast)
    text = desk(cast.applicant)
    last = Application.objects.get(pk=case.pk).correction.lapses_after
    assert f"最迟 {last} 提交" in text
    assert f"/cases/{case.public_id}/answer/" in text and f"/apply/{draft.public_id}/" in text
    assert text.index("补正：") < text.index("填完申请草稿：")


def test_a_case_that_ended_is_no_longer_going_on() -> None:
    cast = world.Cast()
    licence = world.granted_licence(cast)
    standing = standing_of(cast.applicant, today())
    assert boards.going_on(standing, today()).total == 1
    delivery.note_certificate(public_id=licence.application.public_id, at=timezone.now())
    assert "签收并下载电子证书" in desk(cast.applicant)
    delivery.deliver(
        public_id=licence.application.public_id, actor=world.actor(cast.applicant), at=timezone.now()
    )
    assert boards.going_on(standing, today()).total == 0


def test_the_load_counts_every_open_case_once() -> None:
    cast = world.Cast()
    case = world.taken(cast)
    standing = standing_of(cast.approver, today())
    due = [today() - timedelta(days=1), today(), today() + timedelta(days=400), None]
    for number, day in enumerate(due):
        world.Application.objects.create(
            **{
                field.attname: getattr(case, field.attname)
                for field in Application._meta.concrete_fields
                if field.attname not in ("id", "public_id", "number", "next_due_on")
            },
            number=f"{case.number}-{number}", next_due_on=day,
        )  # fmt: skip
    Application.objects.filter(pk=case.pk).update(status="submitted", accepted_on=None, next_due_on=today())
    found = boards.load_of(standing, today())
    assert found.open == 5 and found.overdue == 1
    assert found.groups[0] == 2 and found.groups[-1] == 2
    assert found.overdue + sum(found.groups) + found.with_applicant + found.paused == found.open


def test_weeks_without_a_decision_are_there_too() -> None:
    cast = world.Cast()
    licence = world.granted_licence(cast)
    standing = standing_of(cast.approver, today())
    Application.objects.filter(pk=licence.application_id).update(decided_on=today() - timedelta(weeks=2))
    weeks = boards.decided_by_week(standing, today())
    assert len(weeks) == boards.WEEKS and sum(weeks.values()) == 1
    assert all(monday.weekday() == 0 for monday in weeks)
    assert weeks[today() - timedelta(days=today().weekday(), weeks=2)] == 1


def test_an_overdue_province_comes_first() -> None:
    punctual = world.submitted(world.Cast())
    Application.objects.filter(pk=punctual.pk).update(next_due_on=today())
    late = world.submitted(world.Cast("330000", "330106"))
    Application.objects.filter(pk=late.pk).update(next_due_on=date(2020, 1, 2))
    nation = Authority.objects.get(level="national").code
    standing = standing_of(world.official(nation, "national_admin"), today())
    rows = boards.provinces(standing, today())
    assert [(row.open, row.overdue) for row in rows[:1]] == [(1, 1)] and rows[0].name_zh.startswith("浙江")


def test_a_missing_year_and_an_unstaffed_duty_are_said() -> None:
    nation = Authority.objects.get(level="national").code
    CalendarVersion.objects.filter(year=today().year, superseded_at__isnull=True).update(
        superseded_at=timezone.now()
    )
    text = desk(world.official(nation, "national_admin"))
    assert f"录入 {today().year} 年节假日安排" in text
    assert "没有人担任：审批。" in text
    assert "没有人担任：受理、审查、审批。" in desk(world.official("330000", "organisation_admin"))
    assert "没有人担任" not in desk(world.official("320500", "organisation_admin"))


def test_who_stands_for_nothing_is_led_to_claim() -> None:
    assert signed_in(world.user("周敏")).get("/desk/")["Location"] == "/enterprise/"


@pytest.mark.parametrize("who", ["applicant", "approver", "nation"])
def test_the_desk_costs_the_same_with_one_case_and_with_fifty(who: str) -> None:
    cast = world.Cast()
    case = world.pending(cast)
    nation = Authority.objects.get(level="national").code
    person = world.official(nation, "national_admin") if who == "nation" else getattr(cast, who)
    client = signed_in(person)
    before = _queries(client)
    for number in range(MANY):
        Application.objects.create(
            **{
                field.attname: getattr(case, field.attname)
                for field in Application._meta.concrete_fields
                if field.attname not in ("id", "public_id", "number")
            },
            number=f"{case.number}-{number}",
        )
    for prefecture in Authority.objects.filter(level="prefecture")[:MANY]:
        Duty.objects.create(user=world.user(), authority=prefecture, kind="review", valid_from=world.EPOCH)
    after = _queries(client)
    print(f"desk, {who}: {before} queries with 1 case, {after} with {MANY + 1}")
    assert after <= before + 1 and after <= BUDGET, "one more where the list is longer than what is shown"


def _queries(client: Client) -> int:
    assert client.get("/desk/").status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/desk/").status_code == 200
    return len(captured)


def test_a_board_is_named_once_and_may_have_nothing_to_show() -> None:
    registry = Registry()
    registry.board("empty", "a.html", lambda viewer, today: None, place=1)
    registry.board("full", "b.html", lambda viewer, today: {"who": viewer}, place=9)
    registry.board("first", "c.html", lambda viewer, today: {}, place=2)
    assert registry.boards_for("v", world.DAY) == [("c.html", {}), ("b.html", {"who": "v"})]
    with pytest.raises(ValueError):
        registry.board("full", "d.html", lambda viewer, today: None, place=3)
