"""Requests per second of the public licence page against the empty view, by wrk, a core for each side."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from portal.bench.runner import interleave, report
from portal.embedded import faults, processes, setup
from portal.embedded.environment import REPO, Servers

SECONDS = 5
CONNECTIONS = 8
WEB = ("--no-control-socket", "--workers", "1", "--threads", "4", "--worker-class", "gthread", "--bind")


def run() -> None:
    """Measure on the installation's own data; needs one licence in the register."""
    if shutil.which("wrk") is None and setup.may_apt():
        setup.apt_install(("wrk",))
    if shutil.which("wrk") is None or shutil.which("taskset") is None:
        raise faults.missing_libraries(("wrk", "util-linux"))
    port = processes.free_port()
    with Servers(port=port) as env:
        env |= {"BENCH": "1", "LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "-m", "portal.embedded.prepare"], env=env, cwd=REPO, check=True)
        number = _any_licence(env)
        serve = (sys.executable, "-m", "gunicorn", "portal.bench.wsgi:application", *WEB, f"127.0.0.1:{port}")
        log = Path(env["STATE_DIR"]) / "log" / "bench.log"
        web = processes.spawn(_pinned(0, *serve), log=log, env=env, cwd=REPO)
        try:
            processes.wait_until(lambda: not processes.is_port_free(port), 30)
            base = f"http://127.0.0.1:{port}"
            pages = {
                "empty view": f"{base}/_bench/empty",
                "licence page": f"{base}/licences/{quote(number)}/",
            }
            for url in pages.values():
                _requests_per_second(url, seconds=1)
            figures = interleave(
                {name: (lambda url=url: _requests_per_second(url)) for name, url in pages.items()},  # type: ignore[misc]
                unit="req/s",
            )
        finally:
            processes.stop(web)
    report("licence-page", figures, floor="empty view")


def _any_licence(env: dict[str, str]) -> str:
    """A number from the register, read as the public login; Fault when the register is empty."""
    import psycopg2

    with psycopg2.connect(env["PUBLIC_DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT number FROM public_register.licence ORDER BY number LIMIT 1")
        row = cursor.fetchone()
    if row is None:
        raise faults.Fault("名录中尚无许可证，无法测量。", "The register holds no licence to measure with.")
    return str(row[0])


def _pinned(core: int, *command: str) -> list[str]:
    """The command on one core; the last one on a machine with fewer."""
    return ["taskset", "-c", str(min(core, (os.cpu_count() or 1) - 1)), *command]


def _requests_per_second(url: str, seconds: int = SECONDS) -> float:
    command = _pinned(1, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise faults.Fault(f"{url} 未返回 200。", f"{url} did not answer 200.")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found.group(1))
