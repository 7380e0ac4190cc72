"""`./dev drill outage`: the clock's sweep stays away for three days; what is missed, doubled or misdated? (R-45)"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.bench.paper import print_result, write_result
from portal.bench.results import Facts, Result
from portal.bench.servers import PREFIX, BenchServers, run_step
from portal.embedded import processes

SHANGHAI = ZoneInfo("Asia/Shanghai")
AWAY = timedelta(days=3)
COPIES = 4
OUTAGES: dict[str, datetime] = {
    "in the middle of a week": datetime(2026, 11, 9, 23, 59, 15, tzinfo=SHANGHAI),
    "over a weekend": datetime(2026, 11, 13, 23, 59, 15, tzinfo=SHANGHAI),
}
"""When the last sweep before each outage ran: 45 seconds before a midnight, and so is the first one after it."""
STEPS = (
    ("manage.py", "migrate", "--no-input", "-v", "0"),
    ("manage.py", "load_reference"),
    ("manage.py", "create_world", "--simulated"),
)
COLUMNS = (
    "", "hourly sweep", "three days away", "missed", "doubled", "misdated",
)  # fmt: skip
ABOUT = f"""
Nothing swept the clocks for three days. Then two workers swept at once, one with a clock 90 seconds ahead, each
handed the same sweep five times, 45 seconds before a midnight, so that the one ahead was in the next day already.
After that the sweep ran every hour until ten in the morning. Beside it the same database without the outage: the
same cases, a sweep every full hour, undone afterwards. Time is given to each sweep as a value; nothing sleeps.

The cases are made by the acts themselves: filings nobody answers, unanswered notices, undecided cases at every
desk with ten days left to long past the statutory date, procedures that take longer than was told, certificates
that do not come, and closed ones of which nothing is to be heard; licences whose term ends, with and without a
renewal in time, a late one, or a change under way; {COPIES} of each.

A consequence the law attaches to a date (deemed acceptance, lapse, renewal by law, expiry and what ends with it) has to
come exactly once and to carry the same moment as without the outage. A reminder or warning tells how things stand:
what holds at the return has to be said exactly once, what was slept through must not be said any more, nothing may be
said before its day or be backdated.
In the end every case has to stand as it would have stood, down to its next look.
"""
NOTE = (
    "Fewer warnings after the outage than without it: those of the days slept through are not made up for."
    " At the return one worker did {0} acts and the other {1}."
)


def run(arguments: Sequence[str]) -> int:
    """Each outage in a database of its own; exit 1 when anything is missed, doubled, misdated or stands differently."""
    del arguments
    found = {}
    with BenchServers(port=processes.free_port()) as servers:
        for title, gone in OUTAGES.items():
            name = servers.database(f"{PREFIX}outage")
            env = servers.env(name)
            for step in STEPS:
                run_step(step, env)
            print(f"  away {title} …", flush=True)
            found[title] = json.loads(
                run_step(("-m", "portal.drills.outage", gone.isoformat()), env).splitlines()[-1]
            )
            servers.drop(name)
    written = result(found)
    print_result(written)
    path = write_result(written)
    totals = {kind: sum(one[kind] for one in found.values()) for kind in ("missed", "doubled", "misdated")}
    wrong = [row for one in found.values() for row in one["wrong"]]
    print("", *wrong, *(f"{kind} = {count}" for kind, count in totals.items()), f"→ {path}", sep="\n")
    return 1 if wrong else 0


def result(found: dict[str, dict[str, Any]]) -> Result:
    """The page of what the children found."""
    parts = [
        Facts(f"Away {title}: {one['cases']} cases", COLUMNS, (*map(_line, one["lines"]), _totals(one)),
              NOTE.format(*one["shares"]))
        for title, one in found.items()
    ]  # fmt: skip
    return Result("outage", "Three days without the clock", ABOUT, tuple(parts), command="./dev drill outage")


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    wrong = (str(len(row["findings"][kind])) for kind in ("missed", "doubled", "misdated"))
    return (row["name"], str(row["control"]), str(row["outage"]), *wrong)


def _totals(one: dict[str, Any]) -> tuple[str, ...]:
    stray = f"**together**; cases that stand differently in the end: {len(one['strayed'])}"
    counts = (sum(row[name] for row in one["lines"]) for name in ("control", "outage"))
    return (stray, *map(str, counts), *(f"**{one[kind]}**" for kind in ("missed", "doubled", "misdated")))


def child(gone: datetime) -> dict[str, Any]:
    """The exercise in this environment's database."""
    from portal.drills.exercise import Outage, exercise
    from portal.drills.outage_world import build

    cases = build(gone, copies=COPIES)
    told = exercise(Outage(gone, gone + AWAY))
    counts = {"missed": told.missed, "doubled": told.doubled, "misdated": told.misdated}
    return {**asdict(told), **counts, "wrong": told.wrong, "cases": cases}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401

    sys.stdout.write(json.dumps(child(datetime.fromisoformat(sys.argv[1]))))
