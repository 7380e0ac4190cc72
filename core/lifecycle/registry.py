"""What upper floors contribute to pages of lower ones: panels on a case page, to-dos on a dashboard."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Panel = Callable[[Any, Any], dict[str, Any] | None]
ToDo = Callable[[Any], Iterable[dict[str, Any]]]


@dataclass
class Registry:
    """Named contributors in the order of registration; a name registers once."""

    panels: dict[str, tuple[str, Panel]] = field(default_factory=dict)
    todos: dict[str, ToDo] = field(default_factory=dict)

    def panel(self, name: str, template: str, build: Panel) -> None:
        if name in self.panels:
            raise ValueError(f"panel {name!r} is registered already")
        self.panels[name] = (template, build)

    def todo(self, name: str, build: ToDo) -> None:
        if name in self.todos:
            raise ValueError(f"to-do {name!r} is registered already")
        self.todos[name] = build

    def panels_for(self, case: Any, viewer: Any) -> list[tuple[str, dict[str, Any]]]:
        """Template and context of every panel that has something to show to this viewer."""
        built = ((template, build(case, viewer)) for template, build in self.panels.values())
        return [(template, context) for template, context in built if context is not None]

    def todos_for(self, viewer: Any) -> list[dict[str, Any]]:
        return [row for build in self.todos.values() for row in build(viewer)]


registry = Registry()
