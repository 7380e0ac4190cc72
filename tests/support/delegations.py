"""Stages entrusted to a prefecture through the act itself (R-19)."""

from datetime import date
from typing import Any

from core.parties.models import Authority, Delegation, User
from licensing.actions import delegation
from tests.support import world

BASIS = {"basis_instrument": "某省行政许可委托办法（省政府令第 1 号）", "basis_article": "第三条"}


def of(code: str) -> Authority:
    return Authority.objects.get(code=code)


def entrusted(head: User, stage: str = "acceptance", *, day: date = world.DAY, **more: Any) -> Delegation:
    """One stage of Jiangsu entrusted to Suzhou by its head, until it is ended."""
    facts: dict[str, Any] = {
        "delegator": of("320000"), "to": of("320500"), "stage": stage, "category_key": "", "valid_from": day,
        "valid_to": None, "document": world.PDF, "filename": "委托书.pdf", "actor": world.actor(head, day),
        "at": world.at(day, 8), **BASIS,
    }  # fmt: skip
    return delegation.delegate(**facts | more)
