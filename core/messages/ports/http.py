"""One POST with nothing left to chance: no redirects, no proxies, bounded time and size, the address pinned."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.messages.ports import TryAgain

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 8.0
AGENT = "production-licence-portal"


@dataclass(frozen=True)
class Target:
    """Where a POST goes. With `addresses` the connection is made to these and to nothing else."""

    host: str
    port: int
    tls: bool
    path: str
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, url: str, addresses: tuple[str, ...] = ()) -> "Target":
        """Take an http(s) address apart. Raises ValueError when it is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an http(s) address")
        tls = parts.scheme == "https"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.hostname, parts.port or (443 if tls else 80), tls, path, addresses)


def tls_context() -> ssl.SSLContext:
    """Certificates are checked against the name, whatever address is connected to."""
    return ssl.create_default_context()


class _Connection(http.client.HTTPConnection):
    """Connects to the pinned addresses in turn; `stop` breaks off whatever it is waiting for."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self._target = target
        self._live: socket.socket | None = None
        self._stopped = False

    def connect(self) -> None:
        self._live = self._reach()
        if self._target.tls:
            wrapped = tls_context().wrap_socket(
                self._live, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self._live = wrapped
            wrapped.do_handshake()
        self.sock = self._live
        if self._stopped:
            raise TimeoutError

    def _reach(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in self._target.addresses or (self._target.host,):
            try:
                return socket.create_connection((address, self._target.port), CONNECT_SECONDS)
            except OSError as error:
                failure = error
        raise failure

    def stop(self) -> None:
        self._stopped = True
        if self._live is not None:
            try:
                socket.socket.shutdown(self._live, socket.SHUT_RDWR)
            except OSError:
                return


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    """Send one POST; returns the status and reads nothing of the answer's body. Raises TryAgain when nobody answers.

    Redirects are not followed: their status is returned like any other.
    """
    connection = _Connection(target)
    alarm = threading.Timer(TOTAL_SECONDS, connection.stop)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", target.path, body=body, headers={"User-Agent": AGENT, **headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TryAgain(f"net_{type(error).__name__}"[:48]) from None
    finally:
        alarm.cancel()
        connection.close()
