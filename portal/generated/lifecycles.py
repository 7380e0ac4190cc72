"""`docs/life-cycles.md`: each life cycle as a diagram and a table with clauses, from the table the acts ask."""

from django.utils.translation import override

from core.lifecycle.transitions import LifeCycle
from licensing.corrections.lifecycle import LIFE_CYCLE as CORRECTION
from licensing.corrections.lifecycle import REQUESTS
from licensing.imports.lifecycle import LIFE_CYCLE as IMPORT
from licensing.lifecycle import LIFE_CYCLE

CYCLES: tuple[LifeCycle, ...] = (LIFE_CYCLE, CORRECTION, REQUESTS, IMPORT)


def document() -> str:
    """All life cycles, Mermaid first and the same as a table below."""
    with override("zh-hans"):
        return "# Life cycles\n\n" + "\n".join(_cycle(cycle) for cycle in CYCLES)


def _cycle(cycle: LifeCycle) -> str:
    lines = [f"## {cycle.name}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"  {code}: {label}" for code, label in cycle.states.items()]
    rows = [(row, source) for row in cycle.transitions for source in sorted(row.sources)]
    lines += [f"  {source} --> {row.target}: {row.label}" for row, source in rows]
    lines += [f"  {state} --> [*]" for state in sorted(cycle.final)]
    lines += ["```", "", "| act | from | to | who | clause |", "|---|---|---|---|---|"]
    for row in cycle.transitions:
        sources = "、".join(str(cycle.states[state]) for state in sorted(row.sources))
        clauses = "；".join(str(clause) for clause in row.clauses)
        lines.append(
            f"| {row.label} `{row.act}` | {sources} | {cycle.states[row.target]} | {row.duty} | {clauses} |"
        )
    return "\n".join([*lines, ""])
