"""The clock's sweep away for three days: each consequence once and dated by the law, whoever comes back how (R-45).

The same exercise as `./dev drill outage`, with fewer cases; two workers come back at once, one 90 s ahead, each handed
the same sweep five times, a minute before midnight.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.lifecycle.dates import SHANGHAI
from licensing import tasks
from licensing.actions import clockwork
from licensing.models import Application
from portal.drills.consequences import Consequence, Happened, compare
from portal.drills.exercise import Outage, exercise
from portal.drills.outage_world import Stage, build
from tests.support import world

GONE = datetime(2026, 11, 9, 23, 59, 15, tzinfo=SHANGHAI)
OUTAGE = Outage(GONE, GONE + timedelta(days=3))
NIGHT = datetime(2026, 11, 11, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
BY_LAW = Consequence("by law", lambda mark: (), made_up=True)
TOLD = Consequence("told", lambda mark: (), made_up=False)


@pytest.mark.database
@pytest.mark.req("R-45", "K13", "S6")
def test_three_days_away_and_every_consequence_came_once_and_dated_rightly(fresh_database: str) -> None:
    call_command("create_world", "--simulated", verbosity=0)
    assert build(GONE, every=4) > 20
    found = exercise(OUTAGE)
    assert found.wrong == []
    assert (found.missed, found.doubled, found.misdated) == (0, 0, 0)
    assert len(found.shares) == 2 and sum(found.shares) > 0
    silent = [line.name for line in found.lines if not line.control or not line.outage]
    assert silent == [], "the exercise proves nothing about these"


@pytest.mark.database
@pytest.mark.req("R-45")
def test_the_exercise_sees_a_consequence_dated_when_it_was_noticed(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that dated by its own waking would pass for a working one, if nobody compared."""
    call_command("create_world", "--simulated", verbosity=0)
    monkeypatch.setattr("portal.drills.outage_world.SCENES", (_late_notice,))
    build(GONE)
    woken: list[datetime] = []
    look, advance = clockwork._remind_or_lapse, clockwork.advance_system

    def remember(application: Application, at: datetime) -> str:
        woken.append(at)
        return look(application, at)

    def by_waking(application: Application, act: str, *, at: datetime, **facts: Any) -> Application:
        return advance(application, act, at=woken[-1], **facts)

    monkeypatch.setattr(clockwork, "_remind_or_lapse", remember)
    monkeypatch.setattr(clockwork, "advance_system", by_waking)
    found = exercise(OUTAGE)
    assert (found.missed, found.doubled, found.misdated) == (0, 0, 1), found.wrong


def _late_notice(stage: Stage) -> Iterator[Callable[[], Application]]:
    yield lambda: stage.cast.noticed(stage.last - timedelta(days=29))


# what the comparison finds


@pytest.mark.parametrize(
    ("consequence", "control", "outage", "found"),
    [
        (BY_LAW, [("a", "lapse", 0)], [("a", "lapse", 0)], (0, 0, 0)),
        (BY_LAW, [("a", "lapse", 0)], [], (1, 0, 0)),
        (BY_LAW, [("a", "lapse", 0)], [("a", "lapse", 0), ("a", "lapse", 0)], (0, 1, 0)),
        (BY_LAW, [("a", "lapse", 0)], [("a", "lapse", 48)], (0, 0, 1)),
        (BY_LAW, [], [("a", "lapse", 0)], (0, 0, 1)),
        (TOLD, [("a", "left 5", 9), ("a", "left 2", 33)], [("a", "left 2", 50)], (0, 0, 0)),
        (TOLD, [("a", "left 5", 9), ("a", "left 2", 33)], [("a", "left 5", 50)], (1, 0, 0)),
        (TOLD, [("a", "left 5", 9)], [("a", "left 5", 50), ("a", "left 5", 51)], (0, 1, 0)),
        (TOLD, [("a", "left 5", 9)], [("a", "left 5", 9)], (0, 0, 1)),
        (TOLD, [("a", "left 5", 81)], [("a", "left 5", 50)], (0, 0, 1)),
        (TOLD, [("a", "left 5", 9)], [("a", "left 5", 50), ("b", "left 5", 50)], (0, 0, 1)),
    ],
    ids=[
        "alike", "missed", "doubled", "dated when noticed", "never due", "only what holds", "what holds is missing",
        "told twice", "backdated", "a day early", "nobody's",
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(
    consequence: Consequence,
    control: list[tuple[str, str, int]],
    outage: list[tuple[str, str, int]],
    found: tuple[int, int, int],
) -> None:
    """Hours count from midnight of the second day away; the return is 48 hours later."""

    def rows(told: list[tuple[str, str, int]]) -> list[Happened]:
        return [Happened(case, what, NIGHT + hours * HOUR) for case, what, hours in told]

    result = compare(consequence, rows(control), rows(outage), back=NIGHT + 48 * HOUR)
    assert tuple(len(part) for part in (result.missed, result.doubled, result.misdated)) == found


def test_a_reminder_is_owed_no_more_once_the_case_has_lapsed() -> None:
    reminded = [Happened("a", "correction_reminder", NIGHT)]
    assert compare(TOLD, reminded, [], back=NIGHT).missed
    assert not compare(TOLD, reminded, [], back=NIGHT, moot={"a"}).missed


# one clock for all workers


@pytest.mark.django_db
@pytest.mark.req("R-45", "K13")
def test_a_worker_whose_clock_is_ahead_ends_no_limit_early(monkeypatch: pytest.MonkeyPatch) -> None:
    case, real = world.submitted(world.Cast()), timezone.now
    Application.objects.filter(pk=case.pk).update(next_check_at=real() + timedelta(seconds=60))
    monkeypatch.setattr(tasks.timezone, "now", lambda: real() + timedelta(seconds=90))
    assert tasks.sweep_clocks() == 0
    Application.objects.filter(pk=case.pk).update(next_check_at=real() - timedelta(seconds=1))
    assert tasks.sweep_clocks() == 1
