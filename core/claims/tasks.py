"""Thin shells: what falls due by the calendar."""

from celery import shared_task
from django.utils import timezone

from core.claims.actions.powers import ending_soon, warn_of_end
from core.lifecycle.dates import shanghai_date


@shared_task(name="core.claims.tasks.warn_of_ending_powers")
def warn_of_ending_powers() -> int:
    """Find powers of attorney in their last fourteen days and tell both sides; running it again tells nobody twice."""
    at = timezone.now()
    found = list(ending_soon(shanghai_date(at)).order_by("pk").values_list("pk", flat=True))
    for power_id in found:
        warn_of_end(power_id=power_id, at=at)
    return len(found)
