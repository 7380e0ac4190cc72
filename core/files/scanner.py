"""The scanner port: ClamAV over INSTREAM (`CLAMD_URL` = tcp://host:port or unix:///path). No URL, no scanner."""

import logging
import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from core.files.errors import FileInfected

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
CONNECT_SECONDS = 2.0
LONGEST_ANSWER = 4096
DEFAULT_PORT = 3310
FOUND = re.compile(r"^stream: (.+) FOUND$")


class ScannerUnreachable(Exception):
    """No verdict: the scanner is down, too slow, or did not take the stream."""


@dataclass(frozen=True)
class Scan:
    """The scanner's verdict: clean, or the name of what it found."""

    infection: str = ""


def is_configured() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings.CLAMD_URL)


def state_of(source: Path, slot: str) -> str:
    """clean, not_scanned or pending for a file about to be kept. Raises FileInfected."""
    if not is_configured():
        return "not_scanned"
    try:
        scan = scan_file(source)
    except ScannerUnreachable as error:
        logger.warning("the virus scanner gave no verdict: %s", error)
        return "pending"
    if scan.infection:
        logger.warning("an upload was refused: %s", scan.infection)
        raise FileInfected(slot, name=scan.infection)
    return "clean"


def scan_file(source: Path) -> Scan:
    """Send a file in pieces and read the verdict. Raises ScannerUnreachable."""
    try:
        with _connect(settings.CLAMD_URL) as connection:
            connection.settimeout(settings.CLAMD_TIMEOUT)
            connection.sendall(b"zINSTREAM\0")
            with source.open("rb") as file:
                while chunk := file.read(CHUNK):
                    connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            return _understand(_answer(connection))
    except OSError as error:
        raise ScannerUnreachable(f"{type(error).__name__}: {error}") from error


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(parts.path)
        except BaseException:
            connection.close()
            raise
        return connection
    return socket.create_connection(
        (parts.hostname or "127.0.0.1", parts.port or DEFAULT_PORT), CONNECT_SECONDS
    )


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        piece = connection.recv(1024)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def _understand(answer: str) -> Scan:
    """Only the two answers of a finished scan count; a size limit or any other error is no verdict."""
    if answer == "stream: OK":
        return Scan()
    if found := FOUND.match(answer):
        return Scan(found[1][:120])
    raise ScannerUnreachable(answer[:200] or "no answer")
