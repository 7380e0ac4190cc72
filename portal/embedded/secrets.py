"""Passwords and keys of an embedded installation: made once, kept in `STATE_DIR/secrets.json` (0600)."""

import base64
import json
import os
import secrets
from pathlib import Path

PASSWORDS = ("postgres", "portal_owner", "portal_app", "portal_public", "valkey")


def load(state: Path) -> dict[str, str]:
    """The installation's secrets; those that do not exist yet are generated.

    Two processes may ask at once: the file is written aside and linked into place, so the first wins.
    """
    path = state / "secrets.json"
    if not path.exists():
        _write_once(path, _generate())
    return dict(json.loads(path.read_text()))


def _generate() -> dict[str, str]:
    made = {name: secrets.token_urlsafe(24) for name in PASSWORDS}
    made["SECRET_KEY"] = secrets.token_urlsafe(48)
    made["instance"] = secrets.token_hex(8)
    made["LEDGER_KEY"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return made


def _write_once(path: Path, content: dict[str, str]) -> None:
    aside = path.with_name(f".secrets.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
