"""`./dev test`: the fast tier, or with --all everything, once more on Debian's servers."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.embedded import faults, setup
from portal.embedded.environment import REPO

FAST = "not slow and not browser and not database_debian"
WORKERS = "2"
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

    The browser has a run of its own: its driver keeps an event loop that other tests must not find running.
    """
    if "--all" not in arguments:
        return pytest(["-m", FAST, *arguments])
    rest = [argument for argument in arguments if argument != "--all"]
    require({**TOOLS, **DEBIAN_SERVERS})
    everything = pytest(["-m", "not database_debian and not browser", *rest])
    browser = pytest(["-m", "browser", "-n", "0", *rest])
    again = pytest(["-m", "database and not browser", *rest], TEST_SERVERS="debian")
    return everything or browser or again


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
