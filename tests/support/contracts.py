"""Contracts import-linter does not bring: shells stay private to their app, and rules stay pure."""

import re

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

PURE_DJANGO = re.compile(r"\bdjango\.utils\.(translation|functional)\b")


def app_of(module: str) -> str:
    """The app a module belongs to: `core.x` or the top-level package."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "core" else parts[0]


class PrivateShells(Contract):
    """Nobody imports another app's views, forms or api; URLs are joined by name."""

    names = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every import of a shell comes from its own app."""
        wrong = [
            f"{importer} -> {module}"
            for module in sorted(graph.modules)
            if set(module.split(".")) & set(self.names)  # type: ignore[call-overload]
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if app_of(importer) != app_of(module)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import."""
        for line in check.metadata["wrong"]:
            output.print_error(line)


class PureRules(Contract):
    """`rules.py` is pure functions: no ORM, no HTTP, no Celery; of Django only lazy translation."""

    forbidden = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """No module called `rules` imports a forbidden package directly."""
        wrong = []
        for module in sorted(graph.modules):
            if "rules" not in module.split(".")[1:]:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                wrong += self._lines(graph, module, imported)
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _lines(self, graph: ImportGraph, module: str, imported: str) -> list[str]:
        if imported.split(".")[-1] not in ("models", "actions", "queries") and imported not in set(
            self.forbidden  # type: ignore[call-overload]
        ):
            return []
        details = graph.get_import_details(importer=module, imported=imported)
        return [
            f"{module}:{detail['line_number']} {detail['line_contents']}"
            for detail in details
            if not PURE_DJANGO.search(detail["line_contents"])
        ]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import."""
        for line in check.metadata["wrong"]:
            output.print_error(line)
