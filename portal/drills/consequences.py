"""What time brings about, how to see that it did, and whether an outage changed anything of it (R-45).

`CONSEQUENCES` is the one list: a consequence added to it is looked for in both worlds of the drill, and a case that
meets it is added to `portal.drills.outage_world.SCENES`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.outbox.models import Event
from licensing.alarms import SOUNDED
from licensing.models import Application, ClockAlarm


@dataclass(frozen=True)
class Mark:
    """A moment in the record: what has a higher number was written later."""

    entry: int
    event: int

    @classmethod
    def now(cls) -> "Mark":
        last = [model.objects.aggregate(last=Max("id"))["last"] or 0 for model in (LedgerEntry, Event)]
        return cls(*last)


@dataclass(frozen=True)
class Happened:
    """One consequence on one case: `what` tells the steps of one series apart, `at` is the moment it carries."""

    case: str
    what: str
    at: datetime


Reader = Callable[[Mark], Iterable[Happened]]


@dataclass(frozen=True)
class Consequence:
    """One thing that time brings about.

    `made_up`: the law attaches it to a date, so that it comes however late somebody looks, and carries that date. Else
    it only tells how things stand: of a series slept through, what holds at the return is said, and nothing else.
    `moot_after` names the consequence after which there is nothing left to say of a case.
    """

    name: str
    read: Reader
    made_up: bool
    moot_after: str = ""


def by_law(act: str) -> Reader:
    """Acts of the system that the ledger dates by the law, such as a lapse."""

    def read(mark: Mark) -> Iterable[Happened]:
        rows = LedgerEntry.objects.filter(act=f"licensing.{act}", id__gt=mark.entry)
        return [Happened(row.subject_id, f"{act} ({row.dating})", row.effective_at) for row in rows]

    return read


def noted(act: str) -> Reader:
    """Acts of the system that only remind."""

    def read(mark: Mark) -> Iterable[Happened]:
        rows = LedgerEntry.objects.filter(act=f"licensing.{act}", id__gt=mark.entry)
        return [Happened(row.subject_id, act, row.effective_at) for row in rows]

    return read


def warned(*kinds: str) -> Reader:
    """Warnings as they were sounded: by their events, so that one sounded twice is seen twice."""

    def read(mark: Mark) -> Iterable[Happened]:
        heard = list(
            Event.objects.filter(type=SOUNDED, id__gt=mark.event).values_list("subject_id", flat=True)
        )
        rows = ClockAlarm.objects.filter(pk__in=set(heard), kind__in=kinds).select_related("application")
        by_id = {str(row.pk): row for row in rows}
        for row in (by_id[key] for key in heard if key in by_id):
            what = f"{row.kind} {row.step} of {row.due_on}"
            yield Happened(str(row.application.public_id), what, row.raised_at)

    return read


LAPSE = "lapse of an unanswered notice (S6)"
DEEMED = "renewal deemed granted (K21)"
CONSEQUENCES: tuple[Consequence, ...] = (
    Consequence("deemed acceptance (K13)", by_law("deem_accepted"), made_up=True),
    Consequence(LAPSE, by_law("lapse"), made_up=True),
    Consequence("reminder of a notice (S6)", noted("correction_reminder"), made_up=False, moot_after=LAPSE),
    Consequence(
        "days left and overdue, to the desk", warned("left", "overdue"), made_up=False, moot_after=DEEMED
    ),
    Consequence("overdue, to the head", warned("head"), made_up=False, moot_after=DEEMED),
    Consequence(
        "statutory date past, to the superior (K12)", warned("superior"), made_up=False, moot_after=DEEMED
    ),
    Consequence("procedure longer than told (K7)", warned("overrun"), made_up=False),
    Consequence("certificate late (S15)", warned("delivery"), made_up=False),
    Consequence(DEEMED, by_law("deem_renewed"), made_up=True),
    Consequence("renewal granted by law, to the head (K21)", warned("by_law"), made_up=False),
    Consequence("renewal undecided near expiry", warned("expiry"), made_up=False, moot_after=DEEMED),
    Consequence("licence expired", by_law("licence_expired"), made_up=True),
    Consequence("case ends with its licence", by_law("terminate"), made_up=True),
)
"""Add a consequence here, and a case that meets it to `SCENES`; the drill and its test do the rest."""

STATE = (
    "status", "accepted_on", "deemed_accepted", "due_on", "statutory_due_on", "next_due_on", "closed_on",
    "next_check_at",
)  # fmt: skip


@dataclass(frozen=True)
class Observed:
    """A world after its sweeps: what happened, by consequence, and how each case stands."""

    happened: dict[str, list[Happened]]
    cases: dict[str, tuple[Any, ...]]


def observe(mark: Mark) -> Observed:
    """Everything since the mark."""
    rows = Application.objects.values_list("public_id", *STATE)
    return Observed(
        {row.name: sorted(row.read(mark), key=lambda one: (one.at, one.what)) for row in CONSEQUENCES},
        {str(public_id): tuple(state) for public_id, *state in rows},
    )


@dataclass
class Findings:
    """What an outage did to one consequence, in words; all empty is how it has to be."""

    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misdated: list[str] = field(default_factory=list)


def compare(
    consequence: Consequence, control: Sequence[Happened], outage: Sequence[Happened], *, back: datetime,
    moot: Collection[str] = (),
) -> Findings:  # fmt: skip
    """Hold the world that slept against the one that did not; nothing more is owed to cases that are `moot`."""
    found, due, done = Findings(), _by_case(control), _by_case(outage)
    for case in sorted({*due, *done}):
        expected, got = due.get(case, []), done.get(case, [])
        said = Counter(one.what for one in got)
        found.doubled += [f"{case}: {what} × {count}" for what, count in said.items() if count > 1]
        if expected and expected[-1].what not in said and case not in moot:
            found.missed.append(f"{case}: {expected[-1].what}")
        right = {one.what: one.at for one in expected}
        for one in got:
            if not _dated_rightly(consequence, one, right.get(one.what), back):
                found.misdated.append(f"{case}: {one.what} at {one.at}, not {right.get(one.what)}")
    return found


def _by_case(rows: Sequence[Happened]) -> dict[str, list[Happened]]:
    found: dict[str, list[Happened]] = defaultdict(list)
    for row in rows:
        found[row.case].append(row)
    return found


def _dated_rightly(consequence: Consequence, one: Happened, right: datetime | None, back: datetime) -> bool:
    """By the law: to the second as in the other world. Else as it was said: after the return, on no earlier day."""
    if right is None:
        return False
    if consequence.made_up:
        return one.at == right
    return one.at >= back and shanghai_date(one.at) >= shanghai_date(right)


def strayed(control: Observed, outage: Observed) -> list[str]:
    """Cases that stand differently in the end."""
    return [
        f"{case}: {dict(zip(STATE, outage.cases[case], strict=True))}, not {dict(zip(STATE, state, strict=True))}"
        for case, state in control.cases.items()
        if outage.cases[case] != state
    ]
