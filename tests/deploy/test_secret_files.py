"""deploy/make-secrets.sh: strong values for every secret the compose file names, made once."""

import re
import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.support.deployment import REPO, compose


@pytest.fixture
def made(tmp_path: Path) -> Path:
    make(tmp_path / "secrets")
    return tmp_path / "secrets"


def make(directory: Path) -> str:
    command = ["sh", str(REPO / "deploy" / "make-secrets.sh"), str(directory)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/").stdout


def test_all_that_are_named_and_no_other(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == set(compose()["secrets"])


def test_each_is_strong_and_its_own(made: Path) -> None:
    values = [path.read_text() for path in made.iterdir()]
    assert len(set(values)) == len(values)
    assert all(re.fullmatch(r"[\w=-]{43,}", value, re.ASCII) for value in values)
    Fernet((made / "ledger_key").read_text())


def test_containers_read_the_files_and_nobody_else_reaches_them(made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {0o644}


def test_nothing_is_made_twice(made: Path) -> None:
    (made / "email_host_password").unlink()
    (made / "email_host_password").write_text("from the mail server\n")
    before = {path.name: path.read_text() for path in made.iterdir()}
    assert make(made) == ""
    assert {path.name: path.read_text() for path in made.iterdir()} == before
