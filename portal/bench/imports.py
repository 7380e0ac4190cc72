"""Licences of the paper era by the ten thousand: the dry run, the loading, the register, and a bad file (R-90)."""

import os
import sys
from collections.abc import Sequence

from portal.bench.results import Facts, Figure, Result, Table
from portal.bench.servers import PREFIX, BenchServers, run_step
from portal.embedded import processes

ROWS = 70_000
RUNS = 3
READ = "reading the file, no row judged"
CHECKED = "dry run"
BARE = "the same rows by bare statements"
LOADED = "loading"
COPIED = "into the public register"
FOUND = "found "
ABOUT = f"""
A record of {ROWS:,} licences of the nation, one producer each, is uploaded, checked, decided on and loaded by the acts
of the portal, portion by portion, as the worker does it, in a process of its own on the application's login. {RUNS}
runs, each with other producers and numbers, so that nothing is in the register before.

**Dry run**: every row judged by every rule, compared with all the others and with the register, rows and findings
written. The floor reads the same file and judges nothing.

**Loading**: for each row a licence, its unit, its enterprise, its entry in the ledger (stamped and chained by the
database), the counter and the progress. The floor writes the same rows of the four tables by four bare statements of
the database to itself, the ledger's trigger included, and rolls them back.

**Into the public register**: the events of the portions delivered.

**The bad file** has {ROWS:,} rows with a known number of every defect at places drawn by a seed. The figures are the
findings of the dry run against what was planted.
"""


def run() -> Result:
    """Measure in a child with Django set up."""
    with BenchServers(port=processes.free_port()) as servers:
        name = servers.clone(f"{PREFIX}imports")
        figures = Figure.read_all(run_step(("-m", "portal.bench.imports"), servers.env(name)))
        servers.drop(name)
    return result(figures)


def result(figures: Sequence[Figure]) -> Result:
    """The page of what the child measured."""
    by_name = {figure.name: figure for figure in figures}
    found = [figure for figure in figures if figure.name.startswith(FOUND)]
    rows = tuple(
        (figure.name.removeprefix(FOUND), f"{figure.runs[0]:.0f}", figure.beside) for figure in found
    )
    share = 100 * sum(figure.runs[0] for figure in found) / sum(float(figure.beside) for figure in found)
    return Result("imports", "Import of paper licences", ABOUT, (
        Table(f"Dry run, {ROWS:,} rows", (by_name[READ], by_name[CHECKED]), floor=READ),
        Table(f"Loading, {ROWS:,} rows", (by_name[BARE], by_name[LOADED], by_name[COPIED]), floor=BARE),
        Facts(f"A bad file: {share:.1f}% of what was planted was found", ("", "found", "planted"), rows),
    ))  # fmt: skip


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401
    from portal.bench.imports_bodies import measured

    sys.stdout.write(Figure.write_all(measured()))
