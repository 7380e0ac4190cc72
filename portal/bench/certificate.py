"""Milliseconds per certificate, rendered and signed, against an empty page by the same renderer."""

import os
import subprocess
import sys

from portal.bench.runner import interleave, report
from portal.embedded import faults
from portal.embedded.environment import REPO, Servers


def run() -> None:
    """Measure in a child with Django set up; the bodies use a throw-away key."""
    with Servers() as env:
        command = [sys.executable, "-m", "portal.bench.certificate"]
        if subprocess.run(command, env={**env, "LOG_LEVEL": "ERROR"}, cwd=REPO).returncode != 0:
            raise faults.step_failed("bench certificate")


def measure() -> None:
    """The bodies of `certificates.bench`, each warmed up once."""
    from certificates.bench import FLOOR, bodies

    with bodies() as measured:
        for body in measured.values():
            body()
        report("certificate", interleave(measured, unit="ms", runs=15), floor=FLOOR)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    measure()
