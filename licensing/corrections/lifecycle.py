"""The life cycles of a correction and of a holder's request for one (R-89; DOMAIN §8)."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause
from core.lifecycle.transitions import LifeCycle, Transition

BASIS = (Clause("DESIGN", "更正"), Clause("SEED", "四(五)"), Clause("L1", "第三十九条"))
"""A choice of this system on the certificate of SEED 四(五); the certificate the holder is owed (L1 art. 39) is that of
the decision, so a wrong one is made right."""


class Status(TextChoices):
    PROPOSED = "proposed", _("待审批")
    APPROVED = "approved", _("已更正")
    DECLINED = "declined", _("不予更正")
    WITHDRAWN = "withdrawn", _("已撤回")


class Asked(TextChoices):
    OPEN = "open", _("待答复")
    TAKEN_UP = "taken_up", _("已提出更正")
    SETTLED = "settled", _("已办结")
    ANSWERED = "answered", _("已答复")
    WITHDRAWN = "withdrawn", _("已撤回")


def _row(act: str, label: Any, source: Any, target: Any, duty: str) -> Transition:
    return Transition(act, label, frozenset({source}), target, duty, BASIS)


LIFE_CYCLE = LifeCycle(
    name="correction",
    states={choice.value: choice.label for choice in Status},  # type: ignore[misc]
    final=frozenset({Status.APPROVED, Status.DECLINED, Status.WITHDRAWN}),
    transitions=(
        _row("confirm", _("按现在的许可证重新确认"), Status.PROPOSED, Status.PROPOSED, "acceptance, review"),
        _row("approve", _("批准更正"), Status.PROPOSED, Status.APPROVED, "approval"),
        _row("decline", _("不予更正"), Status.PROPOSED, Status.DECLINED, "approval"),
        _row("withdraw", _("撤回更正"), Status.PROPOSED, Status.WITHDRAWN, "acceptance, review"),
    ),
)
REQUESTS = LifeCycle(
    name="correction request",
    states={choice.value: choice.label for choice in Asked},  # type: ignore[misc]
    final=frozenset({Asked.SETTLED, Asked.ANSWERED, Asked.WITHDRAWN}),
    transitions=(
        _row("take_up", _("据请求提出更正"), Asked.OPEN, Asked.TAKEN_UP, "acceptance, review"),
        _row("answer", _("答复为什么不更正"), Asked.OPEN, Asked.ANSWERED, "acceptance, review"),
        _row("take_back", _("撤回请求"), Asked.OPEN, Asked.WITHDRAWN, "enterprise"),
        _row("settle", _("更正已批准或者不予更正"), Asked.TAKEN_UP, Asked.SETTLED, "approval"),
        _row("reopen", _("更正撤回，请求仍待答复"), Asked.TAKEN_UP, Asked.OPEN, "system"),
    ),
)
