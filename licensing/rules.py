"""The law of an application as pure functions: values in, verdicts with their clause out (DOMAIN §3)."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from core.lifecycle.law import Clause


@dataclass(frozen=True)
class Check:
    """One line of "the rules have checked": a stable code, the finding, its clause, and the facts it rests on.

    `pending`: not so yet, and nobody has to do anything: what is missing is being made by the portal.
    """

    code: str
    ok: bool
    clause: Clause
    facts: Mapping[str, str]
    pending: bool = False

    def as_json(self) -> dict[str, object]:
        """As it is kept with a decision that rests on it alone (R-85)."""
        return {"code": self.code, "ok": self.ok, "clause": self.clause.as_json(), "facts": dict(self.facts)}


@dataclass(frozen=True)
class Term:
    """Dates of a licence (DOMAIN §3.3 "Dates")."""

    valid_from: date
    term_start: date
    valid_until: date


def licence_term(decided_on: date, years: int) -> Term:
    """A new licence runs from its decision to the day before the anniversary; no such anniversary, to month end.

    2015-09-16 + 5 years ⇒ until 2020-09-15; 2016-02-29 + 5 years ⇒ until 2021-02-28.
    """
    year = decided_on.year + years
    if decided_on.day > calendar.monthrange(year, decided_on.month)[1]:
        until = date(year, decided_on.month, calendar.monthrange(year, decided_on.month)[1])
    else:
        until = decided_on.replace(year=year) - timedelta(days=1)
    return Term(decided_on, decided_on, until)


ReviewState = Literal["open", "passed", "failed"]
PASSING: Mapping[str, frozenset[str]] = {
    "onsite": frozenset({"passed", "exempt", "not_applicable"}),
    "testing": frozenset({"passed", "exempt", "adopted", "not_applicable"}),
}


def review_state(outcomes: Mapping[str, str]) -> ReviewState:
    """Both tracks passing ends the review well; any failed track fails it (DOMAIN §3.2 guard)."""
    if "failed" in outcomes.values():
        return "failed"
    if all(outcomes.get(track) in passing for track, passing in PASSING.items()):
        return "passed"
    return "open"


def testing_may_follow(outcomes: Mapping[str, str], *, early: bool) -> bool:
    """A test follows a passed visit (L2 art. 19), or comes first, but never after a failed one, where it is `early`:
    the enterprise has chosen so, as it may for national products and where the province follows (R-39, R-41)."""
    onsite = outcomes.get("onsite", "")
    return onsite in PASSING["onsite"] or (early and onsite != "failed")


def duties_apart(*, actor_id: int, others: Mapping[str, int | None]) -> str | None:
    """Clerk, reviewer and approver of one case are three persons (DOMAIN §3.2); names the duty already done."""
    return next((duty for duty, person in others.items() if person == actor_id), None)


def missing_sections(done: Mapping[str, bool], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Sections of the form that still want something, in their order."""
    return tuple(section for section in wanted if not done.get(section))


def missing_documents(present: frozenset[str], required: tuple[str, ...]) -> tuple[str, ...]:
    """Documents of the set not there yet (R-29)."""
    return tuple(slot for slot in required if slot not in present)


def counts_from(*, accepted_on: date, started_on: date, told_on: date) -> date:
    """The first day that a procedure takes out of the limit follows this one (K10): the case accepted (K22), the
    procedure begun (K5, K6), the applicant told in writing (K7), whichever came last."""
    return max(accepted_on, started_on, told_on)


WARNINGS = (10, 5, 2, 0)
"""Working days left at which somebody is warned (R-45)."""


class Workdays(Protocol):
    """What the warnings ask of a calendar."""

    def is_workday(self, day: date) -> bool: ...


@dataclass(frozen=True)
class Alarm:
    """A warning: `left` (step: working days left at most), `overdue` (step: working days since), or raised to the
    `head` of the authority or the `superior` authority (step 0). It concerns one due date."""

    kind: str
    step: int
    due_on: date


def alarm_kept(
    *,
    was: date | None,
    was_provisional: bool,
    was_alarm: date | None,
    now: date | None,
    now_provisional: bool,
) -> date | None:
    """The date officials are still warned by when a calendar moved the due date from `was` to `now`; None for `now`.

    The earlier of a provisional date and the definite one (DOMAIN §4.3(3)): whoever planned by the first keeps to it.
    A later change of the calendar leaves it where it is, as long as it is the earlier one.
    """
    if now is None:
        return None
    early = was if was_provisional and not now_provisional else was_alarm
    return early if early is not None and early < now else None


def alarms(
    *, today: date, due_on: date, statutory_on: date | None, calendar: Workdays, warn_on: date | None = None
) -> tuple[Alarm, ...]:
    """What holds today. Every working day when overdue; the head hears of it, and the superior authority once the
    earlier statutory date is past (R-45, K12); a procedure begun after the due date leaves that one alone unknown.
    A day somebody slept through is not made up for. Days left are counted to `warn_on` where that is earlier; overdue
    is only what is past `due_on` (DOMAIN §4.3(3))."""
    found, warn_on = [], warn_on or due_on
    if today > due_on:
        found += [
            Alarm("overdue", workdays_between(due_on, today, calendar), due_on),
            Alarm("head", 0, due_on),
        ]
    else:
        left = workdays_between(today, warn_on, calendar)
        found += [Alarm("left", step, warn_on) for step in WARNINGS[::-1] if left <= step][:1]
    if statutory_on is not None and today > statutory_on:
        found.append(Alarm("superior", 0, statutory_on))
    return tuple(found)


def next_alarm_on(
    *, today: date, due_on: date, statutory_on: date | None, calendar: Workdays, warn_on: date | None = None
) -> date:
    """The first working day after `today` on which there is something new to say.

    A `warn_on` that was a working day when it was computed may be none any more: the one before it counts.
    """
    if today >= due_on:
        return workday_after(today, calendar)
    last = last_workday(warn_on or due_on, calendar)
    days = [day for step in WARNINGS if (day := workday_before(last, step, calendar)) > today]
    ends = [due_on] if statutory_on is None else [due_on, max(statutory_on, today)]
    return min(days + [workday_after(end, calendar) for end in ends])


OVERRUN_RAISED = 5
"""Working days after its expected end at which the head hears of a procedure that is still under way."""


def workdays_between(start: date, end: date, calendar: Workdays) -> int:
    """Working days in `(start, end]`."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(calendar.is_workday(day) for day in days)


def workday_before(day: date, number: int, calendar: Workdays) -> date:
    """The working day so many working days before `day`, which is one itself."""
    while number:
        day -= timedelta(days=1)
        number -= calendar.is_workday(day)
    return day


def last_workday(day: date, calendar: Workdays) -> date:
    """The day itself if it is a working day, else the last one before it."""
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day


def workday_after(day: date, calendar: Workdays) -> date:
    """The first working day after `day`."""
    day += timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day
