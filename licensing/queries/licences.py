"""Is a licence in force? One answer for verification, the register and the desks."""

from datetime import date

from certificates.status import UNKNOWN, Standing
from licensing.models import LicenceStatus, ProductionLicence

IN_FORCE = frozenset({LicenceStatus.VALID, LicenceStatus.VALID_DEEMED})


def standing_of_licence(number: str, today: date) -> Standing:
    """In force on a legal date: a status that holds, within the term. The reason is the status word otherwise."""
    row = (
        ProductionLicence.objects.filter(number=number)
        .values("status", "valid_from", "valid_until", "version")
        .first()
    )
    if row is None:
        return UNKNOWN
    if row["status"] not in IN_FORCE:
        return Standing(False, row["status"], row["version"])
    if today > row["valid_until"]:
        return Standing(False, LicenceStatus.EXPIRED.value, row["version"])
    if today < row["valid_from"]:
        return Standing(False, "not_yet", row["version"])
    return Standing(True, "", row["version"])
