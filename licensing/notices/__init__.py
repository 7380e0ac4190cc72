"""What people are told: of a case (`cases`), of its clock (`clock`), of a licence (`licences`).

Importing registers the kinds and the handlers.
"""

from licensing.notices import cases, clock, licences

__all__ = ["cases", "clock", "licences"]
