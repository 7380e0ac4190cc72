"""The embedded servers: roles, attaching, stopping with the last user, crashes, faults in one sentence."""

import errno
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import psycopg2
import pytest

from portal.embedded import binaries, environment, faults, guardian, processes, secrets
from portal.embedded.guardian import Lease, Plan

REPO = Path(__file__).resolve().parents[2]
POWERS = "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
ONLY_POSTGRES = Plan(volatile=True, valkey=False)
ONLY_VALKEY = Plan(postgres=False)


def connect(state: Path, port: int, role: str, database: str = "portal"):
    password = secrets.load(state)[role]
    return psycopg2.connect(host="127.0.0.1", port=port, user=role, password=password, dbname=database)


def stopped(state: Path) -> bool:
    return processes.wait_until(lambda: not guardian.is_locked(state / "servers.lock"), 30)


@pytest.fixture
def state(tmp_path: Path):
    """A state directory whose guardian, if any is left, is stopped afterwards."""
    place = tmp_path / "var"
    yield place
    assert not place.exists() or stopped(place)
    if (place / "secrets.json").exists() and (
        home := binaries.server_home(place, secrets.load(place)["instance"])
    ) != place:
        shutil.rmtree(home)


def test_three_logins_and_who_may_create(state: Path):
    lease = Lease(state, ONLY_POSTGRES)
    port = lease.acquire().postgres_port
    try:
        with connect(state, port, "portal_owner") as owner, owner.cursor() as cursor:
            cursor.execute("CREATE EXTENSION btree_gist")
            cursor.execute("CREATE TABLE proof (who int, EXCLUDE USING gist (who WITH =))")
            owner.rollback()
        for role in ("portal_app", "portal_public"):
            with connect(state, port, role) as connection, connection.cursor() as cursor:
                with pytest.raises(psycopg2.Error):
                    cursor.execute("CREATE TABLE public.intruder ()")
                connection.rollback()
                cursor.execute(POWERS)
                assert cursor.fetchone() == (False,)
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(
                host="127.0.0.1", port=port, user="portal_app", password="guess", dbname="portal"
            )
    finally:
        lease.release()


def test_a_second_command_attaches_and_the_last_one_out_stops_the_servers(state: Path):
    first, second = Lease(state, ONLY_VALKEY), Lease(state, ONLY_VALKEY)
    began = first.acquire()
    assert second.acquire() == began
    first.release()
    time.sleep(3 * guardian.POLL_SECONDS)
    assert guardian.read_endpoints(state) == began
    second.release()
    assert guardian.read_endpoints(state) is None
    assert processes.is_port_free(began.valkey_port)


def test_a_killed_command_leaves_no_server(state: Path):
    program = (
        "import sys, time; from pathlib import Path; from portal.embedded.guardian import Lease, Plan;"
        "Lease(Path(sys.argv[1]), Plan(postgres=False)).acquire(); print('up', flush=True); time.sleep(60)"
    )
    command = subprocess.Popen([sys.executable, "-c", program, str(state)], cwd=REPO, stdout=subprocess.PIPE)
    assert command.stdout is not None
    assert command.stdout.readline() == b"up\n"
    endpoints = guardian.read_endpoints(state)
    command.kill()
    command.wait()
    command.stdout.close()
    assert endpoints is not None
    assert stopped(state)
    assert processes.is_port_free(endpoints.valkey_port)


