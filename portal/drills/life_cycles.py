"""`./dev drill life-cycles [EXAMPLES [STEPS]]`: the state machine of each kind, for thousands of steps."""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal.bench.paper import print_result, write_result
from portal.bench.results import Facts, Result
from portal.embedded.testing import pytest

EXAMPLES, STEPS = 60, 50
TESTS = "tests/licensing/test_life_cycles.py"
COLUMNS = (
    "",
    "examples × steps",
    "steps",
    "acts done",
    "acts refused",
    "sweeps",
    "stretches of time",
    "seconds",
)
ABOUT = """
Each kind of application as a state machine on PostgreSQL: acts by right and wrong persons in any order, some from an
old page, certificates signed in either order, and time with the sweep at work or away: to the morning of a due date,
the day before and after, to midnight after the licence's last day. A second case on the same licence goes on beside
it, and officials may end the licence ex officio.

After every step all rules of `tests/licensing/machines/invariants.py` hold: lawful evidence and competence, three
persons, nothing overdue without its warning, one certificate in force, one entry and one event for each version, due
dates counted out by hand, the renewal by law at midnight, terms without overlap, nothing after an end. An act that is
refused leaves every table as it was; a sweep that comes twice does nothing the second time.
"""


def run(arguments: Sequence[str]) -> int:
    """Play and write the page; exit 1 when a machine found something, which pytest then shows, shrunk."""
    examples, steps = (
        int(given) for given in [*arguments, *(str(d) for d in (EXAMPLES, STEPS)[len(arguments) :])]
    )
    with tempfile.TemporaryDirectory() as place:
        tally = Path(place, "tally")
        code = pytest(
            ["-m", "slow", "-q", TESTS], LIFE_CYCLES=f"{examples}x{steps}", LIFE_CYCLES_TALLY=str(tally)
        )
        if code:
            print("没有写入测量结果 / no page written: a machine found something", file=sys.stderr)
            return 1
        rows = [json.loads(line) for line in tally.read_text(encoding="utf-8").splitlines()]
    found = result(rows, examples, steps)
    print_result(found)
    print(f"\n→ {write_result(found)}")
    return 0


def result(rows: Sequence[dict[str, Any]], examples: int, steps: int) -> Result:
    """The page: one row for each kind, and their sum."""
    cells = [
        _row(row["kind"], f"{examples} × {steps}", row) for row in sorted(rows, key=lambda row: row["kind"])
    ]
    names = {name for row in rows for name in row if name != "kind"}
    total = {name: sum(row.get(name, 0) for row in rows) for name in names}
    return Result(
        name="life-cycles",
        command=f"./dev drill life-cycles {examples} {steps}",
        title="Life cycles",
        about=ABOUT,
        parts=(Facts("Nothing found", COLUMNS, (*cells, _row("all", "", total))),),
    )


def _row(name: str, size: str, tally: dict[str, Any]) -> tuple[str, ...]:
    counts = (tally.get(key, 0) for key in ("steps", "done", "refused", "sweeps", "stretches of time"))
    return (name, size, *(f"{count:,}" for count in counts), f"{tally['seconds']:,.0f}")
