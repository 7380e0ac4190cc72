"""What a national administrator is told of the machinery: acts that stopped and news that nobody could take in."""

from datetime import date
from typing import Any

from certificates.queries import stuck
from core.lifecycle.registry import registry
from core.outbox.models import Delivery
from core.parties.competence import Standing

SHOWN = 5


def register() -> None:
    """Called once when the app is ready."""
    registry.board("portal.machinery", "desk/machinery.html", machinery, place=70)


def machinery(standing: Standing, today: date) -> dict[str, Any] | None:
    """Papers whose signing stopped, and deliveries parked after too many failures (DESIGN §3). Three queries."""
    if not standing.is_national_admin:
        return None
    stopped = stuck()
    return {
        "stopped": stopped[:SHOWN], "stopped_total": len(stopped),
        "parked": Delivery.objects.filter(status=Delivery.Status.PARKED).count(),
    }  # fmt: skip
