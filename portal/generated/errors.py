"""Every error a person or a program can meet, from the classes themselves."""

import re
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.utils.translation import override

from core.lifecycle.errors import DomainError
from core.rest.problems import status_of


@dataclass(frozen=True)
class ErrorRow:
    """One code: its HTTP status, and its words in the language of the reader."""

    code: str
    status: int
    message: str


def every_error() -> list[ErrorRow]:
    """All errors with a code of their own, by code; a code used twice appears once."""
    found: dict[str, type[DomainError]] = {}
    for kind in _below(DomainError):
        if "code" in vars(kind):
            found.setdefault(kind.code, kind)
    return [ErrorRow(code, _status(found[code]), _told(found[code])) for code in sorted(found)]


def _status(kind: type[DomainError]) -> int:
    return status_of(kind.__new__(kind))


def _told(kind: type[DomainError]) -> str:
    """The words with an ellipsis where a value stands."""
    return re.sub(r"%\(\w+\)s", "…", str(kind.message))


def _below(kind: type[DomainError]) -> list[type[DomainError]]:
    """Subclasses of the portal itself; those of tests are none of its errors."""
    names = {config.name.split(".")[0] for config in apps.get_app_configs()}
    return [
        kind
        for child in kind.__subclasses__()
        for kind in (child, *_below(child))
        if kind.__module__.split(".")[0] in names
    ]


def document() -> str:
    """`docs/errors.md`."""
    import_module("portal.urls")
    with override("zh-hans"):
        chinese = every_error()
    with override("en"):
        english = {row.code: row.message for row in every_error()}
    lines = [f"| `{row.code}` | {row.status} | {row.message} | {english[row.code]} |" for row in chinese]
    return "\n".join(
        [
            "# Error codes",
            "",
            "Codes are stable, words may change. Pages show the words at the field; the interface sends both.",
            "",
            "| code | HTTP | 中文 | English |",
            "|---|---|---|---|",
            *lines,
            "",
        ]
    )
