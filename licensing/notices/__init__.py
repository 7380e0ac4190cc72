"""What people are told: of a case (`cases`), of its clock (`clock`). Importing registers the kinds and the handlers."""

from licensing.notices import cases, clock

__all__ = ["cases", "clock"]
