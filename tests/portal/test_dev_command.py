"""`./dev` as a person meets it: usage, a taken port, an unwritable place; and what set-up decides."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from portal.embedded import checks, faults, setup, testing
from portal.embedded.drills import DRILLS

REPO = Path(__file__).resolve().parents[2]


def dev(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `./dev` without the servers of this test session."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_URL") and name not in ("STATE_DIR", "QUEUE_PREFIX", "PORT")
    }
    return subprocess.run(
        ["./dev", *arguments],
        cwd=REPO,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_usage_and_an_unknown_command():
    assert dev("help").returncode == 0
    assert "./dev COMMAND" in dev().stdout
    assert dev("dance").returncode == 2


def test_drill_says_which_exist():
    done = dev("drill")
    assert done.returncode == 0
    assert all(name in done.stderr for name in DRILLS)
    assert dev("drill", "unheard-of").returncode == 2


def test_a_taken_port_is_one_sentence(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = dev("run", "--port", str(port), STATE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines() == str(faults.port_taken(port)).splitlines()


def test_an_unwritable_state_directory_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    done = dev("run", STATE_DIR=str(tmp_path / "file" / "var"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == str(faults.unwritable(tmp_path / "file" / "var")).splitlines()


@pytest.mark.parametrize(
    ("command", "had_tools", "level"),
    [
        ("run", False, "run"),
        ("manage", False, "run"),
        ("run", True, "dev"),
        ("test", False, "dev"),
        ("check", False, "dev"),
    ],
)
def test_the_tools_are_installed_only_for_who_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, had_tools: bool, level: str
):
    monkeypatch.setattr(setup, "VENV", tmp_path)
    if had_tools:
        (tmp_path / ".stamp-dev").touch()
    assert setup.wanted_level(command) == level


def test_without_apt_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(setup, "missing_pango", lambda: True)
    monkeypatch.setattr(setup, "may_apt", lambda: False)
    with pytest.raises(faults.Fault, match="libharfbuzz-subset0"):
        setup.ensure_pango()


def test_a_missing_tool_is_a_failure_not_a_skip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(setup, "may_apt", lambda: False)
    with pytest.raises(faults.Fault, match="a-tool"):
        testing.require({tmp_path / "absent": "a-tool"})


def test_requirements_are_hashed_and_name_no_registry():
    for name in checks.REQUIREMENTS:
        text = (REPO / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert all(line.endswith("\\") for line in pins)
