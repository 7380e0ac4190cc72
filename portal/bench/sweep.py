"""The sweep of the clocks at a million open cases: none due, and ten thousand due (DESIGN §4, DOMAIN §9)."""

import os
import sys
from collections.abc import Sequence

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
    return result(figures, loaded)


def result(figures: Sequence[Figure], loaded: str) -> Result:
    """The page of what the child measured and the loader said."""
    by_name = {figure.name: figure for figure in figures}
    plan = tuple(figure for figure in figures if figure.name not in (ROUND_TRIP, NONE_DUE, BARE, ALL_DUE))
    return Result("sweep", "Deadline sweep", ABOUT, (
        Table("None due", (by_name[ROUND_TRIP], by_name[NONE_DUE]), floor=ROUND_TRIP),
        Table("Ten thousand due", (by_name[BARE], by_name[ALL_DUE]), floor=BARE),
        Table("Against the plan: 7,000 cases within a minute (DOMAIN §9)", plan),
        Facts("The loader", ("", ""), (("open cases", loaded),)),
    ))  # fmt: skip


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401
    from portal.bench.sweep_bodies import measured

    sys.stdout.write(Figure.write_all(measured()))
