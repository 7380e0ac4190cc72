"""Seconds from the last evidence of an honest renewal to its certificate in the enterprise's inbox (R-25, R-85)."""

import os
import statistics
import sys
from collections.abc import Sequence

from portal.bench.results import Facts, Figure, Result, Table
from portal.bench.servers import PREFIX, BenchServers, run_step
from portal.embedded import processes
from portal.embedded.supervisor import Supervisor

CASES = 500
PROMISED = 60
FLOOR = "one event through the queue"
WHOLE = "last evidence to certificate in the inbox"
ABOUT = f"""
{CASES} renewals without major change in a province with the pilot and a standing order, filed and accepted by the acts
themselves, each waiting for its test report. Web server, both workers and beat run as in an installation. For one case
after the other the reviewer's report is recorded, and the clock runs until the applicant has the message that the
signed certificate can be fetched: rules weighed, decision under the order, licence renewed, certificate set, sealed,
signed and verified, two entries in the log, message written. No person touches it in between. The floor is old news of
a case, which a worker answers without doing anything. Promised: within {PROMISED} seconds.
"""


def run() -> Result:
    """Prepare with the workers at rest, deliver all that is owed, then measure with them at work."""
    port = processes.free_port()
    with BenchServers(port=port) as servers:
        name = servers.clone(f"{PREFIX}straight")
        env = {**servers.env(name), "KEY_DIR": str(servers.state / "keys")}
        print(f"  {CASES} renewals are being filed …", flush=True)
        run_step(("-m", "portal.bench.straight_cases", "prepare", str(CASES)), env)
        run_step(("-m", "portal.bench.settle"), env)
        run_step(("manage.py", "collectstatic", "--no-input", "-v", "0"), env)
        supervisor = Supervisor(env, port=port, report=lambda line: None)
        supervisor.start()
        try:
            figures = Figure.read_all(run_step(("-m", "portal.bench.straight_cases", "measure"), env))
        finally:
            supervisor.stop()
        servers.drop(name)
    return result(figures)


def result(figures: Sequence[Figure]) -> Result:
    """The page: the whole way against one event, and how it is spread."""
    by_name = {figure.name: figure for figure in figures}
    runs = sorted(by_name[WHOLE].runs)
    places = statistics.quantiles(runs, n=20)
    spread = (
        ("cases", f"{len(runs):,}"), ("p50", f"{statistics.median(runs):.2f} s"), ("p95", f"{places[-1]:.2f} s"),
        ("longest", f"{runs[-1]:.2f} s"), (f"within {PROMISED} s", f"{sum(run <= PROMISED for run in runs):,}"),
    )  # fmt: skip
    return Result("straight-through", "Straight-through renewal", ABOUT, (
        Table("One renewal", (by_name[FLOOR], by_name[WHOLE]), floor=FLOOR),
        Facts("From last evidence to certificate", ("", ""), spread),
    ))  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    sys.exit("run it by ./dev bench straight-through")
