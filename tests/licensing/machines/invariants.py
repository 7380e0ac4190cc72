"""What holds after every step, whoever did what in which order: one function for each rule, named after it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.parties.models import Duty
from core.workdays.rules import Calendar
from licensing.clock import calendar_of
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED, UNDER_CLOCK, Status
from licensing.models import Application, Decision, HeldDecision, LicenceStatus
from licensing.rules import PASSING, workdays_between
from tests.licensing.machines.facts import Facts

Invariant = Callable[[Facts], None]
ONE_DAY = timedelta(days=1)
HALF_DAY = timedelta(hours=12)
REVIEWING = frozenset(f"licensing.{act}" for act in ("record_evidence", "complete_review", "fail_review"))


def granted_on_lawful_evidence(facts: Facts) -> None:
    """R-4, DOMAIN §3.2: nothing is granted unless both tracks pass, with a basis, by who holds the duty where the
    case is decided."""
    for case in facts.cases:
        decision = getattr(case, "decision", None)
        if decision is None:
            continue
        assert decision.legal_basis and decision.decided_by_id == case.approver_id
        held = Duty.objects.filter(
            user=decision.decided_by, kind="approval", authority=case.approval_authority
        )
        assert held.exists(), "decided without competence"
        if decision.result == "granted":
            tracks = {row.track: row.outcome for row in case.evidence.all()}
            assert set(tracks) == {"onsite", "testing"}
            assert all(outcome in PASSING[track] for track, outcome in tracks.items()), tracks


def every_licence_was_given(facts: Facts) -> None:
    """R-4: a licence rests on a case that was granted, or on a renewal that the law granted."""
    for licence in facts.licences:
        case = Application.objects.get(pk=licence.application_id)
        granted = getattr(case, "decision", None) is not None and case.decision.result == "granted"
        assert granted or case.deemed_renewal_on is not None, f"{licence} rests on {case.status}"


def three_persons(facts: Facts) -> None:
    """DOMAIN §3.2: clerk, reviewer and approver of one case are three persons, none of them the applicant."""
    for case in facts.cases:
        people = [p for p in (case.clerk_id, case.reviewer_id, case.approver_id) if p is not None]
        assert len(set(people)) == len(people)
        assert facts.stage.people["applicant"].pk not in people


def a_conflict_ends_all_acts(facts: Facts) -> None:
    """DOMAIN §8: who declared a conflict of interest does nothing in the case afterwards."""
    for case in facts.cases:
        out: set[str] = set()
        for entry in facts.entries["licensing.application", str(case.public_id)]:
            assert entry.actor_code not in out, f"{entry.act} in spite of a conflict"
            if entry.act == "licensing.recuse":
                out.add(entry.actor_code)


def who_reviews_said_so(facts: Facts) -> None:
    """DOMAIN §8: results are recorded and sent up by whoever took the case in hand himself, saying that he has no
    interest in the enterprise; being given it is not enough."""
    for case in facts.cases:
        in_hand = ""
        for entry in facts.entries["licensing.application", str(case.public_id)]:
            if entry.act in ("licensing.take_review", "licensing.take_over"):
                assert entry.internal["no_conflict"]
                in_hand = entry.actor_code
            elif entry.act in ("licensing.assign_review", "licensing.hand_over"):
                in_hand = ""
            elif entry.act in REVIEWING:
                assert entry.actor_code == in_hand, f"{entry.act} by somebody who had not taken the case"


def overdue_is_told(facts: Facts) -> None:
    """R-45: past nine o'clock of a working day, an undecided case past its date has that day's warning; accepted by
    silence this night only, it has it at nine."""
    if not facts.swept:
        return
    today = shanghai_date(facts.now)
    for case in facts.cases:
        calendar = calendar_of(case)
        told = _last_nine(facts.now, calendar)
        if case.status not in UNDER_CLOCK or case.due_on is None or told.date() <= case.due_on:
            continue
        if facts.moved_at > told and not calendar.is_workday(today):
            continue
        if calendar.is_workday(today) and case.next_check_at == datetime.combine(
            today, time(9), tzinfo=SHANGHAI
        ):
            continue
        days = {workdays_between(case.due_on, day, calendar) for day in (told.date(), today)}
        steps = {row.step for row in case.alarms.all() if row.kind == "overdue" and row.due_on == case.due_on}
        assert steps & days, f"overdue since {case.due_on}, told of {steps}, now {facts.now}"


def _last_nine(now: datetime, calendar: Calendar) -> datetime:
    """The last time an office read its warnings."""
    local = now.astimezone(SHANGHAI)
    day = local.date() if local.hour >= 9 else local.date() - ONE_DAY
    while not calendar.is_workday(day):
        day -= ONE_DAY
    return datetime.combine(day, time(9), tzinfo=SHANGHAI)


def silence_has_spoken(facts: Facts) -> None:
    """K13, S6: after a sweep no filing waits past its five days, and no notice past its thirty; a limit in a year
    whose holidays are not announced accepts nothing yet (§4.3)."""
    for case in facts.cases if facts.swept else ():
        if case.status == Status.SUBMITTED:
            assert case.next_due_on is not None
            known = not calendar_of(case).is_provisional(case.next_due_on.year)
            assert not known or shanghai_date(facts.now) <= case.next_due_on
        if case.status == Status.CORRECTION_REQUESTED:
            assert shanghai_date(facts.now) <= case.correction.lapses_after


def the_law_renews_at_midnight(facts: Facts) -> None:
    """K21: after a sweep no accepted timely renewal is undecided past its term; deemed, it dates from the day after,
    as of 00:00, and nobody refuses it."""
    for case in facts.cases:
        if case.kind != Kind.RENEWAL or case.term_ends_on is None:
            continue
        if facts.swept and case.status in UNDER_CLOCK and _timely(case):
            assert shanghai_date(facts.now) <= case.term_ends_on, "past its term and not renewed"
        decision = getattr(case, "decision", None)
        assert decision is None or not _timely(case) or decision.decided_on <= case.term_ends_on, (
            "decided too late"
        )
        if case.deemed_renewal_on is None:
            continue
        assert case.deemed_renewal_on == case.decided_on == case.term_ends_on + ONE_DAY
        entries = facts.entries["licensing.application", str(case.public_id)]
        deemed = next(row for row in entries if row.act == "licensing.deem_renewed")
        assert deemed.effective_at == datetime.combine(case.deemed_renewal_on, time(), tzinfo=SHANGHAI)
        assert decision is None


def _timely(case: Application) -> bool:
    """Received six months before expiry, and complete by expiry; read from the case, not asked of the code."""
    assert (
        case.first_received_at is not None and case.received_at is not None and case.term_ends_on is not None
    )
    months_before = date(2026, 6, 14)
    first, last = shanghai_date(case.first_received_at), shanghai_date(case.received_at)
    return first <= months_before and last <= case.term_ends_on


def one_active_certificate(facts: Facts) -> None:
    """R-50: of a licence at most one certificate is in force, the newest issued; what was ordered last exists."""
    for licence in facts.licences:
        rows = facts.certificates[licence.number]
        issued = [row for row in rows if row.status == "issued"]
        active = [row for row in issued if row.superseded_at is None]
        assert active == issued[-1:]
        assert rows[-1].licence_version == licence.certificate_version


def none_for_an_ended_licence(facts: Facts) -> None:
    """DOMAIN §3.7: no certificate is ordered for a licence that has ended."""
    for licence in facts.licences:
        entries = facts.entries["licensing.licence", licence.number]
        for ended in (row for row in entries if row.act == "licensing.licence_deregistered"):
            late = [c for c in facts.certificates[licence.number] if c.requested_at > ended.effective_at]
            assert not late, "ordered after the end"


def versions_are_entries(facts: Facts) -> None:
    """DESIGN §3: every version of a case, a licence, a task has its one entry, without a gap."""
    rows = [("licensing.application", str(case.public_id), case.version) for case in facts.cases]
    rows += [("licensing.licence", licence.number, licence.version) for licence in facts.licences]
    rows += [("licensing.deregistration", str(task.public_id), task.version) for task in facts.tasks]
    for kind, key, version in rows:
        found = [entry.subject_version for entry in facts.entries[kind, key]]
        assert found == list(range(1, version + 1)), f"{kind} at {version} has {found}"


def every_act_is_told(facts: Facts) -> None:
    """DESIGN §2: each entry has its event."""
    for (kind, key), entries in facts.entries.items():
        for entry in entries:
            assert (entry.act, kind, key, entry.subject_version) in facts.events, entry.act


def due_dates_follow_from_events(facts: Facts) -> None:
    """K1, K5–K11, K16: the date is a working day, counted out by hand; a pause never shortens it; an extension adds
    at most ten days and does not pass the statutory date."""
    for case in facts.cases:
        calendar = calendar_of(case)
        for day in (case.due_on, case.statutory_due_on, case.next_due_on):
            assert day is None or calendar.is_workday(day), f"{day} is no working day"
        if case.accepted_on is None or case.due_on is None or case.status not in UNDER_CLOCK:
            continue
        spans = [(row.counts_from, row.ended_on or date.max) for row in case.pauses.all()]
        bare = _counted(case.accepted_on, case.target_days, [], calendar)
        due = _counted(case.accepted_on, case.target_days, spans, calendar)
        assert bare <= due
        if any(row.result == "granted" for row in case.extensions.all()):
            assert due <= case.due_on <= max(due, case.statutory_due_on or date.max)
            assert workdays_between(due, case.due_on, calendar) <= 10 or case.pauses.exists()
        else:
            assert case.due_on == due, f"{case.due_on} stands, {due} follows"


def _counted(start: date, days: int, spans: list[tuple[date, date]], calendar: Calendar) -> date:
    """Day by day, as one would on paper; a pause that is still open and reaches the date lasts no longer than told."""
    day = start
    while days and day < date(2030, 1, 1):
        day += ONE_DAY
        stopped = any(begun < day <= ended for begun, ended in spans)
        days -= not stopped and calendar.is_workday(day)
    return day


def the_clock_rests_when_decided(facts: Facts) -> None:
    """K3, §4.4: decided or closed, nothing is due and nothing is paused; while paused the date is unknown."""
    for case in facts.cases:
        open_pause = any(row.ended_on is None for row in case.pauses.all())
        if case.status not in UNDECIDED:
            assert case.next_due_on is None and not open_pause and not case.paused, case.status
        assert not case.paused or (open_pause and case.due_on is None)


def words_agree(facts: Facts) -> None:
    """DOMAIN §3.3, §3.7: an ended licence has no open case; renewed by law, its case says so; expired, its task
    stands open; after a sweep none runs past its term but while the law may renew it. A running licence has a
    next look, an expired one beside a renewal that came late, and once more after it."""
    for licence in facts.licences:
        cases = facts.on(licence)
        undecided = [case for case in cases if case.status in UNDECIDED]
        if licence.deregistered_on is not None:
            assert not undecided and not licence.is_running and licence.next_check_at is None
        if licence.status == LicenceStatus.VALID_DEEMED:
            assert any(case.status == Status.DEEMED_RENEWED for case in cases)
        open_tasks = [task for task in facts.tasks if task.licence_id == licence.pk and not task.result]
        if licence.status == LicenceStatus.EXPIRED and licence.deregistered_on is None:
            assert [task.ground for task in open_tasks] == ["expired"]
        if facts.swept and licence.is_running and shanghai_date(facts.now) > licence.valid_until:
            assert licence.next_check_at is not None and licence.next_check_at <= facts.now + HALF_DAY
        renewing = any(case.kind == Kind.RENEWAL for case in undecided)
        may_wait = licence.status == LicenceStatus.EXPIRED and licence.deregistered_on is None
        assert licence.is_running or may_wait or licence.next_check_at is None
        if facts.swept and may_wait and not renewing:
            assert licence.next_check_at is None or licence.next_check_at > facts.now
        assert licence.next_check_at is not None or not licence.is_running


def a_held_decision_has_decided_nothing(facts: Facts) -> None:
    """DOMAIN §3.2: while it is held the case awaits its decision; after a sweep none waits past its moment."""
    for held in HeldDecision.objects.select_related("application"):
        assert held.application.status == Status.DECISION_PENDING
        assert not Decision.objects.filter(application=held.application).exists()
        assert not facts.swept or held.effective_at > facts.now


def terms_are_ordered(facts: Facts) -> None:
    """DOMAIN §3.3 Dates: a term begins before it ends, and a gap lies before the term that follows it."""
    for licence in facts.licences:
        assert licence.valid_from <= licence.term_start < licence.valid_until
        for gap in licence.gaps.all():
            assert gap.gap_from <= gap.gap_to < licence.term_start


INVARIANTS: tuple[Invariant, ...] = (
    granted_on_lawful_evidence, every_licence_was_given, three_persons, a_conflict_ends_all_acts,
    who_reviews_said_so, overdue_is_told,
    silence_has_spoken, the_law_renews_at_midnight, one_active_certificate, none_for_an_ended_licence,
    versions_are_entries, every_act_is_told, due_dates_follow_from_events, the_clock_rests_when_decided, words_agree,
    terms_are_ordered, a_held_decision_has_decided_nothing,
)  # fmt: skip
