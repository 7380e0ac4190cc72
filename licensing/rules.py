"""The law of a new application as pure functions: values in, verdicts with their clause out (DOMAIN §3)."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.lifecycle.law import Clause

SECTIONS = ("enterprise", "product", "sites", "conditions", "business_licence", "commitment")


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


def testing_may_follow(outcomes: Mapping[str, str], *, national: bool) -> bool:
    """A test follows a passed visit (L2 art. 19); for national products it may also come before (R-39), never after a
    failed one."""
    onsite = outcomes.get("onsite", "")
    return onsite in PASSING["onsite"] or (national and onsite != "failed")


def duties_apart(*, actor_id: int, others: Mapping[str, int | None]) -> str | None:
    """Clerk, reviewer and approver of one case are three persons (DOMAIN §3.2); names the duty already done."""
    return next((duty for duty, person in others.items() if person == actor_id), None)


def missing_sections(done: Mapping[str, bool]) -> tuple[str, ...]:
    """Sections of the form that still want something, in their order."""
    return tuple(section for section in SECTIONS if not done.get(section))


def missing_documents(present: frozenset[str], required: tuple[str, ...]) -> tuple[str, ...]:
    """Documents of the set not there yet (R-29)."""
    return tuple(slot for slot in required if slot not in present)
