"""The real thing for tests: web, workers, beat on a cloned demo world, with a Valkey of its own to stop."""

import os
import shutil
import signal
import time
import uuid

from portal.embedded import binaries, processes
from portal.embedded.supervisor import Supervisor
from portal.embedded.valkey import Valkey
from tests.support.console import Console
from tests.support.servers import KIND, REPO, STATE, TestServers, code_digest

DEMO_COMMANDS = (("create_world", "--simulated"), ("ensure_demo",))


class Stack:
    """A running portal. `url` is where it listens, `env` what its processes (and `manage`) run with."""

    def __init__(self, servers: TestServers) -> None:
        self.servers = servers
        self.database = f"stack_{uuid.uuid4().hex[:12]}"
        self.state = STATE / self.database
        self.port = processes.free_port()
        self.messages: list[str] = []
        self._prepare_world()
        self.valkey = Valkey(self.state, binaries.by_name(KIND), servers.secrets, volatile=False)
        self.valkey.start()
        self.env = self._environment()
        self.console = Console(self.env)
        self.supervisor = Supervisor(self.env, port=self.port, report=self.messages.append)

    @property
    def url(self) -> str:
        """The base URL, no trailing slash."""
        return self.supervisor.url

    def start(self) -> None:
        """Collect the static files and bring every process up."""
        self.manage("collectstatic", "--no-input", "-v", "0")
        self.supervisor.start()

    def close(self) -> None:
        """Stop every process and remove what the stack wrote."""
        try:
            self.console.close()
            self.supervisor.stop()
            self.valkey.stop()
        finally:
            self.servers.drop(self.database)
            shutil.rmtree(self.state, ignore_errors=True)

    def manage(self, *command: str) -> str:
        """Run a management command on the stack's database, in a process of its own, and return what it prints."""
        return self.console.run(*command)

    def kill(self, name: str, sig: int = signal.SIGKILL) -> int:
        """Send a signal to a child's whole group (`web`, `beat`, `worker-default`, `worker-certificates`)."""
        process = self.supervisor.children[name].process
        assert process is not None, f"{name} is not running"
        os.killpg(process.pid, sig)
        return process.pid

    def stop_child(self, name: str) -> None:
        """Stop one child and leave it stopped until `start_child`."""
        child = self.supervisor.children[name]
        if child.process is not None:
            processes.stop(child.process)
            child.process = None
            child.restart_at = float("inf")

    def start_child(self, name: str) -> None:
        """Start a stopped or killed child now."""
        self.supervisor.restart(name)

    def stop_broker(self) -> None:
        """The broker goes away; its data stay on disk."""
        self.valkey.stop()

    def start_broker(self) -> None:
        """The broker comes back on the same port with its data."""
        self.valkey.start()

    def wait_ready(self, seconds: float = 60) -> None:
        """Supervise until /readyz is content; AssertionError names what is not."""
        deadline = time.monotonic() + seconds
        while parts := self.supervisor.unready_parts():
            assert time.monotonic() < deadline, (
                f"not ready: {parts}; {self.messages}; logs in {self.state / 'log'}"
            )
            self.supervisor.watch()
            time.sleep(0.2)

    def _prepare_world(self) -> None:
        """Clone the demo world: its database, and the files and keys its commands wrote."""
        digest = code_digest()
        built = STATE / f"demo-{digest}"
        base = self.servers.template()
        template = self.servers.built_template("demo", digest, DEMO_COMMANDS, base=base, STATE_DIR=str(built))
        self.servers.clone(self.database, template)
        if built.exists():
            shutil.copytree(built, self.state)
        for old in STATE.glob("demo-*"):
            if old != built and time.time() - old.stat().st_mtime > 3600:
                shutil.rmtree(old, ignore_errors=True)
        self.state.mkdir(exist_ok=True)

    def _environment(self) -> dict[str, str]:
        env = self.servers.env(self.database)
        env |= {
            "STATE_DIR": str(self.state),
            "REDIS_URL": self.valkey.url(),
            "QUEUE_PREFIX": "",
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PORT": str(self.port),
        }
        env.pop("FILES_DIR", None)
        env["PYTHONPATH"] = str(REPO)
        return env
