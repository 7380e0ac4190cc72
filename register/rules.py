"""What the register derives from the dates of a case. Pure; nothing here is stored."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

StepState = Literal["done", "now", "todo", "stopped"]


@dataclass(frozen=True)
class CaseDates:
    """The dates of a case and its state; a date that has not come is None.

    `reviewed` and `certified`: whether its kind has a review and ends in a certificate.
    """

    status: str
    received_on: date
    accepted_on: date | None = None
    reviewed_on: date | None = None
    decided_on: date | None = None
    issued_on: date | None = None
    delivered_on: date | None = None
    closed_on: date | None = None
    reviewed: bool = True
    certified: bool = True


@dataclass(frozen=True)
class Step:
    """One station of the rail; `key` is stable, pages give it its words."""

    key: str
    state: StepState
    on: date | None = None


ENDED_EARLY = frozenset({"not_accepted", "not_required", "lapsed", "retracted", "terminated"})
_STATIONS = ("submitted", "accepted", "reviewed", "decided", "issued")
_FIRST_OPEN = {
    "submitted": 1,
    "correction_requested": 1,
    "accepted": 2,
    "under_review": 2,
    "review_completed": 3,
    "review_failed": 3,
    "decision_pending": 3,
    "granted": 4,
    "deemed_renewed": 4,
}
"""State → index of the station that is being worked on."""


def rail(case: CaseDates) -> tuple[Step, ...]:
    """Where a case stands (R-47). A case that ended early shows its end as the last station."""
    dates = (case.received_on, case.accepted_on, case.reviewed_on, case.decided_on, case.issued_on)
    if case.status in ENDED_EARLY:
        passed = [Step(key, "done", on) for key, on in zip(_STATIONS, dates, strict=True) if on is not None]
        return (*passed, Step(case.status, "stopped", case.closed_on))
    left_out = ({"reviewed"} if not case.reviewed else set()) | ({"issued"} if not case.certified else set())
    if case.decided_on is not None and case.issued_on is None and _refused(case):
        passed = [
            Step(key, "done", on)
            for key, on in zip(_STATIONS[:3], dates[:3], strict=True)
            if key not in left_out
        ]
        return (*passed, Step("refused", "stopped", case.decided_on))
    current = _FIRST_OPEN.get(case.status, len(_STATIONS))
    return tuple(
        Step(
            key,
            "done" if place < current else "now" if place == current else "todo",
            on if place < current else None,
        )
        for place, (key, on) in enumerate(zip(_STATIONS, dates, strict=True))
        if key not in left_out
    )


def _refused(case: CaseDates) -> bool:
    """A refusal that was delivered has no certificate and never will; nor has a deregistration."""
    return case.status == "refused" or (case.status == "delivered" and case.certified)
