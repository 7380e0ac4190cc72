"""The environment every process of the portal gets: real servers from outside, embedded ones otherwise."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from portal.embedded import faults, secrets
from portal.embedded.guardian import Endpoints, Lease, Plan
from portal.secret_values import FILE, given

REPO = Path(__file__).resolve().parents[2]
DATABASE_VARIABLES = {
    "DATABASE_URL": "portal_app",
    "OWNER_DATABASE_URL": "portal_owner",
    "PUBLIC_DATABASE_URL": "portal_public",
}
DEFAULT_PORT = 8000


def state_dir() -> Path:
    """Where this installation keeps its data: `STATE_DIR`, else `var` in the clone."""
    return Path(os.environ.get("STATE_DIR") or REPO / "var").resolve()


def plan(*, binaries: str = "bundled", volatile: bool = False) -> Plan:
    """Embed what the environment does not bring. Three database URLs or none: each login is its own right."""
    brought = [name for name in DATABASE_VARIABLES if given(name)]
    if brought and len(brought) < len(DATABASE_VARIABLES):
        missing = "、".join(name for name in DATABASE_VARIABLES if name not in brought)
        raise faults.Fault(
            f"使用已有数据库时还须设置 {missing}。",
            f"With a database of your own, set {missing.replace('、', ', ')} too.",
        )
    return Plan(binaries=binaries, volatile=volatile, postgres=not brought, valkey=not given("REDIS_URL"))


class Servers:
    """The servers for the length of a `with` block; yields the environment for children."""

    def __init__(self, *, port: int = DEFAULT_PORT) -> None:
        self.port = port
        self.state = state_dir()
        self.lease = Lease(self.state, plan())

    def __enter__(self) -> dict[str, str]:
        endpoints = Endpoints(0, 0, 0)
        if self.lease.plan.postgres or self.lease.plan.valkey:
            endpoints = self.lease.acquire()
        else:
            faults.require_room(self.state)
        return build(self.state, endpoints, port=self.port)

    def __exit__(self, *exception: object) -> None:
        self.lease.release()


def build(
    state: Path,
    endpoints: Endpoints,
    *,
    port: int = DEFAULT_PORT,
    database: str = "portal",
    broker_database: int = 0,
) -> dict[str, str]:
    """Our own environment plus what it lacks. What the user set is never overridden.

    `KEY_DIR` is taken out: only the signing worker gets it (see `with_keys`).
    """
    made = secrets.load(state)
    environment = dict(os.environ)
    environment.pop("KEY_DIR", None)
    defaults = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "STATE_DIR": str(state),
        "WORLD": "demo",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "SECRET_KEY": made["SECRET_KEY"],
        "LEDGER_KEY": made["LEDGER_KEY"],
        **urls(made, endpoints, database=database, broker_database=broker_database),
    }
    if environment.get("WORLD", "demo") == "demo":
        defaults["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{port}"
    for name, value in defaults.items():
        if not environment.get(name) and not environment.get(name + FILE):
            environment[name] = value
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    return environment


def urls(
    made: Mapping[str, str], endpoints: Endpoints, *, database: str, broker_database: int
) -> dict[str, str]:
    """The connection URLs of the embedded servers that run."""
    found = {}
    if endpoints.postgres_port:
        for variable, role in DATABASE_VARIABLES.items():
            password = quote(made[role], safe="")
            found[variable] = f"postgres://{role}:{password}@127.0.0.1:{endpoints.postgres_port}/{database}"
    if endpoints.valkey_port:
        password = quote(made["valkey"], safe="")
        found["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{endpoints.valkey_port}/{broker_database}"
    return found


def with_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the signing worker: the only process that is told where keys are."""
    directory = os.environ.get("KEY_DIR") or str(Path(environment["STATE_DIR"]) / "keys")
    return {**environment, "KEY_DIR": directory}
