"""Web server, two workers and beat as children: started, watched, restarted, and stopped in order."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import redis

from portal import heartbeats
from portal.embedded import faults, processes
from portal.embedded.environment import REPO, with_keys
from portal.secret_values import secret_url

READY_SECONDS = 90
STALE_CHECK_SECONDS = 10
MAX_BACKOFF_SECONDS = 30
STEADY_SECONDS = 60
STOP_SECONDS = 15
LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Child:
    """One process under supervision. `queue` names the queue a worker consumes."""

    name: str
    command: list[str]
    env: dict[str, str]
    queue: str = ""
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = field(default=0.0)

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None


def say(line: str) -> None:
    """A line for the person at the terminal; a closed terminal is no reason to fall over."""
    try:
        print(line, flush=True)
    except (OSError, ValueError):
        return


class Supervisor:
    """The portal's processes on one environment. Main thread only: children die with the calling thread."""

    def __init__(self, env: Mapping[str, str], *, port: int, report: Callable[[str], None] = say) -> None:
        self.env = dict(env)
        self.port = port
        self.report = report
        self.prefix = self.env.get("QUEUE_PREFIX", "")
        self.logs = Path(self.env["STATE_DIR"]) / "log"
        self.children = {child.name: child for child in self._plan()}
        self._next_stale_check = time.monotonic() + heartbeats.STALE_SECONDS
        self._broker_since = time.monotonic()

    @property
    def url(self) -> str:
        """Where the web server listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start every child, workers first, and return when /readyz says so. Raises Fault."""
        if not processes.is_port_free(self.port):
            raise faults.port_taken(self.port)
        for child in self.children.values():
            self._launch(child)
        deadline = time.monotonic() + READY_SECONDS
        while self.unready_parts() != []:
            self.watch()
            web = self.children["web"]
            if web.failures > 1 or time.monotonic() > deadline:
                raise faults.server_failed("、".join(self.unready_parts() or ["web"]), self.logs)
            time.sleep(0.1)

    def watch(self) -> None:
        """One round: restart what died, with back-off, and workers gone silent. Call again and again."""
        now = time.monotonic()
        for child in self.children.values():
            if child.is_running:
                continue
            if child.process is not None:
                self._note_death(child, now)
            elif now >= child.restart_at:
                self._launch(child)
        if now >= self._next_stale_check:
            self._next_stale_check = now + STALE_CHECK_SECONDS
            self._restart_stale(now)

    def stop(self) -> None:
        """Web first, so that no request starts; then beat and the workers together, who finish their task."""
        for names in (("web",), ("beat", "worker-default", "worker-certificates")):
            leaving = [self.children[name] for name in names]
            running = [child.process for child in leaving if child.process is not None]
            processes.stop_together(running, signal.SIGTERM, STOP_SECONDS)
            for child in leaving:
                child.process = None

    def restart(self, name: str) -> None:
        """Kill a child and start it anew at once."""
        child = self.children[name]
        if child.process is not None:
            processes.kill_group(child.process)
        self._launch(child)

    def unready_parts(self) -> list[str]:
        """What /readyz complains of; empty when all is well; `web` while nothing answers."""
        try:
            with LOOPBACK.open(f"{self.url}/readyz", timeout=5):
                return []
        except urllib.error.HTTPError as error:
            try:
                parts = json.loads(error.read())["parts"]
            except (ValueError, KeyError):
                return ["web"]
            return [part for part, state in parts.items() if state != "ok"]
        except OSError:
            return ["web"]

    def _plan(self) -> list[Child]:
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "portal.celery:app"]
        figures = {"PROMETHEUS_MULTIPROC_DIR": str(Path(self.env["STATE_DIR"]) / "metrics")}
        web = [
            python,
            "-m",
            "gunicorn",
            "-c",
            "python:portal.gunicorn_conf",
            "portal.wsgi:application",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        web += ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--graceful-timeout", "5"]
        web += ["--timeout", "60", "--preload", "--no-control-socket"]
        return [
            self._worker(celery, "default", self.env),
            self._worker(celery, "certificates", with_keys(self.env)),
            Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""], self.env),
            Child("web", web, {**self.env, **figures}),
        ]

    def _worker(self, celery: list[str], queue: str, env: Mapping[str, str]) -> Child:
        command = [*celery, "worker", "-Q", f"{self.prefix}{queue}", "-n", f"{self.prefix}{queue}@portal"]
        command += ["--concurrency", "1", "--loglevel", "WARNING"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        if queue == "certificates":
            command += ["--max-tasks-per-child", "100"]
        return Child(f"worker-{queue}", command, {**env, "C_FORCE_ROOT": "1"}, queue=queue)

    def _launch(self, child: Child) -> None:
        child.process = processes.spawn(
            child.command, log=self.logs / f"{child.name}.log", env=child.env, cwd=REPO
        )
        child.started_at = time.monotonic()

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        processes.kill_group(child.process)
        code = child.process.returncode
        child.process = None
        child.failures = 1 if now - child.started_at > STEADY_SECONDS else child.failures + 1
        pause = min(MAX_BACKOFF_SECONDS, 2 ** (child.failures - 1))
        child.restart_at = now + pause
        self.report(
            f"{child.name} 意外退出（{code}），{pause} 秒后重启 / ended ({code}), restarting in {pause} s"
        )

    def _restart_stale(self, now: float) -> None:
        """A worker that is alive and no longer consumes (its broker connection went bad) is started anew.

        Judged only while the broker answers and beat schedules, and a full interval after either came back.
        """
        try:
            broker = heartbeats.client(secret_url("REDIS_URL", environ=self.env))
            beat = heartbeats.age(broker, self.prefix, heartbeats.BEAT)
            ages = {queue: heartbeats.age(broker, self.prefix, queue) for queue in heartbeats.QUEUES}
            broker.close()
        except redis.RedisError:
            self._broker_since = now
            return
        if beat is None or beat > heartbeats.UNREADY_SECONDS:
            self._broker_since = now
            if (
                self.children["beat"].is_running
                and now - self.children["beat"].started_at > heartbeats.STALE_SECONDS
            ):
                self._restart_silent("beat")
            return
        for child in self.children.values():
            since = now - max(child.started_at, self._broker_since)
            age = ages.get(child.queue)
            if (
                child.queue
                and since > heartbeats.STALE_SECONDS
                and (age is None or age > heartbeats.STALE_SECONDS)
            ):
                self._restart_silent(child.name)

    def _restart_silent(self, name: str) -> None:
        self.report(f"{name} 已无心跳，正在重启 / {name} is silent, restarting")
        self.restart(name)
