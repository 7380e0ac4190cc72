"""`./dev drill NAME`: long exercises that run outside the build. Each registers itself in `DRILLS`."""

import sys
from collections.abc import Callable, Sequence

DRILLS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {}


def drill(arguments: Sequence[str]) -> int:
    """Run the named drill; without a name, or with an unknown one, say which exist."""
    if arguments and arguments[0] in DRILLS:
        return DRILLS[arguments[0]][1](arguments[1:])
    print("可用的演练 / drills:", file=sys.stderr)
    for name, (purpose, _run) in sorted(DRILLS.items()):
        print(f"  {name:<16}{purpose}", file=sys.stderr)
    return 0 if not arguments else 2
