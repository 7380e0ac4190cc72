"""Within how many working days an authority decides: thirty, or fewer where it has bound itself (R-46)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from core.lifecycle.memo import remembered
from core.parties.competence import Standing
from core.parties.models import Authority, Level
from licensing.models import DecisionLimit
from licensing.profile import PROFILE

LEVELS = frozenset({Level.NATIONAL, Level.PROVINCIAL})
"""Who decides in its own name can bind itself; a delegate decides in its province's (R-20)."""


@remembered
def decision_days(authority: Authority, on: date) -> int:
    """The limit for a case accepted on a day; the newest that has begun counts."""
    row = (
        DecisionLimit.objects.filter(authority=authority, valid_from__lte=on).order_by("-valid_from").first()
    )
    return min(row.days, PROFILE.decision.days) if row else PROFILE.decision.days


def heads_with_limits(standing: Standing) -> QuerySet[Authority]:
    """The authorities this person heads that can bind themselves, by code."""
    return Authority.objects.filter(pk__in=standing.authorities("head"), level__in=LEVELS).order_by("code")


def limits_of(authority: Authority) -> Sequence[DecisionLimit]:
    """What an authority has set over the years, the newest first."""
    return list(DecisionLimit.objects.filter(authority=authority).order_by("-valid_from"))
