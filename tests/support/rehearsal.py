"""The compose file played without an engine: the image's steps in a directory, each container as a process of its own.

What an engine would add (users, read-only roots, networks) is not played; that nothing writes into the image is seen
afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.embedded import processes
from portal.embedded.binaries import Binaries
from portal.embedded.postgres import Postgres
from tests.support import deployment
from tests.support.deployment import REPO, SECRETS, services, words

SYSTEM = ("apt-get ", "rm -rf /var/lib/apt", "useradd ", "chown ")
"""Parts of the image's steps that need root on a machine of their own."""
HOST = deployment.env_file(REPO / "deploy" / "env.example")["ALLOWED_HOSTS"]


class ServerByScript(Postgres):
    """A database server that starts as the image's does, with its superuser alone; then `make_roles`."""

    def _prepare(self) -> None:
        """The logins are the script's business."""


def make_roles(server: ServerByScript, secrets: Path) -> None:
    """Run deploy/roles.sh as the database's image does, its secrets in files."""
    environment = {
        "PATH": f"{server.binaries.postgres_bin}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGPASSWORD": server.secrets["postgres"],
    }  # fmt: skip
    for variable, value in services()["database"]["environment"].items():
        if variable.endswith("_FILE"):
            environment[variable] = str(secrets / value.removeprefix(SECRETS))
    command = ["sh", str(REPO / "deploy" / "roles.sh")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


class Image:
    """The portal's Dockerfile, done below `root` as far as one can without being root on an empty machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workdir = root
        self.env = self._outside()
        for step in deployment.dockerfile(REPO / "Dockerfile"):
            getattr(self, f"_{step.name.lower()}", lambda step: None)(step)
        self.command = deployment.only(deployment.dockerfile(REPO / "Dockerfile"), "CMD").words

    def placed(self, text: str) -> str:
        """The text with the image's own directories below our root."""
        return re.sub(r"(?<![\w.])/(srv|tmp)/", rf"{self.root}/\1/", text)

    def _outside(self) -> dict[str, str]:
        """The system's Python and what tells installers where to fetch from; nothing of a portal."""
        keep = ("PIP_", "UV_", "SSL_", "REQUESTS_", "LANG", "LC_", "HOME", "TMPDIR")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(keep) or "proxy" in name.lower()
        }
        return {**kept, "PATH": f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/bin"}

    def _workdir(self, step: deployment.Step) -> None:
        self.workdir = Path(self.placed(f"{step.text}/"))
        self.workdir.mkdir(parents=True)

    def _env(self, step: deployment.Step) -> None:
        for pair in step.words:
            name, value = pair.split("=", 1)
            self.env[name] = self.placed(value).replace("$PATH", self.env["PATH"])

    def _copy(self, step: deployment.Step) -> None:
        *sources, target = step.words
        assert target in (".", "./")
        for path in deployment.image_files():
            if "." in sources or str(path) in sources:
                (self.workdir / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPO / path, self.workdir / path)

    def _run(self, step: deployment.Step) -> None:
        parts = [part.strip() for part in step.text.split("&&")]
        ours = " && ".join(self.placed(part) for part in parts if not part.startswith(SYSTEM))
        if ours:
            command = ["sh", "-ec", ours]
            ran = subprocess.run(command, cwd=self.workdir, env=self.env, capture_output=True, text=True)
            assert ran.returncode == 0, f"{ours}\n{ran.stdout}{ran.stderr}"

    def content(self) -> dict[str, tuple[int, float]]:
        """Every file that a read-only root would protect, with size and time of change."""
        found: dict[str, tuple[int, float]] = {}
        for directory in (self.workdir, self.root / "srv" / "venv"):
            for path in directory.rglob("*"):
                if path.is_file():
                    status = path.stat()
                    found[str(path.relative_to(self.root))] = (status.st_size, status.st_mtime)
        return found


class Rehearsal:
    """Servers, secrets and the processes of the compose file on this machine."""

    def __init__(self, image: Image, state: Path, programs: Binaries) -> None:
        self.image, self.state, self.programs = image, state, programs
        self.before = image.content()
        self.secrets = state / "secrets"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.port, self.broker_port = processes.free_port(), processes.free_port()
        subprocess.run(
            ["sh", REPO / "deploy" / "make-secrets.sh", self.secrets], check=True, capture_output=True
        )
        made = {"postgres": (self.secrets / "postgres_password").read_text(), "instance": state.name}
        self.database = ServerByScript(state, programs, made, volatile=True)

    def start_servers(self) -> None:
        """Database and broker, each by its script."""
        self.database.start()
        make_roles(self.database, self.secrets)
        (self.state / "bin").mkdir()
        (self.state / "bin" / "redis-server").symlink_to(self.programs.broker)
        command = [
            "sh",
            REPO / "deploy" / "broker.sh",
            "--port",
            str(self.broker_port),
            "--bind",
            "127.0.0.1",
        ]
        env = {**self.env("broker"), "PATH": f"{self.state / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        self.running["broker"] = processes.spawn(command, log=self.log("broker"), env=env, cwd=self.state)

    def env(self, name: str) -> dict[str, str]:
        """The environment the compose file gives a service, with this machine's places."""
        given = deployment.filled(
            services()[name]["environment"], deployment.env_file(REPO / "deploy" / "env.example")
        )
        return {
            **self.image.env,
            **{key: self.placed(value) for key, value in given.items()},
            "PORT": str(self.port),
        }

    def placed(self, text: str) -> str:
        """The text with this machine's directories and ports."""
        text = self.image.placed(text).replace(SECRETS, f"{self.secrets}/")
        text = text.replace("@database:5432/", f"@127.0.0.1:{self.database.port}/")
        text = text.replace("broker:6379/", f"127.0.0.1:{self.broker_port}/")
        return text.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}")

    def start(self, name: str) -> None:
        """One process of the portal's image."""
        command = words(services()[name].get("command")) or self.image.command
        self.running[name] = processes.spawn(
            self._program([self.placed(word) for word in command]),
            log=self.log(name), env=self.env(name), cwd=self.image.workdir,
        )  # fmt: skip

    def finish(self, name: str) -> int:
        """Run a one-shot service to its end; its exit code."""
        self.start(name)
        return self.running.pop(name).wait(120)

    def ask(self, name: str) -> "subprocess.CompletedProcess[str]":
        """A service's health check, as the engine asks it."""
        _kind, *command = services()[name]["healthcheck"]["test"]
        return subprocess.run(
            self._program(command), env=self.env(name), cwd=self.image.workdir, capture_output=True, text=True
        )

    def _program(self, command: list[str]) -> list[str]:
        """Found in the image's PATH, as the engine does."""
        found = shutil.which(command[0], path=self.image.env["PATH"])
        assert found, command[0]
        return [found, *command[1:]]

    def log(self, name: str) -> Path:
        return self.state / "log" / f"{name}.log"

    def logs(self) -> Iterator[str]:
        """What each process had to say."""
        for path in sorted((self.state / "log").glob("*.log")):
            yield f"{path.stem}:\n{path.read_text('utf-8', 'replace')[-2000:]}"

    def stop(self) -> None:
        """End everything that was started; the broker last, for workers say good-bye to it."""
        names = sorted(self.running, key=lambda name: name == "broker")
        for name in names:
            if name != "broker":
                self.running[name].terminate()
        for name in names:
            processes.stop(self.running[name], patience=20)
        self.database.stop()
        shutil.rmtree(self.database.home, ignore_errors=True)


def as_the_proxy(token: str = "") -> dict[str, Any]:
    """Headers of a request as the proxy passes it on."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    return {**headers, "Authorization": f"Bearer {token}"} if token else headers
