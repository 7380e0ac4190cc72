"""One PostgreSQL server in the foreground, with the three logins of DESIGN §3."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg2
from psycopg2 import sql

from portal.embedded import processes
from portal.embedded.binaries import Binaries, server_home
from portal.embedded.faults import foreign_data, server_failed

OWNER, APP, PUBLIC = "portal_owner", "portal_app", "portal_public"
SERVER_USER = "nobody"
QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse")
"""Statements and row contents may hold personal values: a server's log never shows them (DESIGN §3)."""
DURABLE = ("max_connections=100", "shared_buffers=128MB", *QUIET)
VOLATILE = (
    "max_connections=200",
    "shared_buffers=128MB",
    "max_wal_size=256MB",
    *QUIET,
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)
START_SECONDS = 30


class Postgres:
    """Start, prepare and stop one server. Passwords come from the installation's secrets, by SCRAM."""

    def __init__(
        self, state: Path, binaries: Binaries, secrets: dict[str, str], *, volatile: bool = False
    ) -> None:
        self.binaries = binaries
        self.secrets = secrets
        self.settings = VOLATILE if volatile else DURABLE
        self.home = server_home(state, secrets.get("instance", ""))
        self.data = self.home / f"postgres-{binaries.name}"
        self.log = state / "log" / "postgres.log"
        self.user = SERVER_USER if os.geteuid() == 0 else None
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Initialise the cluster if there is none, start it on a free port and make roles and database."""
        if not self.data.exists():
            self._initialise()
        self._clear_leftovers()
        for _attempt in range(3):
            self.port = self.port or processes.free_port()
            self.process = self._launch()
            if processes.wait_until(self._answers_or_died, START_SECONDS) and self.process.poll() is None:
                self._prepare()
                return
            self.stop()
            self.port = 0
        raise server_failed("PostgreSQL", self.log)

    def stop(self) -> None:
        """Fast shutdown: SIGINT rolls back open transactions and writes a checkpoint."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT, patience=20)

    def connect(self, database: str = "postgres") -> "psycopg2.extensions.connection":
        """A superuser connection in autocommit."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user="postgres",
            password=self.secrets["postgres"],
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def _launch(self) -> "subprocess.Popen[bytes]":
        options = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC", *self.settings)
        command: list[str | Path] = [
            self.binaries.postgres_bin / "postgres",
            "-D",
            self.data,
            "-p",
            str(self.port),
        ]
        for option in options:
            command += ["-c", option]
        return processes.spawn(command, log=self.log, death_signal=signal.SIGINT, user=self.user)

    def _answers_or_died(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return True
        try:
            self.connect().close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise foreign_data(self.data) from error
            return False
        return True

    def _initialise(self) -> None:
        """`initdb` into a directory aside, renamed when complete: a broken start leaves nothing behind."""
        aside = self.data.with_suffix(".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        password_file = self.home / ".postgres-password"
        password_file.write_text(self.secrets["postgres"])
        password_file.chmod(0o600)
        if self.user:
            account = pwd.getpwnam(self.user)
            for place in (aside, password_file):
                os.chown(place, account.pw_uid, account.pw_gid)
        try:
            command: list[str | Path] = [self.binaries.postgres_bin / "initdb", "-D", aside]
            command += ["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--pwfile", password_file]
            command += self.binaries.initdb_locale
            process = processes.spawn(command, log=self.log, user=self.user)
            if process.wait() != 0:
                raise server_failed("PostgreSQL", self.log)
        finally:
            password_file.unlink()
        aside.rename(self.data)

    def _clear_leftovers(self) -> None:
        """After a crash: stop our own orphan; remove a lock file whose process is gone or no server."""
        lock = self.data / "postmaster.pid"
        if lock.exists():
            pid = int(lock.read_text().split("\n", 1)[0] or 0)
            if pid and processes.is_alive(pid) and _serves(pid, self.data):
                os.kill(pid, signal.SIGINT)
                processes.wait_until(lambda: not processes.is_alive(pid), 20)
            lock.unlink(missing_ok=True)
        for socket in self.data.glob(".s.PGSQL*"):
            socket.unlink()

    def _prepare(self) -> None:
        """Three logins with their passwords, and the database of the owner."""
        connection = self.connect()
        with connection.cursor() as cursor:
            for role in (OWNER, APP, PUBLIC):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE ROLE {role} LOGIN")
                cursor.execute(
                    f"ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s",
                    [self.secrets[role]],
                )
            cursor.execute(f"ALTER ROLE {PUBLIC} SET search_path = public_register")
            cursor.execute(f"ALTER ROLE {PUBLIC} SET default_transaction_read_only = on")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
            exists = cursor.fetchone()
        connection.close()
        if not exists:
            self.create_database("portal")

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """A database of the owner that only the three logins may enter."""
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
                )
            )
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            cursor.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
                    sql.Identifier(name), sql.Identifier(APP), sql.Identifier(PUBLIC)
                )
            )
        connection.close()

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.close()

    def url(self, role: str, database: str = "portal") -> str:
        """The connection URL of one login."""
        return f"postgres://{role}:{self.secrets[role]}@127.0.0.1:{self.port}/{database}"


def _serves(pid: int, data: Path) -> bool:
    """Whether the process runs on this data directory (a reused process id does not)."""
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
