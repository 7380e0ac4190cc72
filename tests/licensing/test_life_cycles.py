"""Each kind of application as a state machine on PostgreSQL: right and wrong persons, any order, time and the sweep.

A few examples in the fast tier, more in the slow tier, both the same ones every time, so that a build is red for a
reason of its own. `./dev drill life-cycles` plays new ones for thousands of steps: `LIFE_CYCLES` says how many
examples of how many steps, `LIFE_CYCLES_TALLY` where to note what was done.
"""

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.licensing.machines.kinds import MACHINES
from tests.licensing.machines.stage import Stage

pytestmark = pytest.mark.django_db
UNHURRIED = settings(
    deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck),
    stateful_step_count=25,
)  # fmt: skip
DRILL = os.environ.get("LIFE_CYCLES", "")
EXAMPLES, STEPS = (int(part) for part in (DRILL or "5x30").split("x"))


def play(name: str, how: settings) -> None:
    """All examples of one kind on one stage; what was done is noted where the drill wants it."""
    machine, began = MACHINES[name], time.monotonic()
    machine.tally = Counter()
    stage = Stage(machine.kind, machine.day)
    run_state_machine_as_test(lambda: machine(stage), settings=how)
    if note := os.environ.get("LIFE_CYCLES_TALLY"):
        row = {"kind": name, "seconds": time.monotonic() - began, **machine.tally}
        with Path(note).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


@pytest.mark.req("R-4", "R-45", "R-50", "K16", "K21")
@pytest.mark.parametrize("name", MACHINES)
def test_whatever_happens_the_rules_hold(name: str) -> None:
    play(name, settings(UNHURRIED, max_examples=3, derandomize=True))


@pytest.mark.slow
@pytest.mark.req("R-4", "R-45", "R-50", "K16", "K21")
@pytest.mark.parametrize("name", MACHINES)
def test_whatever_happens_at_length_the_rules_hold(name: str) -> None:
    at_length = settings(UNHURRIED, max_examples=EXAMPLES, stateful_step_count=STEPS)
    play(name, settings(at_length, derandomize=not DRILL))
