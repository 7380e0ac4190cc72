"""Log lines: for machines one JSON object each, for a terminal one readable line. No line carries a personal value.

A message of an exception may quote a row of the database, so of an exception only its kind, place and constraint
are written.
"""

import json
import logging
import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from core.lifecycle.correlation import current
from core.lifecycle.dates import SHANGHAI

Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
FRAMES = 8
"""So many from where it began and so many from where it broke."""


class CorrelationFilter(logging.Filter):
    """Puts the id on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.correlation = current()
        return True


def told(error: BaseException) -> dict[str, Any]:
    """An exception without its message: kinds from the outermost to its cause, constraint, and where it came from."""
    kinds, inner = [type(error).__name__], error.__cause__ or error.__context__
    while inner is not None and len(kinds) < 5:
        kinds.append(type(inner).__name__)
        inner = inner.__cause__ or inner.__context__
    cause = error.__cause__ or error
    whole = list(traceback.extract_tb(error.__traceback__))
    frames = whole if len(whole) <= 2 * FRAMES else [*whole[:FRAMES], *whole[-FRAMES:]]
    facts: dict[str, Any] = {
        "kinds": kinds,
        "frames": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if constraint := getattr(getattr(cause, "diag", None), "constraint_name", None):
        facts["constraint"] = constraint
    return facts


class LineFormatter(logging.Formatter):
    """For a terminal."""

    def formatException(self, ei: Caught) -> str:
        if ei[1] is None:
            return ""
        facts = told(ei[1])
        where = "\n".join(f"  {frame}" for frame in facts["frames"])
        return f"{' < '.join(facts['kinds'])} {facts.get('constraint', '')}\n{where}"


class JsonFormatter(logging.Formatter):
    """For machines."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "correlation": getattr(record, "correlation", current()),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)
