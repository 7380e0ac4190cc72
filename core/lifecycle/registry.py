"""What upper floors contribute to pages of lower ones: panels on a case page, to-dos and boards on a person's desk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Panel = Callable[[Any, Any], dict[str, Any] | None]
ToDo = Callable[[Any], Iterable[dict[str, Any]]]
Board = Callable[[Any, date], dict[str, Any] | None]


@dataclass
class Registry:
    """Named contributors in the order of registration; a name registers once."""

    panels: dict[str, tuple[str, Panel]] = field(default_factory=dict)
    todos: dict[str, ToDo] = field(default_factory=dict)
    boards: dict[str, tuple[int, str, Board]] = field(default_factory=dict)

    def panel(self, name: str, template: str, build: Panel) -> None:
        if name in self.panels:
            raise ValueError(f"panel {name!r} is registered already")
        self.panels[name] = (template, build)

    def todo(self, name: str, build: ToDo) -> None:
        if name in self.todos:
            raise ValueError(f"to-do {name!r} is registered already")
        self.todos[name] = build

    def board(self, name: str, template: str, build: Board, *, place: int) -> None:
        """`place` says how far down the page: what is to be done first, figures after it, machinery last."""
        if name in self.boards:
            raise ValueError(f"board {name!r} is registered already")
        self.boards[name] = (place, template, build)

    def panels_for(self, case: Any, viewer: Any) -> list[tuple[str, dict[str, Any]]]:
        """Template and context of every panel that has something to show to this viewer."""
        built = ((template, build(case, viewer)) for template, build in self.panels.values())
        return [(template, context) for template, context in built if context is not None]

    def boards_for(self, viewer: Any, today: date) -> list[tuple[str, dict[str, Any]]]:
        """Template and context of every board that concerns this person on this day."""
        ordered = sorted(self.boards.values(), key=lambda row: row[0])
        built = ((template, build(viewer, today)) for _place, template, build in ordered)
        return [(template, context) for template, context in built if context is not None]

    def todos_for(self, viewer: Any) -> list[dict[str, Any]]:
        return [row for build in self.todos.values() for row in build(viewer)]


registry = Registry()
