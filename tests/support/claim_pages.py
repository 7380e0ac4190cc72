"""Addresses and rows for the pages of claims, dated today as the pages are."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.claims.models import Claim
from core.parties.models import Enterprise, PowerOfAttorney, User
from tests.support import claims
from tests.support.clients import today


def page(name: str, thing: Any = None) -> str:
    return reverse(f"claims:{name}", kwargs={"public_id": thing.public_id} if thing is not None else None)


def filed(person: User, **changes: str) -> Claim:
    return claims.filed(person, at=timezone.now(), **changes)


def shown(claim: Claim) -> Claim:
    return claims.shown(claim, at=timezone.now())


def form_of(**changes: Any) -> dict[str, Any]:
    return {**claims.facts(), "province": "320000"} | changes


def power_of(
    enterprise: Enterprise, agent: User, by: User, first: int = 0, until: int = 90
) -> PowerOfAttorney:
    day = today()
    return PowerOfAttorney.objects.create(
        user=agent, enterprise=enterprise, granted_by=by, granted_at=timezone.now(),
        valid_from=day + timedelta(days=first), valid_to=day + timedelta(days=until),
    )  # fmt: skip
