"""The scripts of the two servers, run: three logins with the rights promised, a broker with a password."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from portal.embedded import binaries, processes
from tests.support.deployment import REPO
from tests.support.rehearsal import ServerByScript, make_roles
from tests.support.servers import KIND

PASSWORDS = {"owner": "o'wner $1\\", "app": 'a"pp `x`', "public": "pub lic"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerByScript]:
    state = tmp_path_factory.mktemp("database")
    made = {"postgres": "super", "instance": state.name}
    running = ServerByScript(state, binaries.by_name(KIND), made, volatile=True)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.home, ignore_errors=True)


@pytest.fixture(scope="module")
def done(server: ServerByScript, tmp_path_factory: pytest.TempPathFactory) -> ServerByScript:
    secrets = tmp_path_factory.mktemp("secrets")
    for name, password in PASSWORDS.items():
        (secrets / f"{name}_password").write_text(f"{password}\n")
    (secrets / "postgres_password").write_text("super\n")
    make_roles(server, secrets)
    return server


def login(server: ServerByScript, name: str, database: str = "portal") -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(
        host="127.0.0.1", port=server.port, dbname=database, user=f"portal_{name}", password=PASSWORDS[name]
    )
    connection.autocommit = True
    return connection


def ask(connection: "psycopg2.extensions.connection", statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def test_exactly_three_logins_without_any_further_right(done: ServerByScript) -> None:
    rows = ask(
        done.connect(),
        "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' AND rolcanlogin"
        " AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) ORDER BY 1",
    )
    assert rows == [("portal_app",), ("portal_owner",), ("portal_public",)]
    everybody = ask(
        done.connect(), "SELECT count(*) FROM pg_roles WHERE rolcanlogin AND rolname <> 'postgres'"
    )
    assert everybody == [(3,)]
    assert ask(done.connect(), "SELECT * FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
                               " WHERE r.rolname LIKE 'portal%'") == []  # fmt: skip


def test_passwords_are_taken_from_files_whatever_they_hold(done: ServerByScript) -> None:
    for name in PASSWORDS:
        login(done, name).close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(
            host="127.0.0.1", port=done.port, dbname="portal", user="portal_app", password="wrong"
        )
    stored = ask(done.connect(), "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'portal%'")
    assert all(str(row[0]).startswith("SCRAM-SHA-256$") for row in stored)


def test_only_the_owner_builds(done: ServerByScript) -> None:
    ask(login(done, "owner"), "CREATE SCHEMA public_register; CREATE TABLE public_register.t (id int)")
    for name in ("app", "public"):
        stranger = login(done, name)
        ask(stranger, "SET default_transaction_read_only = off")
        for statement in ("CREATE SCHEMA mine", "CREATE TEMP TABLE mine (id int)", "CREATE ROLE mine"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(stranger, statement)


def test_the_public_login_reads_one_schema_and_writes_nothing(done: ServerByScript) -> None:
    public = login(done, "public")
    assert ask(public, "SHOW search_path") == [("public_register",)]
    assert ask(public, "SHOW default_transaction_read_only") == [("on",)]


@pytest.mark.parametrize("content", ["", "\n", None])
def test_a_password_file_that_is_missing_or_empty_stops_the_start(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    environment = {"PATH": os.environ["PATH"], "OWNER_PASSWORD_FILE": str(file)}
    environment |= {"APP_PASSWORD_FILE": "/dev/null", "PUBLIC_PASSWORD_FILE": "/dev/null"}
    command = ["sh", str(REPO / "deploy" / "roles.sh")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 1 and f"{file} is empty" in ran.stderr


def test_no_password_stands_on_a_command_line() -> None:
    """psql reads the files itself; the shell never holds a password."""
    text = (REPO / "deploy" / "roles.sh").read_text("utf-8")
    assert "<<'SQL'" in text and " -v owner" not in text
    assert os.access(REPO / "deploy" / "roles.sh", os.X_OK), "the image would source it into its own shell"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """deploy/broker.sh in a directory of its own, with the broker we have under the name it asks for."""
    programs, data = tmp_path / "bin", tmp_path / "data"
    programs.mkdir()
    data.mkdir()
    (programs / "redis-server").symlink_to(binaries.by_name(KIND).broker)
    (tmp_path / "password").write_text("s3cret-of_the-broker\n")
    port = processes.free_port()
    process = processes.spawn(
        ["sh", REPO / "deploy" / "broker.sh", "--port", str(port), "--bind", "127.0.0.1"],
        log=tmp_path / "log", cwd=data,
        env={"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "BROKER_PASSWORD_FILE": str(tmp_path / "password")},
    )  # fmt: skip
    yield port, process
    processes.stop(process)


def test_the_broker_wants_its_password_and_keeps_what_it_is_given(broker, tmp_path: Path) -> None:
    port, process = broker

    def answers() -> bool:
        try:
            return bool(redis.Redis(port=port, password="s3cret-of_the-broker").ping())
        except redis.ConnectionError:
            return False

    assert processes.wait_until(answers, 10), (tmp_path / "log").read_text()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port).ping()
    client = redis.Redis(port=port, password="s3cret-of_the-broker")
    assert client.config_get("appendonly")["appendonly"] == "yes" and client.config_get("save")["save"] == ""
    assert "s3cret" not in Path(f"/proc/{process.pid}/cmdline").read_text()
    assert "redis-server" in Path(f"/proc/{process.pid}/cmdline").read_text(), "the shell has made way"


def test_the_broker_does_not_start_without_a_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("\n")
    environment = {"PATH": os.environ["PATH"], "BROKER_PASSWORD_FILE": str(tmp_path / "password")}
    command = ["sh", str(REPO / "deploy" / "broker.sh")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=10)
    assert ran.returncode != 0 and "is empty" in ran.stderr
