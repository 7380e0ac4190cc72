"""The exercise: the clock's sweep stays away for three days and comes back twice over, beside a world where it did not.

Time is a value here: every sweep is told what time it is, and nothing sleeps.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, transaction

from licensing.tasks import sweep, sweep_terms
from portal.drills.consequences import CONSEQUENCES, Findings, Mark, Observed, compare, observe, strayed

HOUR = timedelta(hours=1)
SKEW = timedelta(seconds=90)
"""How far the second worker's clock is ahead."""
DELIVERIES = 5
"""How often each worker is handed the same sweep."""
LATER = timedelta(hours=10)
"""How long life goes on after the return: past nine o'clock, when an office reads its warnings."""


@dataclass(frozen=True)
class Outage:
    """From the last sweep to the first one after it."""

    gone: datetime
    back: datetime

    @property
    def end(self) -> datetime:
        return self.back + LATER

    def hours(self, after: datetime) -> Iterator[datetime]:
        """Every full hour after a moment, to the end of the exercise."""
        at = after.replace(minute=0, second=0, microsecond=0) + HOUR
        while at <= self.end:
            yield at
            at += HOUR


@dataclass(frozen=True)
class Line:
    """One consequence in the report: how often in the world that never slept, how often here, and what is wrong."""

    name: str
    control: int
    outage: int
    findings: Findings


@dataclass(frozen=True)
class Report:
    """All consequences, the cases that stand differently in the end, and the acts of each worker at the return."""

    lines: tuple[Line, ...]
    strayed: tuple[str, ...]
    shares: tuple[int, ...]

    @property
    def missed(self) -> int:
        return sum(len(line.findings.missed) for line in self.lines)

    @property
    def doubled(self) -> int:
        return sum(len(line.findings.doubled) for line in self.lines)

    @property
    def misdated(self) -> int:
        return sum(len(line.findings.misdated) for line in self.lines)

    @property
    def wrong(self) -> list[str]:
        """Every finding in words."""
        found = list(self.strayed)
        for line in self.lines:
            for kind, rows in vars(line.findings).items():
                found += [f"{line.name}, {kind}: {row}" for row in rows]
        return found


def settle(at: datetime) -> None:
    """Sweep at a moment until nothing is due."""
    while sweep_both(at):
        pass


def sweep_both(at: datetime) -> int:
    """Cases, then the terms of licences; returns how many acts were done."""
    return sweep(lambda: at) + sweep_terms(lambda: at)


def exercise(outage: Outage) -> Report:
    """Both worlds from the same state of this database; the one that never slept is undone before the other."""
    settle(outage.gone)
    mark = Mark.now()
    with undone():
        for at in outage.hours(outage.gone):
            settle(at)
        control = observe(mark)
    shares = come_back(outage)
    for at in outage.hours(outage.back + SKEW):
        settle(at)
    return report(control, observe(mark), outage, shares)


@contextmanager
def undone() -> Iterator[None]:
    """Everything written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def come_back(outage: Outage) -> tuple[int, ...]:
    """Two workers at once, one with a clock ahead, each handed the same sweep again and again; the acts of each."""
    ready, failed = threading.Barrier(2), []
    done: dict[datetime, int] = {}

    def work(at: datetime) -> None:
        try:
            ready.wait(timeout=60)
            done[at] = sum(sweep_both(at) for _delivery in range(DELIVERIES))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=[at]) for at in (outage.back, outage.back + SKEW)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]
    return tuple(done[at] for at in sorted(done))


def report(control: Observed, slept: Observed, outage: Outage, shares: tuple[int, ...]) -> Report:
    """Line by line."""
    lines = []
    for row in CONSEQUENCES:
        right, got = control.happened[row.name], slept.happened[row.name]
        moot = {one.case for one in control.happened.get(row.moot_after, ())}
        findings = compare(row, right, got, back=outage.back, moot=moot)
        lines.append(Line(row.name, len(right), len(got), findings))
    return Report(tuple(lines), tuple(strayed(control, slept)), shares)
