"""Servers and databases of the benches' own: an installation is neither measured nor filled."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from psycopg2 import sql

from portal.embedded import binaries, environment, faults, secrets
from portal.embedded.environment import DEFAULT_PORT, REPO, state_dir
from portal.embedded.guardian import Endpoints, Lease, Plan
from portal.embedded.postgres import Postgres

PREFIX = "portal_bench_"
MARK = "bench: filled around the actions, dropped at will"
WORLD = f"{PREFIX}world_"
PACKAGES = ("portal", "core", "catalog", "certificates", "licensing", "register")
WORLD_STEPS = (
    ("-m", "portal.embedded.prepare"),
    ("manage.py", "populate_demo"),
    ("-m", "portal.bench.settle"),
)


class BenchServers:
    """Embedded servers with their data in `STATE_DIR/bench`, for the length of a `with` block."""

    def __init__(self, *, port: int = DEFAULT_PORT) -> None:
        self.port = port
        self.state = state_dir() / "bench"
        self.lease = Lease(self.state, Plan())
        self.endpoints = Endpoints(0, 0, 0)

    def __enter__(self) -> "BenchServers":
        state_dir().mkdir(mode=0o711, parents=True, exist_ok=True)
        self.endpoints = self.lease.acquire()
        self.made = secrets.load(self.state)
        self.postgres = Postgres(self.state, binaries.by_name("bundled"), self.made)
        self.postgres.port = self.endpoints.postgres_port
        return self

    def __exit__(self, *exception: object) -> None:
        self.lease.release()

    def env(self, database: str) -> dict[str, str]:
        """The environment of a process on one of the bench databases; nothing set from outside leads out of it."""
        ours = environment.build(self.state, self.endpoints, port=self.port)
        ours |= environment.urls(self.made, self.endpoints, database=database, broker_database=0)
        return ours | {
            "STATE_DIR": str(self.state),
            "FILES_DIR": str(self.state / "files"),
            "WORLD": "demo",
            "HTTPS": "0",
            "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            "SMS_GATEWAY_URL": "",
            "CLAMD_URL": "",
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            "LOG_LEVEL": "CRITICAL",
            "BENCH": "1",
            "QUEUE_PREFIX": f"{database}:",
        }

    def database(self, name: str, *, template: str = "template1") -> str:
        """A marked database, anew; only such a one may be filled by the loader."""
        assert name.startswith(PREFIX), name
        self.postgres.drop_database(name)
        self.postgres.create_database(name, template=template)
        mark(self.postgres, name)
        return name

    def world(self) -> str:
        """The demo world of this code and day with everything delivered, built once; older ones are dropped."""
        name = f"{WORLD}{world_digest(date.today())}"
        known = self._databases()
        if name not in known:
            for old in known:
                if old.startswith(WORLD):
                    self.postgres.drop_database(old)
            print("  building a demo world to measure in …", flush=True)
            aside = self.database(f"{PREFIX}building")
            for step in WORLD_STEPS:
                run_step(step, {**self.env(aside), "KEY_DIR": str(self.state / "keys")})
            self._sql(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(aside), sql.Identifier(name))
            )
        return name

    def clone(self, name: str) -> str:
        """A marked copy of the demo world, to fill or to change."""
        return self.database(name, template=self.world())

    def drop(self, name: str) -> None:
        """Give the disk back."""
        self.postgres.drop_database(name)

    def one(self, name: str, statement: str) -> tuple[object, ...]:
        """The first row of a question to a bench database. Raises Fault when there is none."""
        connection = self.postgres.connect(name)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row = cursor.fetchone()
        finally:
            connection.close()
        if row is None:
            raise faults.Fault("没有可测量的数据。", "There is nothing to measure with.")
        return tuple(row)

    def _databases(self) -> list[str]:
        rows = self._sql(sql.SQL("SELECT datname FROM pg_database"))
        return [str(row[0]) for row in rows]

    def _sql(self, statement: sql.Composable) -> list[tuple[object, ...]]:
        connection = self.postgres.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()


def mark(postgres: Postgres, name: str) -> None:
    """Say on the database itself what it is; a clone does not inherit the mark."""
    connection = postgres.connect()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)), [MARK])
    connection.close()


def run_step(arguments: Sequence[str], env: dict[str, str]) -> str:
    """Run one of our modules or commands; what it prints. Raises Fault, its output shown, when it fails."""
    done = subprocess.run([sys.executable, *arguments], env=env, cwd=REPO, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise faults.step_failed(" ".join(arguments))
    return done.stdout


def world_digest(day: date) -> str:
    """Names what shapes a demo world: our code and data, and the day its dates count back from."""
    digest = hashlib.sha256(day.isoformat().encode())
    for package in PACKAGES:
        for path in sorted((REPO / package).rglob("*")):
            if path.suffix in (".py", ".csv", ".json", ".toml", ".txt") and not _is_ours(path):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _is_ours(path: Path) -> bool:
    """Whether a file belongs to the benches, which shape no world."""
    return f"{os.sep}bench{os.sep}" in str(path)