def test_data_survive_a_killed_guardian_and_stale_files_do_not_matter(state: Path):
    lease = Lease(state, Plan(valkey=False))
    endpoints = lease.acquire()
    with connect(state, endpoints.postgres_port, "portal_owner") as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    owner.close()
    os.kill(endpoints.guardian_pid, signal.SIGKILL)
    assert stopped(state)
    lease.release()
    data = binaries.server_home(state, secrets.load(state)["instance"]) / "postgres-bundled"
    if not (data / "postmaster.pid").exists():
        (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    (data / ".s.PGSQL.5432").touch()
    again = Lease(state, Plan(valkey=False))
    port = again.acquire().postgres_port
    try:
        with connect(state, port, "portal_owner") as owner, owner.cursor() as cursor:
            cursor.execute("SELECT id FROM kept")
            assert cursor.fetchone() == (7,)
        owner.close()
    finally:
        again.release()


def test_data_of_other_passwords_are_named_at_once(state: Path):
    lease = Lease(state, ONLY_POSTGRES)
    lease.acquire()
    lease.release()
    made = secrets.load(state)
    (state / "secrets.json").write_text(json.dumps({**made, "postgres": "another"}))
    again = Lease(state, ONLY_POSTGRES)
    with pytest.raises(faults.Fault, match="do not match"):
        again.acquire()
    again.release()


def test_secrets_are_made_once_and_private(tmp_path: Path):
    made = secrets.load(tmp_path)
    assert secrets.load(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(set(made.values())) == len(made)


def test_a_server_never_shows_its_password_in_the_process_list(state: Path):
    lease = Lease(state, ONLY_VALKEY)
    lease.acquire()
    try:
        shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        assert not [value for value in secrets.load(state).values() if value in shown]
    finally:
        lease.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_root_behind_a_closed_door_uses_a_place_of_its_own(tmp_path: Path):
    closed = tmp_path / "root"
    closed.mkdir(mode=0o700)
    state = closed / "clone" / "var"
    state.mkdir(parents=True)
    home = binaries.server_home(state, "one")
    assert binaries.server_home(state, "another") != home
    binaries.server_home(state, "another").rmdir()
    assert home.parent == binaries.SHADOW_ROOT
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    home.rmdir()


class TestFaults:
    """Each is one sentence in Chinese and the same in English, without a traceback."""

    def check(self, fault: faults.Fault) -> None:
        chinese, english = str(fault).split("\n")
        assert re.search("[一-鿿]", chinese)
        assert not re.search("[一-鿿]", english)
        assert chinese.endswith("。") or "http" in chinese

    def test_disk_full(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(faults.shutil, "disk_usage", lambda path: usage(1, 1, 0))
        with pytest.raises(faults.Fault, match="磁盘空间不足") as caught:
            faults.require_room(tmp_path / "var")
        self.check(caught.value)

    def test_no_room_for_the_first_byte(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        def refuse(*args: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(faults.Fault, match="disk is full") as caught:
            faults.require_room(tmp_path / "var")
        self.check(caught.value)

    def test_unwritable(self, tmp_path: Path):
        (tmp_path / "file").touch()
        with pytest.raises(faults.Fault, match="目录不可写") as caught:
            faults.require_room(tmp_path / "file" / "var")
        self.check(caught.value)

    def test_missing_library_port_taken_and_running(self):
        self.check(faults.missing_libraries(("libpango-1.0-0",)))
        self.check(faults.port_taken(8000))
        self.check(faults.already_running("http://127.0.0.1:8000"))
        self.check(faults.python_without_venv())

    def test_one_database_url_alone(self, monkeypatch: pytest.MonkeyPatch):
        for name in environment.DATABASE_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DATABASE_URL", "postgres://app@db/portal")
        with pytest.raises(faults.Fault, match="OWNER_DATABASE_URL") as caught:
            environment.plan()
        self.check(caught.value)


def test_real_servers_mean_no_embedded_ones(monkeypatch: pytest.MonkeyPatch):
    for name in (*environment.DATABASE_VARIABLES, "REDIS_URL"):
        monkeypatch.setenv(name, "x://y")
    plan = environment.plan()
    assert (plan.postgres, plan.valkey) == (False, False)


def test_only_the_signing_worker_is_told_where_keys_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KEY_DIR", "/secret/place")
    built = environment.build(tmp_path, guardian.Endpoints(0, 0, 0))
    assert "KEY_DIR" not in built
    assert environment.with_keys(built)["KEY_DIR"] == "/secret/place"
    monkeypatch.delenv("KEY_DIR")
    assert environment.with_keys(built)["KEY_DIR"] == f"{built['STATE_DIR']}/keys"
