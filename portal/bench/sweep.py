"""The sweep of the clocks at a million open cases: none due, and ten thousand due (DESIGN §4, DOMAIN §9)."""

import os
import sys

from portal.bench.results import Facts, Figure, Result, Table
from portal.bench.servers import PREFIX, BenchServers, run_step
from portal.embedded import processes

CASES = 1_000_000
ROUND_TRIP = "one round trip (`SELECT 1`)"
NONE_DUE = "sweep, none due"
BARE = "the same rows by bare statements"
ALL_DUE = "sweep, 10,000 due"
ABOUT = f"""
{CASES:,} open cases, filled by the loader. The task is the real one, called as the worker calls it, in a process of its
own on the application's login; the broker is there and is rung.

**None due**: one call; the floor is a round trip to the database that asks nothing.

**Ten thousand due**: 4,000 filings nobody answered (deemed acceptance and the opening of the review: two acts), 4,000
reminders and 2,000 lapses of unanswered notices. The floor writes what these acts write and nothing else: for each case
a transaction with the lock, the update, the ledger entries, the events and what they owe to each subscriber, the two
tracks, by plain statements on one connection, without asking any rule. A sweep works fifteen seconds of every twenty;
the figure is the sum of the sweeps' own time, the median of three interleaved runs.
"""


def run() -> Result:
    """Load, then measure in a child with Django set up."""
    with BenchServers(port=processes.free_port()) as servers:
        name = servers.clone(f"{PREFIX}sweep")
        env = servers.env(name)
        loaded = run_step(("-m", "portal.bench.load", "open", str(CASES)), env).strip()
        print(f"  {loaded}", flush=True)
        figures = Figure.read_all(run_step(("-m", "portal.bench.sweep"), env))
        servers.drop(name)
    idle = tuple(figure for figure in figures if figure.name in (ROUND_TRIP, NONE_DUE))
    busy = tuple(figure for figure in figures if figure not in idle)
    return Result("sweep", "Deadline sweep", ABOUT, (
        Table("None due", idle, floor=ROUND_TRIP),
        Table("Ten thousand due", busy, floor=BARE),
        _against_the_plan(next(figure for figure in busy if figure.name == ALL_DUE), loaded),
    ))  # fmt: skip


def _against_the_plan(due: Figure, loaded: str) -> Facts:
    """What the measured pace means for the deadline job of DOMAIN §9."""
    each = due.median / 10_000
    rows = (
        ("one case", f"{each * 1000:.1f} ms"),
        ("7,000 cases (DOMAIN §9: within a minute), the sweeps' own time", f"{7_000 * each:.0f} s"),
        ("7,000 cases, from the first sweep to the last act", f"{_elapsed(7_000 * each):.0f} s"),
        ("the loader", loaded),
    )
    return Facts("Against the plan", ("", ""), rows)


def _elapsed(work: float) -> float:
    """By the clock, when fifteen of every twenty seconds are worked."""
    from licensing.tasks import BUDGET_SECONDS
    from portal.celery import CLOCK_SECONDS

    full, rest = divmod(work, BUDGET_SECONDS)
    return full * CLOCK_SECONDS + rest


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401
    from portal.bench.sweep_bodies import measured

    sys.stdout.write(Figure.write_all(measured()))
