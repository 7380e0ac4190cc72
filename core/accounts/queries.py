"""The read side of an account: its duties with their dates and its second factor."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator

from core.parties.competence import in_force
from core.parties.models import Duty, User


@dataclass(frozen=True)
class SecondFactorState:
    """Whether the authenticator is set up, and whether there are recovery codes."""

    totp: bool
    recovery_codes: bool


def second_factor_of(user: User) -> SecondFactorState:
    """One query."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return SecondFactorState(Authenticator.Type.TOTP in kinds, Authenticator.Type.RECOVERY_CODES in kinds)


def duties_of(user: User, on: date) -> list[Duty]:
    """The duties in force, with their authority and, for a substitute, the absent colleague; one query."""
    rows = Duty.objects.filter(in_force(on), user=user).select_related("authority", "substitute_for")
    return list(rows.order_by("authority_id", "kind"))
