"""One job per process: `python -m core.files.child '{"job": …}'`; the verdict is one line of JSON on stdout.

The limits are set before the file is opened. Exit code 3 says that the process itself could not start.
"""

import json
import os
import resource
import sys
from typing import Any

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


def perform(job: dict[str, Any]) -> dict[str, Any]:
    """Run one job: pdf, picture, or page (a page's picture)."""
    from core.files.child.refused import Refused

    try:
        if job["job"] == "pdf":
            from core.files.child import pdf

            return pdf.inspect(job["source"], job["limits"])
        from core.files.child import picture

        if job["job"] == "picture":
            return picture.clean(job["source"], job["output"], job["kind"], job["limits"])
        return picture.page(job["source"], job["output"], job["kind"], job["page"], job["edge"])
    except Refused as refused:
        return {"refused": refused.reason, "params": refused.params}
    except MemoryError:
        return {"refused": "bomb", "params": {}}


def main() -> int:
    """Confine, work, answer."""
    try:
        job = json.loads(sys.argv[1])
        confine(job["limits"])
        with open(job["source"], "rb"):
            pass
        verdict = perform(job)
    except (ImportError, IndexError, KeyError, ValueError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return CANNOT_START
    print(json.dumps(verdict))
    return 0


if __name__ == "__main__":
    sys.exit(main())
