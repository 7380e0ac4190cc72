"""Renewals: dates, lateness, gaps, and the renewal that the law grants at 00:00 after expiry (L1 art. 50 ¶2; K21)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.models import Certificate
from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import DomainError
from licensing.actions import acceptance, correction, decision, filing, pauses, renewal
from licensing.actions.clockwork import tick
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application, ClockAlarm, Deregistration, LicenceGap, LicenceStatus
from licensing.terms import deemed_term, last_timely_day
from licensing.terms import renewal as renewed
from tests.support import holders, world
from tests.support.holders import ENDS_ON, LATE, TIMELY, Holder

AFTER = ENDS_ON + timedelta(days=1)
SOON = date(2026, 11, 9)
database = pytest.mark.django_db


def refused(code: str, act, *args, **kwargs) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


# Vectors of DOMAIN §3.3 and §4.1


@pytest.mark.req("R-50")
def test_a_renewal_in_time_follows_the_old_term() -> None:
    found = renewed(date(2015, 9, 16), date(2015, 9, 28))
    assert (found.term.valid_from, found.term.valid_until) == (date(2015, 9, 16), date(2020, 9, 28))
    assert found.gap_from is None


def test_a_late_renewal_runs_from_its_decision_and_shows_the_gap() -> None:
    found = renewed(date(2015, 10, 20), date(2015, 9, 28))
    assert (found.term.valid_from, found.term.valid_until) == (date(2015, 10, 20), date(2020, 10, 19))
    assert (found.gap_from, found.gap_to) == (date(2015, 9, 29), date(2015, 10, 19))


def test_the_last_timely_day_of_a_month_without_it() -> None:
    assert last_timely_day(date(2020, 8, 31)) == date(2020, 2, 29)


@given(st.dates(date(2015, 8, 4), date(2040, 12, 31)), st.integers(-400, 400))
def test_a_term_never_overlaps_and_never_loses_a_day(ends_on: date, offset: int) -> None:
    decided = ends_on + timedelta(days=offset)
    found = renewed(decided, ends_on)
    if decided <= ends_on:
        assert found.term.term_start == ends_on + timedelta(days=1)
        assert found.term.valid_until == deemed_term(ends_on).valid_until
    else:
        assert found.term.term_start == decided
        gap = (found.gap_to - found.gap_from).days + 1 if found.gap_from and found.gap_to else 0
        assert gap == (decided - ends_on).days - 1
    assert 1824 <= (found.term.valid_until - found.term.term_start).days <= 1830


# In the database


@database
def test_a_timely_renewal_keeps_number_and_follows_the_term(holder: Holder) -> None:
    holders.granted(holder, Kind.RENEWAL)
    licence = holder.fresh()
    assert (licence.valid_from, licence.term_start, licence.valid_until) == (
        TIMELY,
        AFTER,
        date(2031, 12, 14),
    )


@database
def test_a_late_renewal_expires_and_revives_with_its_gap(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL, LATE)
    assert holders.tick_term(holder.licence, AFTER) == "licence_expired"
    assert holder.fresh().status == LicenceStatus.EXPIRED
    assert fresh(case).status == Status.UNDER_REVIEW
    decided = date(2026, 12, 21)
    holders.grant(holder, holders.reviewed(holder, case, decided), decided)
    licence, gap = holder.fresh(), LicenceGap.objects.get()
    assert (licence.status, licence.valid_from) == (LicenceStatus.VALID, decided)
    assert (gap.gap_from, gap.gap_to) == (AFTER, date(2026, 12, 20))


@database
def test_expiry_ends_what_is_open_and_opens_the_task(holder: Holder) -> None:
    change = holders.accepted(holder, Kind.CHANGE)
    assert holders.tick_term(holder.licence, AFTER) == "licence_expired"
    assert holders.tick_term(holder.licence, AFTER, 1) == ""
    assert fresh(change).status == Status.TERMINATED
    assert Deregistration.objects.get().ground == "expired"
    entry = LedgerEntry.objects.get(act="licensing.licence_expired")
    assert (shanghai_date(entry.effective_at), entry.dating) == (AFTER, "legal_date")


@database
@pytest.mark.req("R-45")
def test_no_decision_by_expiry_is_a_renewal_at_midnight(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    assert holders.tick_case(case, ENDS_ON, 23, 59) != "deem_renewed"
    assert holders.tick_term(holder.licence, AFTER) == ""
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    after, licence = fresh(case), holder.fresh()
    assert (after.status, after.deemed_renewal_on, after.decided_on) == (Status.DEEMED_RENEWED, AFTER, AFTER)
    assert (licence.status, licence.valid_from, licence.valid_until) == (
        LicenceStatus.VALID_DEEMED, AFTER, date(2031, 12, 14),
    )  # fmt: skip
    entry = LedgerEntry.objects.get(act="licensing.deem_renewed")
    assert entry.effective_at == world.at(AFTER, 0, 0)
    assert entry.internal["unfinished"] == [
        {"track": "onsite", "outcome": "required"}, {"track": "testing", "outcome": "required"},
    ]  # fmt: skip
    assert ClockAlarm.objects.filter(application=case, kind="by_law").count() == 1
    assert holders.tick_case(case, AFTER, 0, 2) == ""


@database
@pytest.mark.req("R-45")
def test_a_pause_and_a_failed_track_do_not_prevent_it(holder: Holder) -> None:
    failed = holders.pending(holder, Kind.RENEWAL, failed=True)
    assert holders.tick_case(failed, AFTER) == "deem_renewed"
    other = Holder()
    case = holders.accepted(other, Kind.RENEWAL)
    from licensing.actions import review

    review.take_review(
        public_id=case.public_id, no_conflict=True, expected_version=world.version(case),
        actor=world.actor(other.reviewer, TIMELY), at=world.at(TIMELY, 13),
    )  # fmt: skip
    pauses.pause(
        public_id=case.public_id, expected_version=world.version(case), ground="expert_review", started_on=TIMELY,
        expected_until=ENDS_ON, notice="专家评审需要时间，期间不计入许可时限。",
        actor=world.actor(other.reviewer, TIMELY),
        at=world.at(TIMELY, 14),
    )  # fmt: skip
    assert fresh(case).paused
    assert holders.tick_case(case, AFTER) == "deem_renewed"
    assert not fresh(case).paused


@database
@pytest.mark.req("R-45")
def test_after_midnight_nobody_decides_although_nobody_has_noticed(holder: Holder) -> None:
    case = holders.pending(holder, Kind.RENEWAL, failed=True)
    who = {"public_id": case.public_id, "expected_version": case.version}
    late = {"actor": world.actor(holder.approver, AFTER), "at": world.at(AFTER, 0, 0)}
    refused(
        "licensing.deemed_already",
        decision.refuse,
        **who,
        basis=case.rules.basis,
        reasons="不合格",
        no_conflict=True,
        **late,
    )
    refused("licensing.deemed_already", decision.return_to_review, **who, reasons="再看", **late)
    applicant = {"actor": world.actor(holder.applicant, AFTER), "at": world.at(AFTER, 9)}
    refused("licensing.deemed_already", filing.retract, **who, **applicant)
    assert fresh(case).status == Status.DECISION_PENDING
    assert holders.tick_case(case, AFTER, 9, 1) == "deem_renewed"
    refused("lifecycle.wrong_state", decision.refuse, **{**who, "expected_version": case.version + 1},
            basis=case.rules.basis, reasons="不合格", no_conflict=True, **late)  # fmt: skip


@database
def test_decided_on_the_last_evening_is_decided(holder: Holder) -> None:
    case = holders.pending(holder, Kind.RENEWAL)
    decision.grant(
        public_id=case.public_id, no_conflict=True, expected_version=case.version, basis=case.rules.basis,
        actor=world.actor(holder.approver, ENDS_ON), at=world.at(ENDS_ON, 23, 59),
    )  # fmt: skip
    assert holder.fresh().term_start == AFTER


@database
@pytest.mark.req("R-45")
def test_confirmation_is_ministerial_once_and_brings_the_certificate(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    case = fresh(case)
    common = {
        "public_id": case.public_id,
        "actor": world.actor(holder.approver, AFTER),
        "at": world.at(AFTER, 10),
    }
    renewal.confirm_renewal(**common, expected_version=case.version)
    refused(
        "licensing.confirmed_already", renewal.confirm_renewal, **common, expected_version=world.version(case)
    )
    ordered = Certificate.objects.get(licence_number=holder.licence.number, licence_version=2)
    assert ordered.printed.valid_from == AFTER
    case = holders_signed(case)
    assert (case.status, holder.fresh().status) == (Status.CERTIFICATE_ISSUED, LicenceStatus.VALID)


@database
def test_the_certificate_of_the_old_term_confirms_nothing(holder: Holder) -> None:
    """Signed late, it belongs to the first case of the licence."""
    from licensing.actions.delivery import note_certificate

    first = holder.licence.application
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    note_certificate(public_id=first.public_id, at=world.at(AFTER, 11))
    assert (fresh(case).status, holder.fresh().status) == (Status.DEEMED_RENEWED, LicenceStatus.VALID_DEEMED)


def holders_signed(case: Application) -> Application:
    from licensing.actions.delivery import note_certificate

    note_certificate(public_id=case.public_id, at=world.at(AFTER, 11))
    return fresh(case)


@database
def test_a_clerk_cannot_confirm(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    refused(
        "licensing.not_your_case", renewal.confirm_renewal, public_id=case.public_id,
        expected_version=world.version(case), actor=world.actor(holder.clerk, AFTER), at=world.at(AFTER, 10),
    )  # fmt: skip


@database
def test_awaiting_the_enterprise_at_expiry_is_not_deemed(holder: Holder) -> None:
    case = holders.filed(holder, Kind.RENEWAL)
    correction.request_correction(
        public_id=case.public_id, expected_version=world.version(case), items={"conditions.staff": "不完整"},
        actor=world.actor(holder.clerk, TIMELY), at=world.at(TIMELY, 11),
    )  # fmt: skip
    Application.objects.filter(pk=case.pk).update(next_check_at=None)
    assert holders.tick_term(holder.licence, AFTER) == "licence_expired"
    assert fresh(case).status == Status.CORRECTION_REQUESTED


@database
@pytest.mark.req("K14")
def test_the_answer_to_a_notice_may_come_after_expiry(holder: Holder) -> None:
    """The licence expires while the renewal awaits its correction; the case continues and may revive it."""
    day = date(2026, 12, 16)
    case = _received_again(holder, day, noticed=ENDS_ON, expire=True)
    assert (case.status, holder.fresh().status) == (Status.SUBMITTED, LicenceStatus.EXPIRED)
    case = acceptance.accept(
        public_id=case.public_id, expected_version=case.version, actor=world.actor(holder.clerk, day),
        at=world.at(day, 11),
    )  # fmt: skip
    holders.grant(holder, holders.reviewed(holder, case, day), day)
    assert (holder.fresh().status, holder.fresh().valid_from) == (LicenceStatus.VALID, day)


@database
def test_complete_by_expiry_and_accepted_afterwards_is_deemed_all_the_same(holder: Holder) -> None:
    case = _received_again(holder, date(2026, 12, 11))
    assert holders.tick_term(holder.licence, AFTER) == ""
    accepted = acceptance.accept(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(holder.clerk, AFTER),
        at=world.at(AFTER, 11),
    )  # fmt: skip
    assert (accepted.status, accepted.deemed_renewal_on) == (Status.DEEMED_RENEWED, AFTER)
    assert holder.fresh().status == LicenceStatus.VALID_DEEMED


@database
def test_silence_at_intake_across_expiry_is_deemed_twice_over(holder: Holder) -> None:
    case = _received_again(holder, date(2026, 12, 14))
    assert holders.tick_term(holder.licence, AFTER) == ""
    at = world.at(date(2026, 12, 22), 0, 1)
    assert tick(public_id=case.public_id, at=at) == "deem_accepted"
    assert tick(public_id=case.public_id, at=at) == "deem_renewed"
    assert holder.fresh().valid_from == AFTER


def _received_again(holder: Holder, day: date, noticed: date = TIMELY, expire: bool = False) -> Application:
    """A filing, noticed, and answered on a later day; `expire` lets the licence expire in between."""
    from licensing.actions import drafts
    from licensing.actions.papers import write_papers

    case = holders.filed(holder, Kind.RENEWAL, noticed)
    correction.request_correction(
        public_id=case.public_id, expected_version=world.version(case), items={"conditions.staff": "不完整"},
        actor=world.actor(holder.clerk, noticed), at=world.at(noticed, 11),
    )  # fmt: skip
    if expire:
        assert holders.tick_term(holder.licence, AFTER) == "licence_expired"
    who = world.actor(holder.applicant, day)
    conditions = {**fresh(case).draft["conditions"], "staff": "工艺员 3 人"}
    holders.save(holder, case, "conditions", conditions, day)
    drafts.sign_commitment(
        public_id=case.public_id,
        signer="周敏",
        draft_version=world.draft_version(case),
        actor=who,
        at=world.at(day),
    )
    correction.resubmit(
        public_id=case.public_id, draft_version=world.draft_version(case), actor=who, at=world.at(day, 10)
    )
    write_papers(public_id=case.public_id, at=world.at(day, 10, 1))
    return fresh(case)


@database
@pytest.mark.req("R-45")
def test_thirty_working_days_before_expiry_somebody_is_warned(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    warned = date(2026, 11, 2)
    holders.tick_case(case, date(2026, 10, 30), 9)
    assert not ClockAlarm.objects.filter(kind="expiry").exists()
    Application.objects.filter(pk=case.pk).update(next_check_at=world.at(warned, 9, 0))
    holders.tick_case(case, warned, 9, 1)
    holders.tick_case(case, warned, 9, 2)
    assert ClockAlarm.objects.filter(application=case, kind="expiry").count() == 1


@database
@pytest.mark.req("R-45")
@pytest.mark.parametrize(
    ("accepted", "told"), [(date(2026, 11, 5), date(2026, 11, 5)), (date(2026, 11, 7), date(2026, 11, 9))]
)
def test_accepted_when_the_term_is_nearly_over_the_warning_comes_at_once(
    holder: Holder, accepted: date, told: date
) -> None:
    """The thirtieth working day before expiry is past; on a Saturday it is Monday's first news."""
    case = holders.accepted(holder, Kind.RENEWAL, accepted)
    look = fresh(case).next_check_at
    assert look is not None and shanghai_date(look) == told
    tick(public_id=case.public_id, at=look)
    assert ClockAlarm.objects.filter(application=case, kind="expiry").count() == 1
    later = fresh(case).next_check_at
    assert later is not None and shanghai_date(later) > told, "told once"


@database
def test_the_clock_looks_at_the_moment_of_expiry(holder: Holder) -> None:
    """Whatever comes between, the next look is never later than 00:00 after the last day."""
    case = holders.accepted(holder, Kind.RENEWAL, date(2026, 6, 12))
    day, looks = date(2026, 6, 13), []
    while day <= AFTER:
        at = world.at(day, 0, 0) if day == AFTER else world.at(day, 12)
        looks.append(tick(public_id=case.public_id, at=at))
        day += timedelta(days=1)
    assert looks[-1] == "deem_renewed"
