"""Management commands of a running portal, each in a process of its own that starts at once.

Loading the portal takes seconds and a journey asks for dozens of commands, so one process loads it and forks for each.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence

from tests.support.servers import REPO

SECONDS = 900


class Console:
    """Commands run with `env`; `close` it at the end."""

    def __init__(self, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.console"],
            cwd=REPO,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str) -> str:
        """What the command prints; AssertionError with all it said when it fails or takes too long."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps(command), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, f"manage {' '.join(command)}: the console ended"
        status, printed, complained = json.loads(answer)
        assert status == 0, f"manage {' '.join(command)} failed:\n{printed}{complained}"
        return str(printed)

    def close(self) -> None:
        self.process.communicate()


def serve() -> None:
    """One command a line in, one answer a line out, until the input ends."""
    import django
    from django.urls import get_resolver

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import portal.celery  # noqa: F401

    django.setup()
    get_resolver().url_patterns  # noqa: B018 (loads every page)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def answer(command: Sequence[str]) -> tuple[int, str, str]:
    """Exit status, output and complaints of one command, run in a fork."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(obey(command))
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return status, out.read(), err.read()


def obey(command: Sequence[str]) -> int:
    """In the fork: run the command as `manage.py` would, without the checks; whatever goes wrong is printed."""
    from django.core.management import call_command

    signal.alarm(SECONDS)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    status = 0
    try:
        call_command(*command)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    serve()
