"""What people are told: of a case (`cases`), its clock (`clock`), whose hands it is in (`hands`), a licence.

Importing registers the kinds and the handlers.
"""

from licensing.notices import cases, clock, hands, held, licences

__all__ = ["cases", "clock", "hands", "held", "licences"]
