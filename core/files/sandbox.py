"""Starts the inspecting process and reads its verdict. A process that dies, or takes too long, has refused the file."""

import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from core.files.errors import InspectionBusy, refusal
from core.files.rules import LIMITS

logger = logging.getLogger(__name__)

CANNOT_START = 3
LONGEST_VERDICT = 65_536
WAIT_SECONDS = 30
REMEMBERED = 512

_slots = threading.BoundedSemaphore(settings.FILE_INSPECTIONS_AT_ONCE)
_harmless: "OrderedDict[str, dict[str, Any]]" = OrderedDict()
_harmless_lock = threading.Lock()


class InspectorBroken(RuntimeError):
    """The inspecting process cannot start here: a fault of the installation, never of the file."""


def inspect_pdf(source: Path, sha256: str, slot: str) -> dict[str, Any]:
    """`pages` of a harmless PDF; the same bytes are not opened twice. Raises the errors of `core.files.errors`."""
    with _harmless_lock:
        if sha256 in _harmless:
            _harmless.move_to_end(sha256)
            return _harmless[sha256]
    verdict = _run({"job": "pdf", "source": str(source)}, slot)
    with _harmless_lock:
        _harmless[sha256] = verdict
        if len(_harmless) > REMEMBERED:
            _harmless.popitem(last=False)
    return verdict


def clean_picture(source: Path, output: Path, kind: str, slot: str) -> dict[str, Any]:
    """Write the picture anew into `output`; pages, width, height, changes and content_type. Raises as above."""
    return _run({"job": "picture", "source": str(source), "output": str(output), "kind": kind}, slot)


def draw_page(source: Path, output: Path, kind: str, page: int, edge: int) -> dict[str, Any]:
    """Write a picture of one page into `output`. Raises FileDamaged or FileWithoutPages when there is none."""
    job = {
        "job": "page",
        "source": str(source),
        "output": str(output),
        "kind": kind,
        "page": page,
        "edge": edge,
    }
    return _run(job, None)


def _run(job: dict[str, Any], slot: str | None) -> dict[str, Any]:
    verdict = _ask({**job, "limits": LIMITS.as_dict()})
    if "refused" in verdict:
        raise refusal(verdict["refused"], slot, **verdict["params"])
    return verdict


def _ask(job: dict[str, Any]) -> dict[str, Any]:
    """The verdict of one process; `damaged` when it was killed or answered nonsense."""
    with _slot(), tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        child = subprocess.Popen(
            [sys.executable, "-B", "-s", "-m", "core.files.child", json.dumps(job)],
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=complaint,
            cwd=settings.BASE_DIR,
            env={"LC_ALL": "C.UTF-8", "PYTHONPATH": str(settings.BASE_DIR), "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,
        )
        try:
            code = child.wait(LIMITS.wall_seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if code == CANNOT_START:
            complaint.seek(0)
            raise InspectorBroken(complaint.read(500).decode(errors="replace"))
        answer.seek(0)
        return _verdict(code, answer.read(LONGEST_VERDICT))


def _verdict(code: int | None, answer: bytes) -> dict[str, Any]:
    try:
        verdict = json.loads(answer) if code == 0 else None
    except ValueError:
        verdict = None
    if not isinstance(verdict, dict):
        logger.warning(
            "the inspection of a file ended with %s", "no answer in time" if code is None else code
        )
        return {"refused": "damaged", "params": {}}
    return verdict


@contextmanager
def _slot() -> Iterator[None]:
    """At most a few inspections at a time in each process, so that uploads cannot take the machine."""
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise InspectionBusy()
    try:
        yield
    finally:
        _slots.release()
