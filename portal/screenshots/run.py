"""`./dev screenshots [PAGE …]`: a demo world of its own, its servers, the pictures, and away with it."""

import base64
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from portal.embedded import environment, faults, prepare, testing
from portal.embedded.environment import REPO
from portal.embedded.guardian import Endpoints, Lease, Plan
from portal.embedded.supervisor import Supervisor, say

TARGET = REPO / "docs" / "screenshots"
SETTINGS = "portal.screenshots.settings"
BROWSER = {
    testing.BROWSER: "chromium",
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"): "fonts-noto-cjk",
}
PORT = 8399
"""Always the same: a licence's page shows its address."""
OTHERS = ("REDIS_URL", "PUBLIC_BASE_URL", "KEY_DIR", "FILES_DIR", "SECRET_KEY", "LEDGER_KEY")
SECRETS = {
    "SECRET_KEY": "screenshots-" * 5,
    "LEDGER_KEY": base64.urlsafe_b64encode(b"the ledger of the screenshots...").decode(),
}
"""The same in every run, so that what is derived from them is the same in the pictures. Guards nothing."""


def screenshots(arguments: Sequence[str]) -> int:
    """Exit 0 when every page was pictured without a complaint. With names: only these, beside the old set."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    testing.require(BROWSER)
    state = REPO / "var" / "screenshots"
    with _only_one(state.with_suffix(".lock")):
        shutil.rmtree(state, ignore_errors=True)
        lease = Lease(state, Plan(volatile=True))
        endpoints = lease.acquire()
        try:
            env = _environment(state, endpoints)
            _run([sys.executable, "-m", prepare.__name__], env)
            return _with_portal(env, arguments)
        finally:
            lease.release()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """A second run waits for the first: both would use the same world."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment(state: Path, endpoints: Endpoints) -> dict[str, str]:
    """Nothing of the caller's own servers and keys: this world is made to be thrown away."""
    for name in (*environment.DATABASE_VARIABLES, *OTHERS):
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= {
        "WORLD": "demo",
        "HTTPS": "0",
        "QUEUE_PREFIX": "",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        **SECRETS,
    }
    os.environ["SCREENSHOTS_BEGAN"] = datetime.now(UTC).isoformat()
    return environment.build(state, endpoints, port=PORT)


def _with_portal(env: Mapping[str, str], arguments: Sequence[str]) -> int:
    """Everything is up while the pictures are taken; the supervisor is watched as `run` does."""
    supervisor = Supervisor(env, port=int(env["PORT"]))
    try:
        supervisor.start()
        say("正在截图 / taking the pictures")
        command = [sys.executable, "-m", "portal.screenshots.take", str(TARGET), *arguments]
        with subprocess.Popen(command, env=dict(env), cwd=REPO) as taking:
            while taking.poll() is None:
                supervisor.watch()
                time.sleep(0.5)
        return taking.returncode
    finally:
        supervisor.stop()


def _run(command: Sequence[str], env: Mapping[str, str]) -> None:
    if subprocess.run(command, env=dict(env), cwd=REPO).returncode != 0:
        raise faults.step_failed(command[-1])
