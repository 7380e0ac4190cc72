"""`docs/settings.md`: every environment variable the portal reads, where, and what stands in for it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

_TOLD = """
WORLD: `demo` or `real`; a demo world is invented and says so everywhere
DEBUG: development only
SECRET_KEY: signs sessions and one-time links; keep it secret and for good
LEDGER_KEY: seals personal values of the ledger; losing it erases them
STATE_DIR: where files, logs and embedded servers keep their data
FILES_DIR: where uploaded documents lie
KEY_DIR: where signing keys lie; only the signing worker may know it
PUBLIC_BASE_URL: the address printed in QR codes; required in a real world
ALLOWED_HOSTS: host names, comma separated
CSRF_TRUSTED_ORIGINS: origins behind a proxy, comma separated
BENCH: opens the empty view for measurements
CONN_MAX_AGE: seconds a database connection is kept
DATABASE_URL: the application's login
DATABASE_PASSWORD: its password, where the address holds none
OWNER_DATABASE_URL: the login that owns the schema; in a real world only for the process that migrates
OWNER_DATABASE_PASSWORD: its password, where the address holds none
PUBLIC_DATABASE_URL: the login that reads the public register alone; a real world needs it
PUBLIC_DATABASE_PASSWORD: its password, where the address holds none
REDIS_URL: the broker
REDIS_PASSWORD: its password, where the address holds none
QUEUE_PREFIX: keeps installations on one broker apart
TRUSTED_PROXY_COUNT: proxies in front whose addresses are believed
IDENTITY_ISSUER: OpenID Connect provider that proves legal representatives
IDENTITY_CLIENT_ID: our name there
IDENTITY_CLIENT_SECRET: our secret there
HTTPS: secure cookies, redirect and HSTS
DECISION_HOLD_MINUTES: minutes a decision can be recalled before it takes effect; 0 for at once
FILE_INSPECTIONS_AT_ONCE: uploads looked into at the same time
CLAMD_URL: virus scanner, `tcp://host:3310` or `unix:///path`
CLAMD_TIMEOUT: seconds to wait for it
EMAIL_BACKEND: Django's mail backend
EMAIL_HOST: mail server
EMAIL_PORT: its port
EMAIL_HOST_USER: login at the mail server
EMAIL_HOST_PASSWORD: password at the mail server
EMAIL_USE_SSL: TLS from the first byte
EMAIL_USE_TLS: STARTTLS
DEFAULT_FROM_EMAIL: sender of our mail
SMS_GATEWAY_URL: where short messages are posted
SMS_GATEWAY_TOKEN: bearer token for it
METRICS_TOKEN: opens `/metrics` to whoever shows it; closed without
LOG_FORMAT: `line` for people, `json` for machines
LOG_LEVEL: least level that is written
"""
WORDS = dict(line.split(": ", 1) for line in _TOLD.strip().splitlines())


READERS = ("secret", "secret_url", "_database")
"""Functions that read a variable which may also come by file."""


@dataclass(frozen=True)
class Variable:
    """One variable as `portal/settings.py` reads it; `by_file` when `NAME_FILE` may stand in for it."""

    name: str
    kind: str
    default: str
    by_file: bool = False


def variables() -> list[Variable]:
    """In the order they are read; each once. Raises KeyError for one nobody has explained."""
    tree = ast.parse((settings.BASE_DIR / "portal" / "settings.py").read_text("utf-8"))
    found: dict[str, Variable] = {}
    for variable in _read(tree):
        found.setdefault(variable.name, variable)
    return list(found.values())


def _read(tree: ast.AST) -> Iterator[Variable]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda node: node.lineno):
        reader = node.func.id if isinstance(node.func, ast.Name) else ""
        by_env = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "env"
        if not (by_env or reader in READERS) or not node.args:
            continue
        kind = node.func.attr if isinstance(node.func, ast.Attribute) else "secret"
        default = next((ast.unparse(word.value) for word in node.keywords if word.arg == "default"), "")
        for name in [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]:
            if isinstance(name, str) and name.isupper():
                yield from _variable(name, kind, default, reader)


def _variable(name: str, kind: str, default: str, reader: str) -> Iterator[Variable]:
    """An address also has a password that may come apart."""
    if reader in ("secret_url", "_database"):
        yield Variable(name, "url", default, by_file=True)
        yield Variable(f"{name.removesuffix('_URL')}_PASSWORD", "secret", "''", by_file=True)
    else:
        yield Variable(name, kind, default, by_file=reader == "secret")


def document() -> str:
    """The table."""
    rows = [
        f"| `{row.name}` | {row.kind} | {'yes' if row.by_file else ''} | {_without(row)} | {WORDS[row.name]} |"
        for row in variables()
    ]
    head = [
        "# Settings",
        "",
        "Environment variables, as `portal/settings.py` reads them. One marked *by file* may instead be given as",
        "`NAME_FILE`, the path of a file with the value; line ends at its end do not count. Both at once, a file that",
        "is empty or cannot be read: the portal does not start and says which.",
        "",
    ]
    return "\n".join(
        [*head, "| variable | kind | by file | without it | what |", "|---|---|---|---|---|", *rows, ""]
    )


def _without(row: Variable) -> str:
    return f"`{row.default}`" if row.default else "required"
