"""The portal behind one gunicorn worker on the first core, and `wrk` on the last one to load it."""

import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.embedded import faults, processes, setup
from portal.embedded.environment import REPO

SECONDS = 3
CONNECTIONS = 8
WEB = ("--no-control-socket", "--workers", "1", "--threads", "4", "--worker-class", "gthread", "--bind")
EMPTY = "/_bench/empty"
PERCENTILES = Path(__file__).with_name("percentiles.lua")


@dataclass(frozen=True)
class Target:
    """A page, and the cookies of who looks at it."""

    url: str
    cookie: str = ""


def require_tools() -> None:
    """Install `wrk` where we may, else say what is missing."""
    if shutil.which("wrk") is None and setup.may_apt():
        setup.apt_install(("wrk",))
    if shutil.which("wrk") is None or shutil.which("taskset") is None:
        raise faults.missing_libraries(("wrk", "util-linux"))


@contextmanager
def serving(env: Mapping[str, str], port: int) -> Iterator[str]:
    """The portal with the empty view routed; yields where it listens."""
    require_tools()
    serve = (sys.executable, "-m", "gunicorn", "portal.bench.wsgi:application", *WEB, f"127.0.0.1:{port}")
    log = Path(env["STATE_DIR"]) / "log" / "bench.log"
    web = processes.spawn(pinned(0, *serve), log=log, env=env, cwd=REPO)
    try:
        if not processes.wait_until(lambda: not processes.is_port_free(port), 60):
            raise faults.server_failed("gunicorn", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        processes.stop(web)


def pinned(core: int, *command: str) -> list[str]:
    """The command on one core; the last one on a machine with fewer."""
    return ["taskset", "-c", str(min(core, (os.cpu_count() or 1) - 1)), *command]


def requests_per_second(target: Target, seconds: int = SECONDS, connections: int = CONNECTIONS) -> float:
    """Answers a second under eight requests at a time. Raises Fault when one is no 200."""
    found = re.search(r"Requests/sec:\s+([\d.]+)", _wrk(target, seconds, connections))
    assert found is not None
    return float(found[1])


def rate_bodies(targets: Mapping[str, Target]) -> dict[str, Callable[[], float]]:
    """What to measure, by name: each target under its eight requests at a time."""
    return {label: partial(requests_per_second, target) for label, target in targets.items()}


def milliseconds(target: Target, seconds: int = SECONDS) -> tuple[float, float]:
    """Half and 95 in a hundred of the answers came within so many milliseconds, one request after the other."""
    found = re.search(r"p50 ([\d.]+) p95 ([\d.]+)", _wrk(target, seconds, 1, "-s", str(PERCENTILES)))
    assert found is not None
    return float(found[1]), float(found[2])


def _wrk(target: Target, seconds: int, connections: int, *more: str) -> str:
    command = pinned(1, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", *more)
    command += ["-H", f"Cookie: {target.cookie}"] if target.cookie else []
    done = subprocess.run([*command, target.url], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise faults.Fault(f"{target.url} 未返回 200。", f"{target.url} did not answer 200.")
    return done.stdout


def signed_in(base: str, env: Mapping[str, str], user: str) -> http.cookiejar.CookieJar:
    """The session of one of the demo world's people. Raises Fault where there is none."""
    command = [sys.executable, "manage.py", "demo_login", user]
    link = subprocess.run(command, env=dict(env), cwd=REPO, capture_output=True, text=True)
    if link.returncode != 0:
        raise faults.Fault("这项测量需要演示数据。", "This bench needs a demo world.")
    cookies = http.cookiejar.CookieJar()
    opener_of(cookies).open(base + urllib.parse.urlsplit(link.stdout.strip().split()[-1]).path).close()
    return cookies


def opener_of(cookies: http.cookiejar.CookieJar) -> urllib.request.OpenerDirector:
    """A browser without a proxy."""
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies)
    )


def header_of(cookies: http.cookiejar.CookieJar) -> str:
    """The cookies as `wrk` sends them; a page asked for without them would lead to the door and look fast."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
