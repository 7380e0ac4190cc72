"""What stops the clock and what does not: testing, hearing and their kin, only with notice (K5–K8, K10, K22, K26)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ledger.queries import timeline
from core.messages.models import Message
from core.messages.render import notice_of
from core.parties.models import Authority
from core.workdays.queries import calendar_book
from core.workdays.rules import Pause, due_date
from licensing.actions import clockwork, decision, filing, pauses, review, timing
from licensing.actions.act import NotYourCase, Stale
from licensing.clock import clock_of, days_of, refresh_clock, statutory_limits
from licensing.lifecycle import GRANT_BASIS
from licensing.models import Application, ClockPause, Evidence, Extension
from licensing.rules import counts_from, workday_before
from tests.support import world
from tests.support.notices import hear_all, kinds_of

pytestmark = pytest.mark.django_db

DAY = world.DAY
"""Monday 9 November 2026: filed, accepted and taken in hand."""


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def case(cast: world.Cast) -> Application:
    """Under review, the visit passed, so that the test may begin."""
    application = world.taken(cast)
    return world.record(cast, application, "onsite")


def stop(cast: world.Cast, case: Application, on: date = DAY, day: date = DAY, **more: object) -> ClockPause:
    facts = {
        "ground": "testing", "started_on": on, "expected_until": day + timedelta(days=20),
        "notice": "样品已送省质检院，需 15 个工作日。",
    } | more  # fmt: skip
    return pauses.pause(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(cast.reviewer, day),
        at=world.at(day, 15), **facts,
    )  # fmt: skip


def go_on(cast: world.Cast, case: Application, row: ClockPause, on: date, **more: object) -> ClockPause:
    return pauses.resume(
        public_id=case.public_id, expected_version=world.version(case), pause_id=row.public_id, ended_on=on,
        actor=world.actor(cast.reviewer, on), at=world.at(on, 16), **more,
    )  # fmt: skip


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


@pytest.mark.req("K5", "K7", "R-45")
def test_testing_stops_the_clock_and_the_report_lets_it_run_again(
    cast: world.Cast, case: Application
) -> None:
    before = case.due_on
    row = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    now = fresh(case)
    assert now.paused and now.due_on is None and now.next_due_on is None
    assert clock_of(now, date(2026, 11, 20), calendar_book()).used == 2
    go_on(cast, case, row, date(2026, 11, 25))
    now = fresh(case)
    expected = due_date(
        DAY,
        30,
        "workday",
        [Pause(date(2026, 11, 11), date(2026, 11, 25))],
        calendar_book().for_division("320583"),
    )
    assert now.due_on == expected and before is not None and expected is not None and expected > before
    assert not now.paused and now.next_check_at is not None


@pytest.mark.req("K10")
def test_the_day_it_begins_counts_and_the_day_it_ends_does_not(cast: world.Cast, case: Application) -> None:
    row = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    go_on(cast, case, row, date(2026, 11, 13))
    why = {day.date: day.counted for day in days_of(fresh(case), date(2026, 11, 20), calendar_book())}
    assert why[date(2026, 11, 11)] and not why[date(2026, 11, 12)] and not why[date(2026, 11, 13)]
    assert why[date(2026, 11, 16)]


@pytest.mark.req("K7")
def test_no_notice_no_pause(cast: world.Cast, case: Application) -> None:
    with pytest.raises(pauses.NoNotice) as caught:
        stop(cast, case, notice="   ")
    assert caught.value.field == "notice" and not fresh(case).paused
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPause.objects.create(
            application=case, ground="testing", started_on=DAY, counts_from=DAY, expected_until=DAY, notice="",
            told_at=world.at(),
        )  # fmt: skip


@pytest.mark.req("K7", "K22")
def test_it_counts_from_the_last_of_acceptance_beginning_and_notice(
    cast: world.Cast, case: Application
) -> None:
    late = stop(cast, case, on=DAY, day=date(2026, 11, 16))
    assert late.counts_from == date(2026, 11, 16), "told a week after the sample came"
    early = date(2015, 8, 20)
    assert counts_from(accepted_on=date(2015, 9, 1), started_on=early, told_on=early) == date(2015, 9, 1)


@pytest.mark.req("K8")
def test_a_visit_or_an_office_that_waits_stops_nothing(cast: world.Cast, case: Application) -> None:
    assert {choice for choice, _label in pauses.PauseGround.choices} == {
        "testing", "hearing", "appraisal", "expert_review",
    }  # fmt: skip
    with pytest.raises(ValueError):
        stop(cast, case, ground="onsite")
    with pytest.raises(pauses.GroundNotHere):
        stop(cast, case, ground="hearing")


@pytest.mark.req("K10")
def test_overlapping_procedures_are_one_pause(cast: world.Cast, case: Application) -> None:
    test = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    expert = stop(cast, case, date(2026, 11, 16), date(2026, 11, 16), ground="expert_review")
    go_on(cast, case, test, date(2026, 11, 18))
    assert fresh(case).paused, "the expert has not answered yet"
    go_on(cast, case, expert, date(2026, 11, 20))
    expected = due_date(
        DAY,
        30,
        "workday",
        [Pause(date(2026, 11, 11), date(2026, 11, 20))],
        calendar_book().for_division("320583"),
    )
    assert fresh(case).due_on == expected


@pytest.mark.req("K26")
def test_a_barred_laboratory_ends_the_pause_and_the_next_begins_one_of_its_own(
    cast: world.Cast, case: Application
) -> None:
    first = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    go_on(cast, case, first, date(2026, 11, 13), because="barred")
    assert Evidence.objects.get(application=case, track="testing").outcome == "required"
    second = stop(
        cast, case, date(2026, 11, 18), date(2026, 11, 18), notice="样品改送市质检所，需 10 个工作日。"
    )
    go_on(cast, case, second, date(2026, 11, 24))
    kept = fresh(case).clock_pauses
    assert [(row["from"], row["to"]) for row in kept] == [
        ("2026-11-11", "2026-11-13"), ("2026-11-18", "2026-11-24"),
    ]  # fmt: skip


@pytest.mark.req("K12")
def test_the_statutory_limit_stands_still_too_and_both_readings_are_there(
    cast: world.Cast, case: Application
) -> None:
    before = statutory_limits(case)
    row = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    assert statutory_limits(fresh(case)).earlier is None
    go_on(cast, case, row, date(2026, 11, 25))
    after = statutory_limits(fresh(case))
    assert before.workday and after.workday and after.workday > before.workday
    assert before.calendar and after.calendar and after.calendar >= before.calendar + timedelta(days=13)
    assert fresh(case).statutory_due_on == after.earlier


def test_dates_out_of_place_are_refused_at_their_field(cast: world.Cast, case: Application) -> None:
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with pytest.raises(pauses.PauseDateWrong) as caught:
            stop(cast, case, on=day)
        assert caught.value.field == "started_on"
    with pytest.raises(pauses.ExpectedDateWrong):
        stop(cast, case, expected_until=DAY - timedelta(days=1))
    row = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    with pytest.raises(pauses.PauseDateWrong):
        pauses.resume(
            public_id=case.public_id, expected_version=world.version(case), pause_id=row.public_id,
            ended_on=date(2026, 11, 10), actor=world.actor(cast.reviewer), at=world.at(date(2026, 11, 12)),
        )  # fmt: skip


def test_twice_is_once(cast: world.Cast, case: Application) -> None:
    row = stop(cast, case)
    with pytest.raises(pauses.PausedAlready):
        stop(cast, case)
    with pytest.raises(Stale):
        pauses.pause(
            public_id=case.public_id, expected_version=world.version(case) - 1, ground="appraisal", started_on=DAY,
            expected_until=DAY, notice="x", actor=world.actor(cast.reviewer), at=world.at(hour=16),
        )  # fmt: skip
    go_on(cast, case, row, date(2026, 11, 12))
    with pytest.raises(pauses.NotPaused):
        go_on(cast, case, row, date(2026, 11, 13))


@pytest.mark.parametrize("who", ["clerk", "approver", "applicant", "colleague", "stranger"])
def test_only_whoever_has_the_case_in_hand_stops_its_clock(
    cast: world.Cast, case: Application, who: str
) -> None:
    person = {
        "colleague": lambda: world.official("320000", "review"), "stranger": lambda: world.official("330000", "review"),
    }.get(who, lambda: getattr(cast, who))()  # fmt: skip
    with pytest.raises(NotYourCase):
        pauses.pause(
            public_id=case.public_id, expected_version=world.version(case), ground="testing", started_on=DAY,
            expected_until=DAY, notice="x", actor=world.actor(person), at=world.at(hour=15),
        )  # fmt: skip
    assert not fresh(case).paused


@pytest.mark.req("K5")
def test_the_report_itself_ends_the_pause_and_says_when_it_came(cast: world.Cast, case: Application) -> None:
    stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    later = date(2026, 11, 25)
    facts = {
        "public_id": case.public_id, "expected_version": world.version(case), "track": "testing", "outcome": "passed",
        "body": "省质检院", "concluded_on": date(2026, 11, 23), "finding": "", "document": world.PDF,
        "filename": "报告.pdf", "actor": world.actor(cast.reviewer), "at": world.at(later),
    }  # fmt: skip
    with pytest.raises(review.ReceiptMissing) as caught:
        review.record_evidence(**facts)
    assert caught.value.field == "received_on"
    review.record_evidence(**facts, received_on=date(2026, 11, 24))
    assert fresh(case).clock_pauses[0]["to"] == "2026-11-24" and not fresh(case).paused
    acts = [row.act for row in timeline("licensing.application", str(case.public_id), personal=False)]
    assert acts[:3] == ["licensing.record_evidence", "licensing.resume", "licensing.pause"]


def test_nothing_is_concluded_while_a_procedure_is_under_way(cast: world.Cast, case: Application) -> None:
    world.record(cast, case, "testing")
    stop(cast, case, ground="expert_review")
    with pytest.raises(pauses.PauseStillOpen):
        review.conclude_review(
            public_id=case.public_id, expected_version=world.version(case), actor=world.actor(cast.reviewer),
            at=world.at(hour=16),
        )  # fmt: skip


@pytest.mark.req("K6")
def test_a_hearing_stops_the_clock_at_the_approvers_desk(cast: world.Cast) -> None:
    case = world.pending(cast)
    common = {"public_id": case.public_id, "actor": world.actor(cast.approver)}
    deciding = {"basis": GRANT_BASIS, "no_conflict": True}
    row = pauses.pause(
        **common, expected_version=world.version(case), ground="hearing", started_on=DAY, expected_until=DAY,
        notice="定于 11 月 20 日听证。", at=world.at(hour=16),
    )  # fmt: skip
    with pytest.raises(pauses.PauseStillOpen):
        decision.grant(**common, **deciding, expected_version=world.version(case), at=world.at(hour=17))
    pauses.resume(
        **common, expected_version=world.version(case), pause_id=row.public_id, ended_on=date(2026, 11, 20),
        at=world.at(date(2026, 11, 20)),
    )  # fmt: skip
    assert decision.grant(
        **common, **deciding, expected_version=world.version(case), at=world.at(date(2026, 11, 23))
    )


def test_without_anything_to_test_nothing_is_stopped_for_it(cast: world.Cast) -> None:
    case = world.taken(cast)
    with pytest.raises(pauses.NothingToTest):
        stop(cast, case)
    world.record(cast, case, "onsite")
    world.record(cast, case, "testing")
    with pytest.raises(pauses.NothingToTest):
        stop(cast, case)


@pytest.mark.req("K23", "K24", "R-39")
def test_a_national_product_is_tested_beside_its_visit_and_all_of_it_is_left_out() -> None:
    national = world.Cast(deciding=Authority.objects.get(level="national").code)
    case = world.taken(national, "bridge-bearing")
    with pytest.raises(pauses.NothingToTest):
        stop(national, case, date(2026, 11, 11), date(2026, 11, 11))
    with pytest.raises(review.NoTestBeforeVisit):
        world.record(national, case, "testing")
    timing.choose_before_visit(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(national.applicant, DAY),
        at=world.at(DAY, 14),
    )  # fmt: skip
    row = stop(national, case, date(2026, 11, 11), date(2026, 11, 11))
    world.record(national, case, "onsite", day=date(2026, 11, 13))
    assert fresh(case).paused, "the visit neither waits for the test nor ends it"
    go_on(national, case, row, date(2026, 11, 25))
    left_out = Pause(date(2026, 11, 11), date(2026, 11, 25))
    calendar = calendar_book().for_division("320583")
    assert fresh(case).due_on == due_date(DAY, 30, "workday", [left_out], calendar)
    assert statutory_limits(fresh(case)).earlier is not None
    world.record(national, case, "testing", day=date(2026, 11, 25))


@pytest.mark.req("K25", "R-41")
def test_a_provincial_product_is_not_tested_before_its_visit(cast: world.Cast) -> None:
    case = world.taken(cast)
    with pytest.raises(review.NoTestBeforeVisit):
        world.record(cast, case, "testing")
    world.record(cast, case, "onsite", "failed")
    with pytest.raises(review.NoTestBeforeVisit):
        world.record(cast, case, "testing")
    assert Evidence.objects.get(application=case, track="testing").outcome == "required"


def test_the_notice_is_no_public_word(cast: world.Cast, case: Application) -> None:
    stop(cast, case, notice="样品由张三送检。")
    row = timeline("licensing.application", str(case.public_id), personal=True)[0]
    assert "张三" not in str(row.public) and row.personal["notice"] == "样品由张三送检。"


def test_the_cache_on_the_row_is_what_the_events_say(cast: world.Cast, case: Application) -> None:
    """Whatever was written into it by hand is gone after the next computation (ADR 11)."""
    row = stop(cast, case, date(2026, 11, 11), date(2026, 11, 11))
    go_on(cast, case, row, date(2026, 11, 18))
    kept = fresh(case)
    kept.clock_pauses, kept.clock_days, kept.due_on = [], 12, date(2030, 1, 1)
    refresh_clock(kept)
    right = fresh(case)
    for name in ("clock_pauses", "clock_days", "due_on", "statutory_due_on", "next_due_on", "paused"):
        assert getattr(kept, name) == getattr(right, name), name


@pytest.mark.req("K5")
def test_a_procedure_begun_after_the_due_date_neither_stops_nor_silences(
    cast: world.Cast, case: Application
) -> None:
    last = case.due_on
    assert last is not None
    late = last + timedelta(days=1)
    stop(cast, case, late, late)
    now = fresh(case)
    assert not now.paused and now.due_on == last and now.next_check_at is not None
    assert "overdue" in clockwork.tick(
        public_id=case.public_id, at=max(now.next_check_at, world.at(late, 23))
    )


@pytest.mark.req("R-45")
def test_a_forgotten_pause_is_asked_about_and_then_reported(cast: world.Cast, case: Application) -> None:
    head = world.official("320000", "head")
    stop(cast, case, expected_until=DAY + timedelta(days=7))
    for _time in range(6):
        when = fresh(case).next_check_at
        assert when is not None and when > world.at(DAY + timedelta(days=7))
        assert clockwork.tick(public_id=case.public_id, at=when) == "overrun"
    hear_all("licensing.alarm")
    assert set(kinds_of(cast.reviewer)) == {"licensing.desk.overrun"} and len(kinds_of(cast.reviewer)) == 6
    assert len(kinds_of(head)) == 2, "from the fifth working day on"


@pytest.mark.req("R-45")
def test_an_act_before_nine_does_not_eat_the_warning_of_the_day(cast: world.Cast, case: Application) -> None:
    assert case.due_on is not None
    calendar = calendar_book().for_division("320583")
    day = workday_before(case.due_on, 10, calendar)
    row = stop(cast, case, day, day, ground="expert_review")
    pauses.resume(
        public_id=case.public_id, expected_version=world.version(case), pause_id=row.public_id, ended_on=day,
        actor=world.actor(cast.reviewer, day), at=world.at(day, 16),
    )  # fmt: skip
    when = fresh(case).next_check_at
    assert when is not None and when <= world.at(day, 17)
    assert clockwork.tick(public_id=case.public_id, at=world.at(day, 17)) == "left"
    assert clockwork.tick(public_id=case.public_id, at=world.at(day, 17)) == ""


@pytest.mark.req("K7")
def test_each_procedure_is_told_for_itself_whenever_the_news_travels(
    cast: world.Cast, case: Application
) -> None:
    test = stop(cast, case)
    stop(cast, case, ground="expert_review")
    hear_all("licensing.pause")
    words = [notice_of(row).body for row in Message.objects.filter(recipient=cast.applicant).order_by("id")]
    assert "产品检验" in words[0] and "专家评审" in words[1]
    go_on(cast, case, test, date(2026, 11, 20))
    hear_all("licensing.resume")
    last = Message.objects.filter(recipient=cast.applicant).latest("id")
    assert last.kind == "licensing.resume_partly" and "产品检验" in notice_of(last).body


def test_a_case_taken_back_leaves_nothing_open(cast: world.Cast, case: Application) -> None:
    stop(cast, case)
    done = filing.retract(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(cast.applicant),
        at=world.at(date(2026, 11, 12)),
    )  # fmt: skip
    assert not done.paused and done.next_check_at is None
    assert case.pauses.get().ended_because == "closed"


@given(st.integers(0, 10), st.integers(1, 60), st.integers(0, 40), st.booleans())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_no_mixture_of_events_breaks_the_clock(days: int, begin: int, length: int, is_open: bool) -> None:
    """Whatever comes together: known dates are working days, unknown ones are empty, and the caps hold."""
    with transaction.atomic():
        application = world.taken(world.Cast())
        start = DAY + timedelta(days=begin)
        ClockPause.objects.create(
            application=application, ground="hearing", started_on=start, counts_from=start, notice="x",
            expected_until=start, told_at=world.at(start),
            **({} if is_open else {"ended_on": start + timedelta(days=length), "ended_because": "result"}),
        )  # fmt: skip
        if days:
            people = world.user(), world.user()
            Extension.objects.create(
                application=application, days=days, reasons="x", proposed_by=people[0], proposed_at=world.at(),
                result="granted", decided_by=people[1], decided_at=world.at(),
            )  # fmt: skip
        refresh_clock(application)
        assert application.paused == (application.due_on is None)
        if application.due_on is not None:
            assert calendar_book().for_division("320583").is_workday(application.due_on)
            assert application.target_days <= application.clock_days <= application.target_days + days
        application.save()
        transaction.set_rollback(True)
