"""Wall time of `./dev manage demo_reset`, in a demo world of its own."""

import time

from portal.bench.results import Result, Table
from portal.bench.runner import interleave
from portal.bench.servers import PREFIX, BenchServers, run_step

ROUNDS = 3
FLOOR = "a command that only asks (`demo_accounts`)"
ABOUT = """
From an empty schema to the whole demo nation, told through the acts themselves: migrations, reference data, all
enterprises and cases. What workers do afterwards (papers, certificates, notices) is not in it. The floor is the start
of a command that reads the accounts.
"""


def run() -> Result:
    """Each run throws away the world the one before has made."""
    with BenchServers() as servers:
        name = servers.clone(f"{PREFIX}reset")
        env = servers.env(name)

        def seconds(*command: str) -> float:
            began = time.perf_counter()
            run_step(("manage.py", *command), env)
            return time.perf_counter() - began

        figures = interleave(
            {FLOOR: lambda: seconds("demo_accounts", "--json"), "demo_reset": lambda: seconds("demo_reset")},
            unit="s",
            runs=ROUNDS,
        )
        servers.drop(name)
    note = f"Median of {ROUNDS} interleaved runs."
    return Result(
        "demo-reset", "Demo world anew", ABOUT, (Table("demo_reset", tuple(figures), floor=FLOOR, note=note),)
    )
