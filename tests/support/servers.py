"""The tests' own PostgreSQL and Valkey, and databases cloned from one template per state of the code."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portal.embedded import binaries, environment, secrets
from portal.embedded.guardian import Lease, Plan
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import DATABASES

REPO = Path(__file__).resolve().parents[2]
KIND = os.environ.get("TEST_SERVERS", "bundled")
MEMORY, ROOM = Path("/dev/shm"), 8 * 2**30
TEMPLATE_SOURCES = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/reference/**/*",
    "*/*/reference/**/*",
    "*/*/load*.py",
    "*/load*.py",
    "*/management/commands/load*.py",
    "*/*/management/commands/load*.py",
    "portal/grants.py",
)


def _state() -> Path:
    """Where the servers keep their data: in memory where a machine has plenty, for none of it is worth a disk.

    Every process of a run must come to the same answer, so the size of the memory decides and not what is free.
    """
    if given := os.environ.get("TEST_STATE_DIR"):
        return Path(given)
    kind = "test" if KIND == "bundled" else f"test-{KIND}"
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).total >= ROOM:
        clone = hashlib.sha256(str(REPO).encode()).hexdigest()[:12]
        place = MEMORY / f"portal-{os.geteuid()}-{clone}"
        place.mkdir(mode=0o711, exist_ok=True)
        if place.stat().st_uid == os.geteuid():
            return place / kind
    return REPO / "var" / kind


STATE = _state()


class TestServers:
    """One test process's hold on the shared servers, and its own names on them."""

    __test__ = False

    def __init__(self) -> None:
        self.lease = Lease(STATE, Plan(binaries=KIND, volatile=True))
        self.endpoints = self.lease.acquire()
        self.secrets = secrets.load(STATE)
        self.postgres = Postgres(STATE, binaries.by_name(KIND), self.secrets, volatile=True)
        self.postgres.port = self.endpoints.postgres_port
        self.database = f"test_{uuid.uuid4().hex[:12]}"
        self._held: list[IO[str]] = []
        self.broker_database = self._take_broker_database()

    def env(self, database: str | None = None) -> dict[str, str]:
        """The environment of a process on one of the test databases (this process's own by default)."""
        made = environment.build(
            STATE,
            self.endpoints,
            database=database or self.database,
            broker_database=self.broker_database,
        )
        for name, value in environment.urls(
            self.secrets,
            self.endpoints,
            database=database or self.database,
            broker_database=self.broker_database,
        ).items():
            made[name] = value
        return {
            **made, "QUEUE_PREFIX": f"{self.database}:", "WORLD": "demo", "HTTPS": "0",
            "DECISION_HOLD_MINUTES": "0",
        }  # fmt: skip

    def clone(self, name: str, template: str) -> None:
        """A new database with everything the template holds."""
        with self._locked("clone"):
            self.postgres.create_database(name, template=template)

    def drop(self, name: str) -> None:
        """Remove a database, with whoever is connected."""
        self.postgres.drop_database(name)

    def template(self) -> str:
        """The database with migrations, grants and reference data of this code; built when missing."""
        commands = (("migrate", "-v", "0", "--skip-checks"), ("load_reference", "--skip-checks"))
        return self.built_template("template", template_digest(), commands)

    def built_template(
        self,
        kind: str,
        digest: str,
        commands: tuple[tuple[str, ...], ...],
        base: str = "template1",
        **env: str,
    ) -> str:
        """A database made once by management commands, kept under its digest; older ones of the kind go."""
        name = f"{kind}_{digest}"
        with self._locked(kind):
            if not self._exists(name):
                self._build(name, commands, base, env)
                self._drop_older(kind, keep=name)
            self._hold(name)
        return name

    def _build(
        self, name: str, commands: tuple[tuple[str, ...], ...], base: str, env: dict[str, str]
    ) -> None:
        aside = f"building_{uuid.uuid4().hex[:12]}"
        self.clone(aside, base)
        try:
            for command in commands:
                done = subprocess.run(
                    [sys.executable, "manage.py", *command],
                    cwd=REPO,
                    env={**self.env(aside), **env},
                    capture_output=True,
                    text=True,
                )
                if done.returncode != 0:
                    raise RuntimeError(f"manage {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
            self._sql(f'ALTER DATABASE "{aside}" RENAME TO "{name}"')
        except BaseException:
            self.drop(aside)
            raise

    def _drop_older(self, kind: str, keep: str) -> None:
        """Templates of earlier code that no running test session holds."""
        rows = self._sql(
            "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s", f"{kind}\\_%", keep
        )
        for (name,) in rows:
            with (STATE / f"{name}.hold").open("a") as hold:
                try:
                    fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                self.drop(name)
                Path(hold.name).unlink(missing_ok=True)

    def _hold(self, name: str) -> None:
        hold = (STATE / f"{name}.hold").open("a")
        fcntl.flock(hold, fcntl.LOCK_SH)
        self._held.append(hold)

    def _take_broker_database(self) -> int:
        """A database number of Valkey that no other test process uses; number 0 stays free."""
        directory = STATE / "broker-databases"
        directory.mkdir(exist_ok=True)
        for number in range(1, DATABASES):
            file = (directory / str(number)).open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                continue
            self._held.append(file)
            return number
        raise RuntimeError("every Valkey database is in use")

    def _exists(self, name: str) -> bool:
        return bool(self._sql("SELECT 1 FROM pg_database WHERE datname = %s", name))

    def _sql(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        connection = self.postgres.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters or None)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with (STATE / f"{name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def template_digest() -> str:
    """A hash over everything that shapes the template: migrations, reference data and its loaders, grants."""
    digest = hashlib.sha256()
    files = {path for pattern in TEMPLATE_SOURCES for path in REPO.glob(pattern) if path.is_file()}
    for path in sorted(files):
        if (
            ".venv" in path.parts
            or "__pycache__" in path.parts
            or path.parts[len(REPO.parts)] in ("tests", "var")
        ):
            continue
        digest.update(str(path.relative_to(REPO)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def code_digest() -> str:
    """A hash over all code and data of ours, for what any of it may shape (the demo world)."""
    digest = hashlib.sha256(template_digest().encode())
    for package in ("portal", "core", "catalog", "certificates", "licensing", "register"):
        for path in sorted((REPO / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
