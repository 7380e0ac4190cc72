"""Hooks of the web server: figures of several processes are written side by side and read together."""

import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess


def on_starting(server: Any) -> None:
    """A fresh start counts from nothing."""
    if directory := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(directory, ignore_errors=True)
        Path(directory).mkdir(parents=True, mode=0o700)


def child_exit(server: Any, worker: Any) -> None:
    """A process that ended no longer counts among the living."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
