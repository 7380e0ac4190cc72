"""What people are told: of a case (`cases`), its clock (`clock`), in whose hands it is (`hands`). Importing registers
the kinds and the handlers."""

from licensing.notices import cases, clock, hands

__all__ = ["cases", "clock", "hands"]
