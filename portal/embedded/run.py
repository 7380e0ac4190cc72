"""`./dev run` and `./dev manage`."""

import argparse
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from portal.embedded import faults, processes
from portal.embedded.environment import DEFAULT_PORT, REPO, Servers, state_dir
from portal.embedded.supervisor import Supervisor, say

WATCH_SECONDS = 0.5
CERTIFICATES_SECONDS = 60
"""How long the demo's holders wait to take delivery of what is being signed."""


class Stop(BaseException):
    """A signal asked us to stop; unwinds whatever is under way."""


def run(arguments: list[str]) -> int:
    """Start everything, print where and with which accounts, and stay until a signal comes."""
    parser = argparse.ArgumentParser(prog="./dev run")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or DEFAULT_PORT))
    port = parser.parse_args(arguments).port
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stop)
    try:
        with _only_one(state_dir(), port):
            if not processes.is_port_free(port):
                raise faults.port_taken(port)
            with Servers(port=port) as env:
                _serve(env, port)
    except Stop:
        say("已停止 / stopped")
        return 0
    return 0


def _serve(env: Mapping[str, str], port: int) -> None:
    accounts = _prepare(env)
    supervisor, more = Supervisor(env, port=port), None
    try:
        supervisor.start()
        say(f"Ready: {supervisor.url}")
        say(accounts)
        more = _populate(env)
        while True:
            supervisor.watch()
            time.sleep(WATCH_SECONDS)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if more is not None:
            processes.stop(more)
        supervisor.stop()


def _populate(env: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    """The rest of the demo nation arrives while the first visitors look around; interrupted, it goes on next time."""
    if env.get("WORLD", "demo") != "demo":
        return None
    command = [sys.executable, "manage.py", "populate_demo", "--wait", str(CERTIFICATES_SECONDS)]
    return processes.spawn(command, log=Path(env["STATE_DIR"]) / "log" / "populate.log", env=env, cwd=REPO)


def _prepare(env: Mapping[str, str]) -> str:
    """Schema, data, world. Returns the demo accounts as text; a failing step has printed its reason itself."""
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "portal.embedded.prepare", str(writer)]
    process = subprocess.Popen(
        command, env=dict(env), cwd=REPO, umask=processes.PRIVATE_UMASK, pass_fds=(writer,)
    )
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="utf-8") as accounts:
            text = accounts.read()
        if process.wait() != 0:
            raise faults.step_failed("prepare")
        return text
    except Stop:
        processes.wait_until(lambda: process.poll() is not None, 10)
        process.kill()
        raise


def _raise_stop(number: int, frame: FrameType | None) -> None:
    raise Stop


@contextmanager
def _only_one(state: Path, port: int) -> Iterator[None]:
    """One `run` per state directory; a second one is told where the first is."""
    faults.require_room(state)
    with (state / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise faults.already_running(f"http://127.0.0.1:{_running_port(state)}") from None
        lock.truncate(0)
        lock.write(json.dumps({"url": f"http://127.0.0.1:{port}", "port": port}))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def _running_port(state: Path) -> int:
    """The port of the `run` of this state directory, so that a command prints the same addresses."""
    try:
        return int(json.loads((state / "run.lock").read_text())["port"])
    except (OSError, ValueError, KeyError):
        return int(os.environ.get("PORT") or DEFAULT_PORT)


def manage(arguments: list[str]) -> int:
    """A Django command with the servers up for its length; attaches when they already are."""
    signal.signal(signal.SIGTERM, _raise_stop)
    with Servers(port=_running_port(state_dir())) as env:
        process = subprocess.Popen([sys.executable, "manage.py", *arguments], env=env, cwd=REPO)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
            except Stop:
                process.terminate()
