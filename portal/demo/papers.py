"""Official documents of the demo world: the signing worker makes those of the last weeks, and no older ones.

Older cases are as in an installation that was there before documents were papers of their own. What is not made costs
nothing: a request that was never committed leaves no number and no gap.
"""

from datetime import date, timedelta

from certificates.models import OfficialDocument

KEPT_DAYS = 45


def leave_out_old(today: date) -> int:
    """Take back what old acts asked for, in their own transaction; returns how many."""
    old = OfficialDocument.objects.filter(
        status=OfficialDocument.Status.REQUESTED, dated_on__lt=today - timedelta(days=KEPT_DAYS)
    )
    return old.delete()[0]
