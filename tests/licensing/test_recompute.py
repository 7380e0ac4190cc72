"""A changed calendar moves open due dates, each with its reason, and leaves closed cases alone (DOMAIN §4.2)."""

from datetime import date

import pytest

from core.ledger.models import LedgerEntry
from core.lifecycle.subjects import Subject
from core.outbox.subscriptions import Heard
from core.workdays.models import CalendarVersion
from licensing.models import Application
from licensing.subscribers import recompute_open_cases
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-45", "K2")]


def declare_holiday(day: date) -> None:
    version = CalendarVersion.objects.get(scope="CN", year=day.year, superseded_at__isnull=True)
    version.days.create(year=day.year, date=day, kind="holiday", name="临时放假", source="国办发明电")
    from core.workdays import queries

    queries._cached = None


def calendar_published() -> None:
    recompute_open_cases(
        Heard(1, "workdays.calendar_published", Subject("workdays.calendar", "CN:2026", 2), world.at())
    )


@pytest.fixture(autouse=True)
def fresh_calendar():
    from core.workdays import queries

    queries._cached = None
    yield
    queries._cached = None


def test_an_open_case_moves_with_a_reason_and_a_closed_one_stays():
    open_case = world.accepted(world.Cast())
    closed = world.granted_licence(world.Cast()).application
    before = {case.pk: case.due_on for case in (open_case, closed)}
    declare_holiday(date(2026, 11, 18))
    calendar_published()
    moved, kept = (Application.objects.get(pk=case.pk) for case in (open_case, closed))
    assert before[moved.pk] == date(2026, 12, 21) and moved.due_on == date(2026, 12, 22)
    assert kept.due_on == before[kept.pk]
    entry = LedgerEntry.objects.get(subject_id=str(moved.public_id), act="licensing.due_recomputed")
    assert entry.public["to"] == "2026-12-22" and entry.legal_basis


def test_hearing_the_news_again_changes_nothing():
    case = world.accepted(world.Cast())
    declare_holiday(date(2026, 11, 18))
    calendar_published()
    version = world.version(case)
    calendar_published()
    assert world.version(case) == version


def test_a_case_waiting_for_acceptance_moves_too():
    case = world.submitted(world.Cast())
    declare_holiday(date(2026, 11, 11))
    calendar_published()
    assert Application.objects.get(pk=case.pk).next_due_on == date(2026, 11, 17)
