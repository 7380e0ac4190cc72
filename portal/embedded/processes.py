"""Children that cannot outlive us: own process group, and on Linux a signal when their parent dies."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PRIVATE_UMASK = 0o077
MAX_LOG_BYTES = 10 * 1024 * 1024


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    death_signal: int = signal.SIGTERM,
    user: str | None = None,
    stdin: int = subprocess.DEVNULL,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, its output appended to `log`.

    `death_signal` reaches it when the calling thread ends: call from the main thread. `user` needs root.
    """
    log.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
    log.touch(mode=0o600)
    options: dict[str, Any] = {}
    if user is not None:
        account = pwd.getpwnam(user)
        options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            umask=PRIVATE_UMASK,
            preexec_fn=_bind_to_parent(death_signal),
            **options,
        )


def _bind_to_parent(death_signal: int) -> Callable[[], None]:
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def stop(process: "subprocess.Popen[bytes]", sig: int = signal.SIGTERM, patience: float = 10.0) -> None:
    """Ask with `sig`, wait `patience` seconds, then kill the group; nothing of the group stays."""
    stop_together([process], sig, patience)


def stop_together(leaving: "Sequence[subprocess.Popen[bytes]]", sig: int, patience: float) -> None:
    """Ask all of them at once, each only once, and wait for the last `patience` seconds at most."""
    for process in leaving:
        if process.poll() is None:
            process.send_signal(sig)
    deadline = time.monotonic() + patience
    for process in leaving:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        kill_group(process)


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL to everything in the child's process group, and reap the child."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
        process.wait()


def is_alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return sys.platform != "linux"
    return state not in ("Z", "X")


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Poll until the condition holds; False when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def free_port() -> int:
    """A TCP port on the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_port_free(port: int) -> bool:
    """Whether a server could listen on the loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
