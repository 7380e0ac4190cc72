"""Runs the named benches, prints each figure with its ratio to the floor, and writes it down."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from portal.bench.paper import print_result, write_result
from portal.bench.results import Figure, Result

RUNS = 5
BENCHES: dict[str, str] = {
    "register": "portal.bench.register",
    "work-list": "portal.bench.work_list",
    "sweep": "portal.bench.sweep",
    "certificate": "portal.bench.certificate",
    "pages": "portal.bench.pages",
    "demo-reset": "portal.bench.demo_reset",
    "image": "portal.bench.image",
    "uploads": "portal.bench.uploads",
    "straight-through": "portal.bench.straight_through",
    "imports": "portal.bench.imports",
}
"""By name, the module with `run() -> Result`."""


def interleave(bodies: Mapping[str, Callable[[], float]], *, unit: str, runs: int = RUNS) -> list[Figure]:
    """Measure every body once per round, so that a change of the machine's mood hits all of them alike."""
    measured: dict[str, list[float]] = {name: [] for name in bodies}
    for _round in range(runs):
        for name, body in bodies.items():
            measured[name].append(body())
    return [Figure(name, unit, tuple(values)) for name, values in measured.items()]


def bench(arguments: Sequence[str]) -> int:
    """`./dev bench` runs all, `./dev bench NAME` one. Each result is printed and written to `docs/measurements/`."""
    unknown = [name for name in arguments if name not in BENCHES]
    if unknown:
        print(f"未知的测量 / unknown: {' '.join(unknown)}; {' '.join(BENCHES)}", file=sys.stderr)
        return 2
    began = time.monotonic()
    for name in arguments or BENCHES:
        print(f"\n── {name}", flush=True)
        found: Result = import_module(BENCHES[name]).run()
        print_result(found)
        write_result(found)
    print(f"\n{len(arguments or BENCHES)} measured in {(time.monotonic() - began) / 60:.1f} min")
    return 0
