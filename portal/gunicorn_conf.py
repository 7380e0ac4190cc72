"""Hooks of the web server: figures of several processes are written side by side and read together."""

import os
import shutil
from pathlib import Path
from typing import Any


def _from_nothing() -> None:
    """A fresh start counts from nothing. Done while this file is read: the portal itself may be loaded right after."""
    if directory := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(directory, ignore_errors=True)
        Path(directory).mkdir(parents=True, mode=0o700)


def child_exit(server: Any, worker: Any) -> None:
    """A process that ended no longer counts among the living."""
    from prometheus_client import multiprocess

    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)


_from_nothing()
