"""Scanners to talk to: one that answers what a test tells it, and the real one with a signature of our own."""

import os
import socket
import socketserver
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import processes

MARK = b"THIS-IS-OUR-OWN-TEST-VIRUS-9f2c"
NAME = "Portal.Test.Virus"


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
def real(directory: Path) -> Iterator[dict[str, str]]:
    """ClamAV's daemon on a socket and a port of its own, knowing one virus. Yields its addresses by kind."""
    database = directory / "signatures"
    database.mkdir()
    (database / "own.ndb").write_text(f"{NAME}:0:*:{MARK.hex()}\n")
    path, port = directory / "clamd.sock", processes.free_port()
    config = directory / "clamd.conf"
    config.write_text(
        f"Foreground yes\nDatabaseDirectory {database}\nLocalSocket {path}\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"LogFile {directory / 'clamd.log'}\nStreamMaxLength 25M\nTemporaryDirectory {directory}\n"
    )
    daemon = subprocess.Popen(
        ["/usr/sbin/clamd", "--config-file", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "")},
    )  # fmt: skip
    try:
        assert processes.wait_until(lambda: answers(port), 60), (directory / "clamd.log").read_text()
        yield {"unix": f"unix://{path}", "tcp": f"tcp://127.0.0.1:{port}"}
    finally:
        daemon.terminate()
        daemon.wait(30)


def answers(port: int) -> bool:
    """Whether the daemon says PONG."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(16) == b"PONG\0"
    except OSError:
        return False
