"""Set-up before anything of ours runs: virtual environment, hashed requirements, libraries, catalogues.

Runs under any Python ≥ 3.11 with the standard library alone, then replaces itself by the environment's
Python. A stamp keyed on the requirements' hash makes a warm start skip the installation.
"""

import ctypes
import ctypes.util
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import faults

REPO = Path(__file__).resolve().parents[2]
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLER = REPO / "requirements-setup.txt"
REQUIREMENTS = {"run": REPO / "requirements.txt", "dev": REPO / "requirements-dev.txt"}
DEVELOPMENT_COMMANDS = ("test", "check", "bench", "drill", "screenshots", "lock")
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PANGO_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


def say(chinese: str, english: str) -> None:
    """Progress goes to stderr: stdout belongs to the command."""
    print(f"{chinese} / {english}", file=sys.stderr, flush=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold off a second `./dev` of the same clone while this one installs."""
    descriptor = os.open(REPO, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def ensure_venv() -> None:
    """Create the virtual environment, or one anew where the old one's Python is gone."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0:
        return
    say("正在创建虚拟环境", "creating the virtual environment")
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        if not may_apt():
            raise faults.python_without_venv()
        apt_install((f"python3.{sys.version_info.minor}-venv",))
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command).returncode != 0:
        raise faults.python_without_venv()


def wanted_level(command: str) -> str:
    """Which requirements a command needs: an environment that once had the tools keeps them."""
    if command in DEVELOPMENT_COMMANDS or (VENV / ".stamp-dev").exists():
        return "dev"
    return "run"


def ensure_requirements(level: str) -> None:
    """Install the hashed requirements unless the stamp says that exactly these are there."""
    source = REQUIREMENTS[level]
    digest = hashlib.sha256(source.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f".stamp-{level}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("正在安装依赖", "installing the requirements")
    uv = VENV / "bin" / "uv"
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r"]
    if not uv.exists():
        run_installer([*pip, str(INSTALLER)], "uv")
    install = [
        str(uv),
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "--python",
        str(PYTHON),
        "-r",
        str(source),
    ]
    if subprocess.run(install).returncode != 0:
        run_installer([*pip, str(source)], source.name)
    stamp.write_text(digest)


def run_installer(command: list[str], what: str) -> None:
    """Run pip or apt-get with its output visible."""
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        raise faults.install_failed(what)


def may_apt() -> bool:
    """Whether this user may install system packages here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: tuple[str, ...]) -> None:
    """Install named Debian packages, refreshing the package lists only when the first try fails."""
    say(f"正在安装系统软件包 {' '.join(packages)}", "installing system packages")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, env=environment, capture_output=True).returncode == 0:
        return
    subprocess.run(["apt-get", "update", "-qq"], env=environment, stdout=sys.stderr)
    if subprocess.run(install, env=environment, stdout=sys.stderr).returncode != 0:
        raise faults.install_failed(" ".join(packages))


def missing_pango() -> bool:
    """Whether a shared library of the text layout that draws certificates cannot be loaded."""
    if sys.platform == "darwin":
        return ctypes.util.find_library("pango-1.0") is None
    try:
        for name in PANGO_LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return True
    return False


def ensure_pango() -> None:
    """Install Pango where we may, else say in one sentence which packages to ask for."""
    if not missing_pango():
        return
    if may_apt():
        apt_install(PANGO)
    if missing_pango():
        raise faults.missing_libraries(PANGO if sys.platform != "darwin" else ("pango",))


def ensure_catalogues() -> None:
    """Compile the message catalogues that changed; compiled ones are not kept in the repository."""
    sources = list(REPO.glob("locale/*/LC_MESSAGES/*.po"))
    if all(po.with_suffix(".mo").exists() and is_newer(po.with_suffix(".mo"), po) for po in sources):
        return
    if subprocess.run([PYTHON, "-m", "portal.i18n", "compile"], cwd=REPO, stdout=sys.stderr).returncode != 0:
        raise faults.step_failed("portal.i18n compile")


def is_newer(built: Path, source: Path) -> bool:
    """Compare by the file system's clock; equal counts as built."""
    return built.stat().st_mtime >= source.stat().st_mtime


def main(arguments: list[str]) -> int:
    """Set up what the command needs and become the command. Returns an exit code only on failure."""
    command = arguments[0] if arguments else "help"
    try:
        with one_at_a_time():
            ensure_venv()
            ensure_requirements(wanted_level(command))
            ensure_pango()
            ensure_catalogues()
    except faults.Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except OSError as error:
        print(faults.from_os_error(error, REPO), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    os.execv(PYTHON, [str(PYTHON), "-m", "portal.embedded", *arguments])  # nosec B606  # nosec B606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
