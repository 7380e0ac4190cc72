"""Loading the reference catalogue at set-up."""

from datetime import date

from catalog.actions import Imported, import_reference
from core.lifecycle.actors import SYSTEM
from core.lifecycle.dates import shanghai_midnight

IN_FORCE_FROM = date(2015, 8, 4)


def load_catalogue() -> Imported:
    """The reform catalogue, in force from 2015-08-04 (DOMAIN §0.1(11)); does nothing when it is there."""
    return import_reference(actor=SYSTEM, at=shanghai_midnight(IN_FORCE_FROM))
