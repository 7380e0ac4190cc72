"""The process that owns the embedded servers for as long as any command needs them.

Every command holds a shared lock on `servers.users`; the kernel gives it back however the command ends. When
nobody holds it the guardian stops the servers and leaves. So commands attach to each other's servers, and no
crash orphans any.
"""

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from portal.embedded import binaries, faults, processes, secrets
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey

POLL_SECONDS = 0.2
ATTACH_SECONDS = 90
REPO = Path(__file__).resolve().parents[2]
logger = logging.getLogger("portal.guardian")


@dataclass(frozen=True)
class Endpoints:
    """Where the running servers listen; port 0 stands for one that is not embedded."""

    postgres_port: int
    valkey_port: int
    guardian_pid: int


@dataclass(frozen=True)
class Plan:
    """Which servers to run, with which programs, and whether their data may be lost (tests)."""

    binaries: str = "bundled"
    volatile: bool = False
    postgres: bool = True
    valkey: bool = True


class Lease:
    """A command's hold on the servers of one state directory."""

    def __init__(self, state: Path, plan: Plan) -> None:
        self.state = state
        self.plan = plan
        self._users: IO[str] | None = None

    def acquire(self) -> Endpoints:
        """Attach to running servers or have them started. Raises Fault."""
        faults.require_room(self.state)
        self._users = (self.state / "servers.users").open("a")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        guardian: subprocess.Popen[bytes] | None = None
        deadline = time.monotonic() + ATTACH_SECONDS
        while time.monotonic() < deadline:
            endpoints = read_endpoints(self.state)
            if endpoints is not None:
                if guardian is not None and guardian.returncode is None:
                    guardian.returncode = 0  # it outlives us on purpose: not a child anyone waits for
                return endpoints
            if guardian is not None and guardian.poll() not in (None, 0):
                raise _reported(self.state)
            if not is_locked(self.state / "servers.lock") and (
                guardian is None or guardian.poll() is not None
            ):
                guardian = self._start_guardian()
            time.sleep(0.05)
        raise faults.server_failed("PostgreSQL/Valkey", self.state / "log" / "guardian.log")

    def release(self, *, wait: bool = True) -> None:
        """Let go; with `wait`, return when the servers have stopped, unless another command uses them."""
        if self._users is None:
            return
        self._users.close()
        self._users = None
        if wait:
            processes.wait_until(lambda: not is_locked(self.state / "servers.lock") or self._has_users(), 40)

    def _has_users(self) -> bool:
        return (
            is_locked(self.state / "servers.users", shared_too=True)
            and read_endpoints(self.state) is not None
        )

    def _start_guardian(self) -> "subprocess.Popen[bytes]":
        (self.state / "servers.error").unlink(missing_ok=True)
        log = self.state / "log" / "guardian.log"
        log.parent.mkdir(mode=0o711, exist_ok=True)
        log.touch(mode=0o600)
        with log.open("ab") as output:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "portal.embedded.guardian",
                    str(self.state),
                    json.dumps(asdict(self.plan)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=REPO,
                start_new_session=True,
            )


def is_locked(path: Path, *, shared_too: bool = False) -> bool:
    """Whether another open file holds an exclusive lock on the path, or with `shared_too` any lock."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if shared_too else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def read_endpoints(state: Path) -> Endpoints | None:
    """The endpoints of a living guardian, if there is one."""
    try:
        endpoints = Endpoints(**json.loads((state / "servers.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return (
        endpoints
        if is_locked(state / "servers.lock") and processes.is_alive(endpoints.guardian_pid)
        else None
    )


def _reported(state: Path) -> faults.Fault:
    try:
        chinese, english = json.loads((state / "servers.error").read_text())
    except (OSError, ValueError):
        return faults.server_failed("PostgreSQL/Valkey", state / "log" / "guardian.log")
    return faults.Fault(chinese, english)


class Guardian:
    """Runs the servers of one state directory until no command uses them."""

    def __init__(self, state: Path, plan: Plan) -> None:
        self.state = state
        programs = binaries.by_name(plan.binaries)
        made = secrets.load(state)
        self.postgres = Postgres(state, programs, made, volatile=plan.volatile) if plan.postgres else None
        self.valkey = Valkey(state, programs, made, volatile=plan.volatile) if plan.valkey else None
        self.stopping = False

    def run(self) -> None:
        """Start, publish the ports, watch, stop. A server that dies is started again on its port."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for server in self._servers():
                server.start()
            self._publish()
            while not self.stopping and not self._idle():
                for server in self._servers():
                    if server.process is None or server.process.poll() is not None:
                        logger.warning("%s ended, starting it again", type(server).__name__)
                        server.start()
                        self._publish()
                time.sleep(POLL_SECONDS)
        finally:
            (self.state / "servers.json").unlink(missing_ok=True)
            for server in reversed(self._servers()):
                server.stop()

    def _servers(self) -> list[Any]:
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _idle(self) -> bool:
        """True when no command holds the lock; we then keep it, so that newcomers wait for our end."""
        self._users = (self.state / "servers.users").open("a")
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._users.close()
            return False
        return True

    def _publish(self) -> None:
        endpoints = Endpoints(
            postgres_port=self.postgres.port if self.postgres else 0,
            valkey_port=self.valkey.port if self.valkey else 0,
            guardian_pid=os.getpid(),
        )
        aside = self.state / "servers.json.new"
        aside.write_text(json.dumps(asdict(endpoints)))
        aside.replace(self.state / "servers.json")


def main(state: Path, plan: Plan) -> int:
    """Exit 0: served, or another guardian does. Exit 1: the reason stands in `servers.error`."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    lock = (state / "servers.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0
    try:
        Guardian(state, plan).run()
    except faults.Fault as fault:
        (state / "servers.error").write_text(json.dumps(str(fault).split("\n", 1)))
        return 1
    except OSError as error:
        (state / "servers.error").write_text(
            json.dumps(str(faults.from_os_error(error, state)).split("\n", 1))
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Plan(**json.loads(sys.argv[2]))))
