"""`./dev drill NAME`: long exercises that run outside the build. Each registers itself in `DRILLS`."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

Drill = Callable[[Sequence[str]], int]


def _in(module: str) -> Drill:
    """The drill of a module, imported when it is run."""
    return lambda arguments: int(import_module(module).run(arguments))


DRILLS: dict[str, tuple[str, Drill]] = {
    "life-cycles": ("各类申请的状态机 / the state machine of each kind", _in("portal.drills.life_cycles")),
    "outage": ("三天没有时限巡查之后 / three days without the clock's sweep", _in("portal.drills.outage")),
}


def drill(arguments: Sequence[str]) -> int:
    """Run the named drill; without a name, or with an unknown one, say which exist."""
    if arguments and arguments[0] in DRILLS:
        return DRILLS[arguments[0]][1](arguments[1:])
    print("可用的演练 / drills:", file=sys.stderr)
    for name, (purpose, _run) in sorted(DRILLS.items()):
        print(f"  {name:<16}{purpose}", file=sys.stderr)
    return 0 if not arguments else 2
