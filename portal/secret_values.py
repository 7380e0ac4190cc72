"""Secrets by value or by file: `NAME`, or `NAME_FILE` with the path of a file that holds the value.

Container platforms hand secrets out as files; a file stands in no process list and in no description of a container.
Imports nothing heavy: health checks ask it several times a minute.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

FILE = "_FILE"


def given(name: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment brings this secret, either way; an empty variable brings nothing."""
    return bool(environ.get(name) or environ.get(name + FILE))


def secret(name: str, default: str | None = None, *, environ: Mapping[str, str] = os.environ) -> str:
    """The value of a secret. Raises ImproperlyConfigured with one sentence for each way it can be wrong."""
    value, path = environ.get(name, ""), environ.get(name + FILE, "")
    if value and path:
        raise ImproperlyConfigured(f"Both {name} and {name}{FILE} are set; set one of them.")
    if path:
        return _read(name, Path(path))
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is missing; set {name}, or {name}{FILE} to the path of a file.")
    return default


def secret_url(name: str, default: str | None = None, *, environ: Mapping[str, str] = os.environ) -> str:
    """The address of a server; the password may come apart from it, as `X_PASSWORD` beside `X_URL`."""
    url = secret(name, default, environ=environ)
    separate = name.removesuffix("_URL") + "_PASSWORD"
    if not given(separate, environ):
        return url
    parts = urlsplit(url)
    if not parts.hostname:
        raise ImproperlyConfigured(f"{separate} is set, but {name} names no server.")
    if parts.password:
        raise ImproperlyConfigured(f"{name} holds a password and {separate} is set; set one of them.")
    password = quote(secret(separate, environ=environ), safe="")
    server = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}:{password}@{server}"))


def _read(name: str, path: Path) -> str:
    """What the file holds, without the line ends an editor leaves behind."""
    try:
        value = path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"{name}{FILE}: {path} cannot be read: {reason}.") from None
    if not value:
        raise ImproperlyConfigured(f"{name}{FILE}: {path} is empty.")
    return value
