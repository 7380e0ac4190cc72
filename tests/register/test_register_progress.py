"""Progress by case number: stage, dates and the clock as it is today; nobody's name (R-47)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from register.rules import CaseDates, rail

pytestmark = pytest.mark.req("R-47")
DAY = date(2026, 11, 2)


def states(case: CaseDates) -> list[tuple[str, str]]:
    return [(step.key, step.state) for step in rail(case)]


def test_the_rail_of_a_case_on_its_way() -> None:
    assert states(CaseDates("submitted", DAY)) == [
        ("submitted", "done"),
        ("accepted", "now"),
        ("reviewed", "todo"),
        ("decided", "todo"),
        ("issued", "todo"),
    ]
    assert states(CaseDates("under_review", DAY, DAY))[2] == ("reviewed", "now")
    assert states(CaseDates("decision_pending", DAY, DAY, DAY))[3] == ("decided", "now")
    assert states(CaseDates("granted", DAY, DAY, DAY, DAY))[4] == ("issued", "now")
    for status in ("certificate_issued", "delivered"):
        assert {state for _key, state in states(CaseDates(status, DAY, DAY, DAY, DAY, DAY))} == {"done"}


def test_a_case_sent_back_is_under_review_again() -> None:
    steps = rail(CaseDates("under_review", DAY, DAY, None))
    assert (steps[2].state, steps[2].on) == ("now", None)


def test_the_rail_of_a_case_that_ended_early() -> None:
    assert states(CaseDates("not_accepted", DAY, closed_on=DAY)) == [
        ("submitted", "done"),
        ("not_accepted", "stopped"),
    ]
    assert states(CaseDates("retracted", DAY, DAY, closed_on=DAY)) == [
        ("submitted", "done"),
        ("accepted", "done"),
        ("retracted", "stopped"),
    ]
    for status in ("refused", "delivered"):
        assert states(CaseDates(status, DAY, DAY, DAY, DAY))[-1] == ("refused", "stopped")


def test_the_clock_is_right_today_without_any_job(
    client: Client, write_progress: Callable[..., Any], time_machine: Any
) -> None:
    """Accepted Wednesday 4 November 2026; 30 working days end on Wednesday 16 December."""
    case = write_progress()
    time_machine.move_to("2026-11-24T02:00:00+00:00", tick=False)
    clock = client.get(f"/progress/{case.number}/").context["case"].clock
    assert (clock.used, clock.left, clock.due, clock.overdue_by) == (14, 16, date(2026, 12, 16), 0)
    time_machine.move_to("2026-12-17T02:00:00+00:00", tick=False)
    response = client.get(f"/progress/{case.number}/")
    assert response.context["case"].overdue_by == 1
    assert "应于 2026 年 12 月 16 日前作出决定，已超期 1 个工作日" in response.content.decode()


def test_the_public_clock_is_the_official_one(
    client: Client, write_progress: Callable[..., Any], noon: Any
) -> None:
    from core.workdays.clock import build_clock
    from core.workdays.queries import calendar_book

    for start, closed in (
        (date(2026, 9, 21), None),
        (date(2026, 9, 21), date(2026, 10, 30)),
        (date(2026, 12, 1), None),
    ):
        case = write_progress(
            number=f"320000-N-2026-{start:%m%d}{len(str(closed)):02d}-7K",
            clock_start=start,
            clock_closed_on=closed,
        )
        shown = client.get(f"/progress/{case.number}/").context["case"].clock
        official = build_clock(
            start, 30, (), calendar_book().for_division("320583"), date(2026, 11, 24), closed_on=closed
        )
        assert shown == official


def test_a_number_in_lower_case_leads_to_its_page(
    client: Client, write_progress: Callable[..., Any], noon: Any
) -> None:
    case = write_progress()
    assert (
        client.get("/progress/", {"number": f" {case.number.lower()} "})["Location"]
        == f"/progress/{case.number}/"
    )
    assert client.get(f"/progress/{case.number.lower()}/").status_code == 301


@pytest.mark.parametrize("number", ["320000-N-2026-000341-7J", "nonsense", "320000-N-2026-000341", "a%00b"])
def test_an_unknown_number_is_answered_with_help(
    client: Client, write_progress: Callable[..., Any], noon: Any, number: str
) -> None:
    write_progress()
    response = client.get(f"/progress/{number}/")
    assert response.status_code == 404
    assert "逐位核对" in response.content.decode()


def test_a_badly_typed_number_is_explained(client: Client, fresh_database: str, noon: Any) -> None:
    response = client.get("/progress/", {"number": "<b>341"})
    assert response.status_code == 422
    assert "不像受理编号" in response.content.decode()
    assert "<b>341" not in response.content.decode()
