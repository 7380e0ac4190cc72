"""Within how many working days an authority decides: thirty, or fewer where it has bound itself (R-46)."""

from collections.abc import Sequence
from datetime import date

from core.lifecycle.memo import remembered
from core.parties.models import Authority
from licensing.models import DecisionLimit
from licensing.profile import PROFILE


@remembered
def decision_days(authority: Authority, on: date) -> int:
    """The limit for a case accepted on a day; the newest that has begun counts."""
    row = (
        DecisionLimit.objects.filter(authority=authority, valid_from__lte=on).order_by("-valid_from").first()
    )
    return min(row.days, PROFILE.decision.days) if row else PROFILE.decision.days


def limits_of(authority: Authority) -> Sequence[DecisionLimit]:
    """What an authority has set over the years, the newest first."""
    return list(DecisionLimit.objects.filter(authority=authority).order_by("-valid_from"))
