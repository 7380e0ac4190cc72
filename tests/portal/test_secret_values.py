"""A secret comes by value or by file; whatever is wrong with it is said in one sentence before anything starts."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.generated.settings import variables
from portal.secret_values import given, secret, secret_url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secret"


def test_by_value(file: Path) -> None:
    assert secret("KEY", environ={"KEY": "a b"}) == "a b"
    assert secret("KEY", environ={"KEY": "a", "KEY_FILE": ""}) == "a"


@pytest.mark.parametrize("content", ["s3cret", "s3cret\n", "s3cret\r\n", "s3cret\n\n"])
def test_by_file_without_the_line_end(file: Path, content: str) -> None:
    file.write_text(content)
    assert secret("KEY", environ={"KEY_FILE": str(file)}) == "s3cret"
    assert secret("KEY", environ={"KEY": "", "KEY_FILE": str(file)}) == "s3cret"


def test_blanks_inside_and_around_belong_to_it(file: Path) -> None:
    file.write_text(" a b \n")
    assert secret("KEY", environ={"KEY_FILE": str(file)}) == " a b "


def test_both_are_refused(file: Path) -> None:
    file.write_text("x")
    with pytest.raises(ImproperlyConfigured, match="Both KEY and KEY_FILE are set"):
        secret("KEY", environ={"KEY": "x", "KEY_FILE": str(file)})


@pytest.mark.parametrize("content", ["", "\n", "\r\n\n"])
def test_an_empty_file_is_refused(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(ImproperlyConfigured, match=r"KEY_FILE: .*secret is empty"):
        secret("KEY", "default", environ={"KEY_FILE": str(file)})


def test_a_file_that_cannot_be_read_is_refused(file: Path, tmp_path: Path) -> None:
    for path, reason in ((file, "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(ImproperlyConfigured, match=f"KEY_FILE: {path} cannot be read: {reason}"):
            secret("KEY", "default", environ={"KEY_FILE": str(path)})
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImproperlyConfigured, match="it is no text"):
        secret("KEY", environ={"KEY_FILE": str(file)})


def test_a_missing_one_is_named_and_may_have_a_default() -> None:
    with pytest.raises(ImproperlyConfigured, match="KEY is missing; set KEY, or KEY_FILE"):
        secret("KEY", environ={})
    assert secret("KEY", "", environ={}) == "" and secret("KEY", "d", environ={"KEY": ""}) == "d"
    assert not given("KEY", {"KEY": "", "KEY_FILE": ""}) and given("KEY", {"KEY_FILE": "/x"})


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("postgres://app@db:5432/portal", "postgres://app:p%2F%40%3A@db:5432/portal"),
        ("redis://broker:6379/0", "redis://:p%2F%40%3A@broker:6379/0"),
        ("redis://[::1]:6379/0", "redis://:p%2F%40%3A@[::1]:6379/0"),
    ],
)
def test_a_password_apart_is_put_into_the_address(file: Path, url: str, whole: str) -> None:
    file.write_text("p/@:\n")
    assert secret_url("X_URL", environ={"X_URL": url, "X_PASSWORD_FILE": str(file)}) == whole
    assert secret_url("X_URL", environ={"X_URL": whole}) == whole


def test_two_passwords_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="X_URL holds a password and X_PASSWORD is set"):
        secret_url("X_URL", environ={"X_URL": "redis://:a@b/0", "X_PASSWORD": "c"})
    with pytest.raises(ImproperlyConfigured, match="X_PASSWORD is set, but X_URL names no server"):
        secret_url("X_URL", "", environ={"X_PASSWORD": "c"})


def settings_under(**environ: str) -> "subprocess.CompletedProcess[str]":
    """Load the settings in a process that knows nothing else, and print what they made of it."""
    code = "from portal.settings import *; print(SECRET_KEY, REDIS_URL, sorted(DATABASES), end=' ')"
    code += "; print(DATABASES['default']['PASSWORD'])"
    return subprocess.run(
        [sys.executable, "-c", code], env={"PATH": "/usr/bin:/bin", **environ}, cwd=settings.BASE_DIR,
        capture_output=True, text=True,
    )  # fmt: skip


def test_the_settings_take_all_their_secrets_by_file(tmp_path: Path) -> None:
    environ = {"WORLD": "real", "PUBLIC_BASE_URL": "https://x.example", "REDIS_URL": "redis://broker/0"}
    for variable in variables():
        if variable.by_file and variable.name.endswith("_URL") and variable.name != "REDIS_URL":
            environ[variable.name] = "postgres://login@database/portal"
        elif variable.by_file and variable.name != "REDIS_URL":
            (tmp_path / variable.name).write_text(f"{variable.name.lower()}\n")
            environ[f"{variable.name}_FILE"] = str(tmp_path / variable.name)
    told = settings_under(**environ)
    assert told.stdout.split(maxsplit=2)[:2] == ["secret_key", "redis://:redis_password@broker/0"], (
        told.stderr
    )
    assert told.stdout.rstrip().endswith("['default', 'owner', 'public'] database_password")


def test_only_the_process_that_migrates_knows_the_owner(tmp_path: Path) -> None:
    """A web server of a real world starts without the owner's address and then has no such connection."""
    base = {"WORLD": "real", "SECRET_KEY": "s", "LEDGER_KEY": "l", "DATABASE_URL": "postgres://a:b@c/d"}
    told = settings_under(**base, PUBLIC_DATABASE_URL="postgres://p:q@c/d")
    assert "['default', 'public']" in told.stdout, told.stderr
    refused = settings_under(**base)
    assert refused.returncode != 0 and "PUBLIC_DATABASE_URL is missing" in refused.stderr


def test_migrating_without_the_owner_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import CommandError, call_command

    monkeypatch.delitem(settings.DATABASES, "owner")
    with pytest.raises(CommandError, match="OWNER_DATABASE_URL is missing"):
        call_command("migrate", "--check")


def test_the_entry_leaves_alone_what_comes_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`./dev` neither embeds a server nor makes a key that a file brings."""
    from portal.embedded import environment, guardian

    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "PUBLIC_DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", "/run/secrets/x")
    plan = environment.plan()
    assert (plan.postgres, plan.valkey) == (False, False)
    assert "SECRET_KEY" not in environment.build(tmp_path, guardian.Endpoints(0, 0, 0))
