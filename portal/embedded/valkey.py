"""One Valkey (or Redis) server in the foreground: the broker."""

import signal
import subprocess
from pathlib import Path

import redis

from portal.embedded import processes
from portal.embedded.binaries import Binaries
from portal.embedded.faults import server_failed

START_SECONDS = 15
DATABASES = 256


class Valkey:
    """Start and stop one server. The configuration goes in by stdin: no password on a command line."""

    def __init__(
        self, state: Path, binaries: Binaries, secrets: dict[str, str], *, volatile: bool = False
    ) -> None:
        self.binaries = binaries
        self.password = secrets["valkey"]
        self.data = state / f"valkey-{binaries.name}"
        self.log = state / "log" / "valkey.log"
        self.appendonly = "no" if volatile else "yes"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start on the port it had before, or a free one, and wait until it answers."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _attempt in range(3):
            self.port = self.port or processes.free_port()
            self.process = processes.spawn(
                [self.binaries.broker, "-"], log=self.log, cwd=self.data, stdin=subprocess.PIPE
            )
            assert self.process.stdin is not None
            self.process.stdin.write(self._configuration().encode())
            self.process.stdin.close()
            if processes.wait_until(self._answers_or_died, START_SECONDS) and self.process.poll() is None:
                return
            self.stop()
            self.port = 0
        raise server_failed("Valkey", self.log)

    def stop(self) -> None:
        """SIGTERM: the server flushes its append-only file and leaves."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGTERM)

    def url(self, database: int = 0) -> str:
        """The connection URL, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def _configuration(self) -> str:
        return "\n".join(
            (
                f"port {self.port}",
                "bind 127.0.0.1",
                f"requirepass {self.password}",
                f"dir {self.data}",
                f"databases {DATABASES}",
                f"appendonly {self.appendonly}",
                "appendfsync everysec",
                'save ""',
                "daemonize no",
                "",
            )
        )

    def _answers_or_died(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return True
        try:
            client = redis.Redis.from_url(self.url(), socket_connect_timeout=1, socket_timeout=1)
            try:
                return bool(client.ping())
            finally:
                client.close()
        except redis.RedisError:
            return False
