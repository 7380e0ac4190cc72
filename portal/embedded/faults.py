"""Faults a person can act on: one sentence in Chinese, the same in English, exit code 1."""

import errno
import shutil
from pathlib import Path

MIN_FREE_BYTES = 200 * 1024 * 1024


class Fault(Exception):
    """Stops the command. The two sentences are all the user sees; no traceback."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


def python_without_venv() -> Fault:
    """Debian splits the venv module off; without it nothing can be installed."""
    return Fault(
        "Python 缺少 venv 模块；请安装 python3-venv 后重试。",
        "Python lacks its venv module; install python3-venv and try again.",
    )


def missing_libraries(packages: tuple[str, ...]) -> Fault:
    """A shared library that cannot come from the package index."""
    names = " ".join(packages)
    return Fault(
        f"缺少系统库；请由管理员安装软件包 {names} 后重试。",
        f"System libraries are missing; have an administrator install {names} and try again.",
    )


def install_failed(what: str) -> Fault:
    """The package installer returned an error; its own output stands above."""
    return Fault(f"安装 {what} 失败，原因见上文。", f"Installing {what} failed; the reason stands above.")


def port_taken(port: int) -> Fault:
    """Another program listens where the web server should."""
    return Fault(
        f"端口 {port} 已被占用；请用 ./dev run --port 指定其他端口。",
        f"Port {port} is taken; choose another with ./dev run --port.",
    )


def already_running(url: str) -> Fault:
    """`run` is alive in this state directory."""
    return Fault(f"本系统已在运行：{url}", f"Already running: {url}")


def disk_full(path: Path) -> Fault:
    """Starting a database without room to write would damage it."""
    mebibytes = MIN_FREE_BYTES // 1024 // 1024
    return Fault(
        f"磁盘空间不足：{path} 所在磁盘可用空间少于 {mebibytes} MB。",
        f"The disk is full: less than {mebibytes} MB are free at {path}.",
    )


def unwritable(path: Path) -> Fault:
    """The state directory cannot be created or written."""
    return Fault(
        f"目录不可写：{path}；请修改权限，或用 STATE_DIR 指定其他目录。",
        f"Cannot write to {path}; change its permissions or set STATE_DIR to another directory.",
    )


def server_failed(name: str, log: Path) -> Fault:
    """An embedded server or a child of the supervisor did not come up."""
    return Fault(f"{name} 未能启动，详见 {log}。", f"{name} did not start; see {log}.")


def foreign_data(path: Path) -> Fault:
    """The data were made with other passwords: somebody removed or exchanged `secrets.json`."""
    return Fault(
        f"{path} 中的数据与 secrets.json 不匹配；请恢复原来的 secrets.json，或移走该目录。",
        f"The data in {path} do not match secrets.json; restore the original secrets.json or move the data away.",
    )


def step_failed(name: str) -> Fault:
    """A step before the start of the web server failed."""
    return Fault(f"步骤 {name} 失败，原因见上文。", f"The step {name} failed; the reason stands above.")


def from_os_error(error: OSError, path: Path) -> Fault:
    """Translate the operating system's refusal into one of the sentences above."""
    return disk_full(path) if error.errno in (errno.ENOSPC, errno.EDQUOT) else unwritable(path)


def require_room(path: Path) -> None:
    """Create `path` if need be, prove that it can be written, and that the disk has room.

    Raises Fault. The directory can be traversed but not listed by others: PostgreSQL may run as another user.
    """
    try:
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
        probe = path / ".probe"
        probe.write_bytes(b"0" * 4096)
        probe.unlink()
        free = shutil.disk_usage(path).free
    except OSError as error:
        raise from_os_error(error, path) from error
    if free < MIN_FREE_BYTES:
        raise disk_full(path)
