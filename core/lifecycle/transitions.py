"""Transitions as data: what an act needs, who may do it, where it leads, and the clause it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict
from core.lifecycle.law import Clause


@dataclass(frozen=True)
class Transition:
    """One act of a life cycle.

    `duty` names who may act ("acceptance", "review", "approval", "enterprise" or "system");
    `stage` names the delegable stage that fixes the competent authority, if any (R-19).
    """

    act: str
    label: Promise
    sources: frozenset[str]
    target: str
    duty: str
    clauses: tuple[Clause, ...]
    stage: str = ""


class WrongState(Conflict):
    code = "lifecycle.wrong_state"
    message = _("当前状态是“%(state)s”，不能办理“%(act)s”")


@dataclass(frozen=True)
class LifeCycle:
    """The complete table of one aggregate. Raises ValueError when two rows claim the same act and source."""

    name: str
    states: Mapping[str, Promise]
    transitions: tuple[Transition, ...]
    final: frozenset[str]

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for row in self.transitions:
            for state in (*row.sources, row.target):
                if state not in self.states:
                    raise ValueError(f"{self.name}: unknown state {state!r} in {row.act!r}")
            for source in row.sources:
                if source in self.final:
                    raise ValueError(f"{self.name}: {row.act!r} leaves the final state {source!r}")
                if (row.act, source) in seen:
                    raise ValueError(f"{self.name}: {row.act!r} from {source!r} stands twice")
                seen.add((row.act, source))

    def find(self, act: str, state: str) -> Transition:
        """The row for `act` in `state`; raises `WrongState` when the law knows none."""
        for row in self.transitions:
            if row.act == act and state in row.sources:
                return row
        raise WrongState(state=self.states[state], act=self.label_of(act))

    def open_acts(self, state: str) -> Iterable[Transition]:
        return (row for row in self.transitions if state in row.sources)

    def label_of(self, act: str) -> Promise | str:
        return next((row.label for row in self.transitions if row.act == act), act)
