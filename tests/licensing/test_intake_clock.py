"""What time itself brings about at intake: deemed acceptance and lapse (K13, K14, S6)."""

from datetime import date, datetime, timedelta

import pytest

from core.ledger.models import LedgerEntry
from core.lifecycle.dates import SHANGHAI
from licensing.actions import acceptance, clockwork, correction
from licensing.actions.papers import write_papers
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.profile import REFORM_2015
from licensing.reminders import next_reminder
from tests.licensing.test_correction import answer, filed, fresh, notified
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast():
    return world.Cast()


def moment(day, hour=0, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def entry(application, act):
    return LedgerEntry.objects.get(subject_id=str(application.public_id), act=f"licensing.{act}")


@pytest.mark.req("K13", "R-45")
def test_five_silent_working_days_accept_as_of_the_receipt(cast):
    application = filed(cast)
    last = moment(date(2026, 11, 16), 23, 59)
    assert clockwork.due_for_check(at=last, most=10) == []
    assert clockwork.tick(public_id=application.public_id, at=last) == ""
    first = moment(date(2026, 11, 17))
    assert clockwork.due_for_check(at=first, most=10) == [application.public_id]
    assert clockwork.tick(public_id=application.public_id, at=first) == "deem_accepted"
    application = fresh(application)
    assert application.status == Status.UNDER_REVIEW and application.deemed_accepted
    assert application.accepted_on == date(2026, 11, 9) and application.clerk is None
    assert application.due_on == world_due(application)
    row = entry(application, "deem_accepted")
    assert row.effective_at == first and row.dating == "legal_date" and row.actor_kind == "system"
    assert clockwork.tick(public_id=application.public_id, at=first) == ""
    assert fresh(application).next_check_at > first, "next it warns before the due date"


def world_due(application):
    """30 working days after 2026-11-09 by hand: 15 to the end of November, 15 in December (21 December)."""
    return date(2026, 12, 21)


@pytest.mark.req("K13")
@pytest.mark.parametrize("late", [1, 3, 12])
def test_a_clock_that_was_away_dates_it_rightly(cast, late):
    application = filed(cast)
    came = moment(date(2026, 11, 17), 8) + timedelta(days=late)
    assert clockwork.tick(public_id=application.public_id, at=came) == "deem_accepted"
    assert entry(application, "deem_accepted").effective_at == moment(date(2026, 11, 17))
    assert fresh(application).accepted_on == date(2026, 11, 9)


@pytest.mark.req("K14")
def test_a_silent_resubmission_is_accepted_as_of_the_resubmission(cast):
    application = answer(cast, notified(cast), date(2026, 11, 12))
    write_papers(public_id=application.public_id, at=world.at(date(2026, 11, 12)))
    assert clockwork.tick(public_id=application.public_id, at=moment(date(2026, 11, 20))) == "deem_accepted"
    application = fresh(application)
    assert application.accepted_on == date(2026, 11, 12)
    assert application.first_received_at.astimezone(SHANGHAI).date() == date(2026, 11, 9)


@pytest.mark.req("S6")
def test_an_unanswered_notice_is_reminded_twice_and_lapses_once(cast):
    application = notified(cast)
    seen = []
    now = moment(date(2026, 11, 10))
    while now < moment(date(2026, 12, 12)):
        seen += [(now, act)] if (act := clockwork.tick(public_id=application.public_id, at=now)) else []
        now += timedelta(hours=1)
    assert seen == [
        (moment(date(2026, 12, 2), 9), "correction_reminder"),
        (moment(date(2026, 12, 8), 9), "correction_reminder"),
        (moment(date(2026, 12, 10)), "lapse"),
    ]
    application = fresh(application)
    assert application.status == Status.LAPSED and application.closed_on == date(2026, 12, 10)
    assert entry(application, "lapse").effective_at == moment(date(2026, 12, 10))
    with pytest.raises(Exception, match="补正后重新提交"):
        correction.resubmit(
            public_id=application.public_id, draft_version=application.draft_version,
            actor=world.actor(cast.applicant), at=moment(date(2026, 12, 11)),
        )  # fmt: skip


def test_a_lapse_after_an_outage_comes_at_once_and_says_when(cast):
    application = notified(cast)
    assert clockwork.tick(public_id=application.public_id, at=moment(date(2027, 1, 7), 11)) == "lapse"
    assert entry(application, "lapse").effective_at == moment(date(2026, 12, 10))


def test_a_prepared_answer_that_was_never_sent_leaves_nothing_behind(cast):
    application = answer(cast, notified(cast), date(2026, 11, 12), resubmit=False)
    assert clockwork.tick(public_id=application.public_id, at=moment(date(2026, 12, 11))) == "lapse"
    assert not application.replacements.exists()


@pytest.mark.req("K13")
def test_a_provisional_limit_accepts_nothing(cast, monkeypatch):
    application = world.submitted(cast, day=date(2026, 12, 29))
    limit = clockwork.compute_due(date(2026, 12, 29), REFORM_2015.intake, "320583")
    assert limit.provisional
    assert clockwork.tick(public_id=application.public_id, at=moment(date(2027, 1, 20))) == ""
    assert fresh(application).status == Status.SUBMITTED
    assert fresh(application).next_check_at > moment(date(2027, 1, 20))


@pytest.mark.req("K13")
def test_who_accepts_late_accepts_as_of_the_receipt(cast):
    application = filed(cast)
    day = date(2026, 11, 18)
    accepted = acceptance.accept(
        public_id=application.public_id, expected_version=application.version,
        actor=world.actor(cast.clerk, day), at=world.at(day),
    )  # fmt: skip
    assert accepted.deemed_accepted and accepted.accepted_on == date(2026, 11, 9)
    assert clockwork.tick(public_id=application.public_id, at=world.at(day)) == ""


def test_the_next_reminder_is_never_in_the_past():
    lapses = date(2026, 12, 9)
    at = moment(date(2026, 11, 9))
    found = []
    while (at := next_reminder(lapses, at)) != moment(date(2026, 12, 10)):
        found.append(at)
    assert found == [moment(date(2026, 12, 2), 9), moment(date(2026, 12, 8), 9)]
    assert next_reminder(lapses, moment(date(2027, 3, 1))) == moment(date(2026, 12, 10))


def test_a_draft_asks_for_no_look(cast):
    world.filled_draft(cast)
    assert not Application.objects.filter(next_check_at__isnull=False).exists()
