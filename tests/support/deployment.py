"""What the files of a deployment say, read as a container engine reads them."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).resolve().parents[2]
COMPOSE = REPO / "docker-compose.yml"
SECRETS = "/run/secrets/"
_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>[A-Z][A-Z0-9_]*)(?::?(?P<kind>[-?])(?P<rest>[^}]*))?\})")

Service = dict[str, Any]


@cache
def compose() -> dict[str, Any]:
    """The compose file with its anchors resolved and its variables as written."""
    return dict(yaml.safe_load(COMPOSE.read_text("utf-8")))


def services() -> dict[str, Service]:
    """Every service by name."""
    return dict(compose()["services"])


def our_services() -> dict[str, Service]:
    """Those that run the portal's own image."""
    return {name: row for name, row in services().items() if row.get("build") == "."}


def asked_variables() -> set[str]:
    """Names the compose file takes from `.env`."""
    return {found["name"] for found in _VARIABLE.finditer(COMPOSE.read_text("utf-8")) if found["name"]}


def filled(value: Any, environ: Mapping[str, str]) -> Any:
    """A value with `${…}` replaced; raises KeyError for one that is required (`:?`) and empty."""
    if isinstance(value, dict):
        return {key: filled(row, environ) for key, row in value.items()}
    if isinstance(value, list):
        return [filled(row, environ) for row in value]
    return _VARIABLE.sub(lambda found: _value(found, environ), value) if isinstance(value, str) else value


def _value(found: "re.Match[str]", environ: Mapping[str, str]) -> str:
    if not found["name"]:
        return "$"
    value = environ.get(found["name"], "")
    if not value and found["kind"] == "?":
        raise KeyError(found["name"])
    return value or (found["rest"] if found["kind"] == "-" else "")


def env_file(path: Path) -> dict[str, str]:
    """The lines of a `.env` file."""
    rows = (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return dict(row.split("=", 1) for row in rows)


def words(command: Any) -> list[str]:
    """A command as its words, whichever way it is written."""
    return shlex.split(command) if isinstance(command, str) else list(command or ())


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its words; a JSON array counts as what it holds."""
        return list(json.loads(self.text)) if self.text.startswith("[") else shlex.split(self.text)


def dockerfile(path: Path) -> list[Step]:
    """The instructions in order."""
    text = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [Step(*line.split(maxsplit=1)) for line in lines if line.strip()]


def only(steps: list[Step], name: str) -> Step:
    """The last instruction of a kind: the one that counts."""
    return next(step for step in reversed(steps) if step.name == name)


@cache
def _ignore_rules() -> list[tuple[bool, "re.Pattern[str]"]]:
    rows = (REPO / ".dockerignore").read_text("utf-8").splitlines()
    rules = [row.strip() for row in rows if row.strip() and not row.startswith("#")]
    return [(row.startswith("!"), _pattern(row.removeprefix("!").strip("/"))) for row in rules]


def _pattern(row: str) -> "re.Pattern[str]":
    """`**` passes any number of directories, `*` none."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^]]+\])", row)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(known.get(part) or (part if part[:1] == "[" else re.escape(part)) for part in parts)
    )


def is_ignored(path: str) -> bool:
    """Whether `.dockerignore` keeps a path, or a directory above it, out of the image; the last rule decides."""
    places = [path, *(str(parent) for parent in Path(path).parents if str(parent) != ".")]
    ignored = False
    for keep, pattern in _ignore_rules():
        if any(pattern.fullmatch(place) for place in places):
            ignored = not keep
    return ignored


def image_files() -> Iterator[Path]:
    """Files of this checkout that `COPY . .` puts into the image, relative; what git ignores is not looked at."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPO, capture_output=True, check=True, text=True).stdout
    for name in listed.split("\0"):
        if name and not is_ignored(name) and (REPO / name).is_file():
            yield Path(name)
