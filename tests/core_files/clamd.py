"""Scanners to talk to: one that answers what a test tells it, and the real one with a signature of our own."""

import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import processes

MARK = b"THIS-IS-OUR-OWN-TEST-VIRUS-9f2c"
NAME = "Portal.Test.Virus"
START_SECONDS = 120


class _Answering(socketserver.BaseRequestHandler):
    """Speaks INSTREAM: takes the pieces, then says what the server was told to say."""

    def handle(self) -> None:
        said = self.server.told  # type: ignore[attr-defined]
        if said is None:
            return
        stream = self.request.makefile("rb")
        if stream.read(10) != b"zINSTREAM\0":
            return
        content = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            content += stream.read(size)
        self.server.received.append(content)  # type: ignore[attr-defined]
        self.request.sendall(said.encode() + b"\0")


class PretendedScanner(socketserver.ThreadingTCPServer):
    """`told` is the answer; None hangs up without one."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.told: str | None = "stream: OK"
        self.received: list[bytes] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def pretended() -> Iterator[PretendedScanner]:
    with PretendedScanner() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def real() -> Iterator[dict[str, str]]:
    """ClamAV's daemon on a socket and a port of its own, knowing one virus. Yields its addresses by kind.

    Everything it needs stands in a directory with a short name: the path of a socket may have 107 bytes.
    """
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        directory = Path(name)
        (directory / "signatures").mkdir()
        (directory / "signatures" / "own.ndb").write_text(f"{NAME}:0:*:{MARK.hex()}\n")
        daemon, port = started(directory)
        try:
            yield {"unix": f"unix://{directory / 'clamd.sock'}", "tcp": f"tcp://127.0.0.1:{port}"}
        finally:
            processes.stop(daemon, patience=30)


def started(directory: Path) -> tuple["subprocess.Popen[bytes]", int]:
    """The daemon and its port; another port should somebody have taken the first. AssertionError with its log."""
    log = directory / "clamd.log"
    for _attempt in range(3):
        port = processes.free_port()
        config = directory / "clamd.conf"
        config.write_text(configuration(directory, port))
        daemon = processes.spawn(["/usr/sbin/clamd", "--config-file", config], log=log)
        processes.wait_until(lambda: answers(port) or daemon.poll() is not None, START_SECONDS)  # noqa: B023
        if daemon.poll() is None and answers(port):
            return daemon, port
        processes.stop(daemon)
    raise AssertionError(log.read_text())


def configuration(directory: Path, port: int) -> str:
    """All there is to say to it: nothing of the machine's own installation is read."""
    lines = {
        "Foreground": "yes",
        "DatabaseDirectory": directory / "signatures",
        "TemporaryDirectory": directory,
        "LocalSocket": directory / "clamd.sock",
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "StreamMaxLength": "25M",
        "SelfCheck": 0,
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def answers(port: int) -> bool:
    """Whether the daemon says PONG."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(16) == b"PONG\0"
    except OSError:
        return False
