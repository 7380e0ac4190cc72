"""`./dev check` and `./dev lock`."""

import os
import subprocess
import sys
import time
from pathlib import Path

from portal.embedded import environment, faults
from portal.embedded.environment import REPO
from portal.embedded.guardian import Lease, Plan

OURS = (
    "portal",
    "core",
    "catalog",
    "certificates",
    "licensing",
    "inspections",
    "labs",
    "supervision",
    "register",
)
REQUIREMENTS = ("requirements-setup", "requirements", "requirements-dev")


def check() -> int:
    """Every static check, all of them even after a failure. Exit 0 when all pass."""
    state = environment.state_dir() / "test"
    lease = Lease(state, Plan(volatile=True))
    env = environment.build(state, lease.acquire())
    try:
        failed = [name for name, command in _commands() if not _passes(name, command, env)]
    finally:
        lease.release()
    if failed:
        print(f"未通过 / failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _commands() -> list[tuple[str, list[str]]]:
    tools = Path(sys.executable).parent
    python = sys.executable
    return [
        ("ruff check", [str(tools / "ruff"), "check", "."]),
        ("ruff format", [str(tools / "ruff"), "format", "--check", "."]),
        ("import-linter", [str(tools / "lint-imports"), "--no-cache"]),
        ("mypy", [python, "-m", "mypy"]),
        ("djlint", [str(tools / "djlint"), "templates", "--lint", "--quiet"]),
        ("bandit", [str(tools / "bandit"), "-q", "-c", "pyproject.toml", "-r", *OURS]),
        ("manage check", [python, "manage.py", "check", "--fail-level", "WARNING"]),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("written docs", [python, "manage.py", "write_docs", "--check"]),
        ("tests load", [python, "-m", "pytest", "--collect-only", "-qq", "tests"]),
    ]


def _passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=REPO, env=env, capture_output=True, text=True)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<16}{verdict:<8}{time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def lock() -> int:
    """Compile each requirements file with hashes, for every platform, without any index's address."""
    for name in REQUIREMENTS:
        command = [
            str(Path(sys.executable).parent / "uv"),
            "pip",
            "compile",
            f"{name}.in",
            "-o",
            f"{name}.txt",
            "-q",
        ]
        command += ["--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url"]
        command += ["--custom-compile-command", "./dev lock"]
        if subprocess.run(command, cwd=REPO, env=dict(os.environ)).returncode != 0:
            raise faults.install_failed(f"{name}.in")
    return 0
