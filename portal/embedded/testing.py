"""`./dev test`: the fast tier, or with --all everything, once more on Debian's servers."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from portal.embedded import faults, setup
from portal.embedded.environment import REPO
from portal.generated import requirements

FAST = "not slow and not browser and not database_debian"
WORKERS = "2"
COMPLETE = {0, 1}
"""Exit codes of a run that came to its end: all passed, or some failed."""
BROWSER = Path("/usr/bin/chromium")
TOOLS = {
    BROWSER: "chromium",
    Path("/usr/bin/pdfsig"): "poppler-utils",
    Path("/usr/bin/qpdf"): "qpdf",
    Path("/usr/sbin/clamd"): "clamav-daemon",
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"): "fonts-noto-cjk",
}
DEBIAN_SERVERS = {
    Path("/usr/lib/postgresql/15/bin/postgres"): "postgresql",
    Path("/usr/bin/redis-server"): "redis-server",
}


def test(arguments: Sequence[str]) -> int:
    """Exit 0 when every test passed. Arguments go to pytest; `--all` is ours.

    The browser has a run of its own: its driver keeps an event loop that other tests must not find running. There
    each worker has a portal of its own.
    """
    if "--all" not in arguments:
        return pytest(["-m", FAST, *arguments])
    rest = [argument for argument in arguments if argument != "--all"]
    require({**TOOLS, **DEBIAN_SERVERS})
    with tempfile.TemporaryDirectory() as place:
        outcomes = [Path(place, name) for name in ("everything", "browser", "again")]
        codes = [
            pytest(["-m", "not database_debian and not browser", *rest], TEST_OUTCOMES=str(outcomes[0])),
            pytest(["-m", "browser", *rest], TEST_OUTCOMES=str(outcomes[1])),
            pytest(
                ["-m", "database and not browser", *rest],
                TEST_SERVERS="debian",
                TEST_OUTCOMES=str(outcomes[2]),
            ),
        ]
        if not rest and set(codes) <= COMPLETE:
            keep(outcomes)
    return next((code for code in codes if code), 0)


def keep(outcomes: Sequence[Path]) -> None:
    """Write how each requirement fares; a checkout that cannot be written keeps what it had."""
    try:
        requirements.keep_results(outcomes)
    except OSError as error:
        print(f"未能更新 docs/requirements.md / docs/requirements.md not updated: {error}", file=sys.stderr)


def pytest(arguments: Sequence[str], **variables: str) -> int:
    """Run pytest on two workers in the clone, its output as it comes."""
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadgroup", *arguments]
    return subprocess.run(command, cwd=REPO, env={**os.environ, "PYTHONUTF8": "1", **variables}).returncode


def require(tools: dict[Path, str]) -> None:
    """Install what is missing by apt where we may. What is missing then is a failure, never a skip."""
    missing = tuple(package for path, package in tools.items() if not path.exists())
    if missing and setup.may_apt():
        setup.apt_install(missing)
        missing = tuple(package for path, package in tools.items() if not path.exists())
    if missing:
        raise faults.missing_libraries(missing)
