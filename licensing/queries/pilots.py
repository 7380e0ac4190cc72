"""Pilot switches as everybody inside reads them (R-24, R-27, R-41)."""

from dataclasses import dataclass
from datetime import date

from catalog.queries import categories_on
from licensing.models import PilotSwitch


@dataclass(frozen=True)
class PilotRow:
    """A switch with its state and the name of its category of the day; empty for all."""

    pilot: PilotSwitch
    state: str
    category: str

    @property
    def open(self) -> bool:
        """Whether an earlier end can still be set."""
        return self.state != "ended"


def pilot_list(today: date) -> tuple[PilotRow, ...]:
    """All switches, those in force first; two queries. There are at most a few for each province."""
    names = {entry.category_id: entry.name for entry in categories_on(today)}
    rows = PilotSwitch.objects.select_related("province", "category").order_by("-effective_from", "-pk")
    found = [PilotRow(row, state_on(row, today), _name(row, names)) for row in rows]
    return tuple(sorted(found, key=lambda row: row.state == "ended"))


def _name(row: PilotSwitch, names: dict[int, str]) -> str:
    return names.get(row.category.pk, row.category.key) if row.category else ""


def state_on(row: PilotSwitch, on: date) -> str:
    """coming, in_force or ended."""
    if row.valid_to is not None and row.valid_to <= on:
        return "ended"
    return "coming" if row.effective_from > on else "in_force"
