"""One job per process: `python -m core.files.child '{"job": …}'`; the verdict is one line of JSON on stdout.

The limits are set before the file is opened. Exit code 3 says that the process itself could not work; every other
end without a verdict is the file's fault.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from core.files.child.refused import Refused

CANNOT_START = 3


def confine(limits: dict[str, Any]) -> None:
    """Give up what a decoder never needs: time, memory, disk, descriptors, children, a core dump."""
    cpu, memory = int(limits["cpu_seconds"]), int(limits["memory_bytes"])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    size = 2 * int(limits["output_bytes"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.geteuid() != 0:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    os.nice(5)


def ready(job: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """One job with the libraries it needs: pdf, picture, or page (a page's picture)."""
    if job["job"] == "pdf":
        from core.files.child import pdf

        return partial(pdf.inspect, job["source"], job["limits"])
    from core.files.child import picture

    if job["job"] == "picture":
        return partial(picture.clean, job["source"], job["output"], job["kind"], job["limits"])
    return partial(picture.page, job["source"], job["output"], job["kind"], job["page"], job["edge"])


def verdict_of(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the job found, or why not. OSError when the system fails, such as a full disk."""
    try:
        return work()
    except Refused as refused:
        return {"refused": refused.reason, "params": refused.params}
    except MemoryError:
        return {"refused": "bomb", "params": {}}
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return {"refused": "damaged", "params": {}}


def main() -> int:
    """Confine, work, answer."""
    try:
        job = json.loads(sys.argv[1])
        confine(job["limits"])
        with open(job["source"], "rb"):
            pass
        work = ready(job)
        verdict = verdict_of(work)
    except (ImportError, IndexError, KeyError, ValueError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return CANNOT_START
    print(json.dumps(verdict))
    return 0


if __name__ == "__main__":
    sys.exit(main())
