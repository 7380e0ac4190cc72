"""Milliseconds per certificate, rendered and signed, against a plain page by the same renderer and a raw signature."""

import os
import sys

from portal.bench.results import Figure, Result, Table
from portal.bench.runner import interleave
from portal.bench.servers import BenchServers, run_step

ROUNDS = 15
ABOUT = f"""
One certificate at a time in one process, with a key made for the occasion; the database is not asked. The floor is an
empty page by the same renderer and one raw P-256 signature. *Certificate, whole* is what the signing worker does for
one: QR code, rendering as PDF/A, seal, signature. Median of {ROUNDS} interleaved runs.
"""


def run() -> Result:
    """Measure in a child with Django set up."""
    with BenchServers() as servers:
        figures = Figure.read_all(run_step(("-m", "portal.bench.certificate"), servers.env("portal")))
    floor = figures[0].name
    return Result("certificate", "Certificate", ABOUT, (Table("One certificate", figures, floor=floor),))


def measure() -> list[Figure]:
    """The bodies of `certificates.bench`, each warmed up once."""
    from certificates.bench import bodies

    with bodies() as measured:
        for body in measured.values():
            body()
        return interleave(measured, unit="ms", runs=ROUNDS)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    sys.stdout.write(Figure.write_all(measure()))
