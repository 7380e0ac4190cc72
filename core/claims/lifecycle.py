"""The life cycle of a claim: acts, states, clauses (R-88; a choice of this system, so the clause says so)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause
from core.lifecycle.transitions import LifeCycle, Transition


class Status(TextChoices):
    PENDING = "pending", _("待证明")
    PROVED = "proved", _("已证明")
    REFUSED = "refused", _("未通过")
    DISPUTED = "disputed", _("有争议，待裁定")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN = (Status.PENDING, Status.DISPUTED)
FINAL = frozenset({Status.PROVED, Status.REFUSED, Status.WITHDRAWN})

CLAIM_CLAUSE = Clause("DESIGN", "企业账号认领")
AGENT_CLAUSE = Clause("L1", "第二十九条")
_BOTH = frozenset(OPEN)
_PENDING = frozenset({Status.PENDING})
_DISPUTED = frozenset({Status.DISPUTED})


def _row(act: str, label: object, sources: frozenset[Status], target: Status, duty: str) -> Transition:
    return Transition(act, label, sources, target, duty, (CLAIM_CLAUSE,))  # type: ignore[arg-type]


LIFE_CYCLE = LifeCycle(
    name="claims.claim",
    states=dict(Status.choices),
    transitions=(
        _row("file", _("认领企业"), _PENDING, Status.PENDING, "claimant"),
        _row("submit_document", _("提交盖章授权书"), _PENDING, Status.PENDING, "claimant"),
        _row("note_identity", _("完成身份认证"), _PENDING, Status.PENDING, "claimant"),
        Transition(
            "add_identity", _("完成身份认证"), _DISPUTED, Status.DISPUTED, "claimant", (CLAIM_CLAUSE,)
        ),
        _row("prove_by_identity", _("身份认证通过"), _PENDING, Status.PROVED, "claimant"),
        _row("accept", _("认可授权书"), _PENDING, Status.PROVED, "acceptance"),
        _row("refuse", _("不认可授权书"), _PENDING, Status.REFUSED, "acceptance"),
        _row("admit", _("同意代理人"), _PENDING, Status.PROVED, "representative"),
        _row("decline", _("不同意代理人"), _PENDING, Status.REFUSED, "representative"),
        _row("dispute", _("进入争议"), _PENDING, Status.DISPUTED, "system"),
        _row("state_case", _("陈述意见"), _DISPUTED, Status.DISPUTED, "party"),
        _row("change_holder", _("更换争议对方"), _DISPUTED, Status.DISPUTED, "system"),
        _row("uphold", _("维持原法定代表人"), _DISPUTED, Status.REFUSED, "approval"),
        _row("replace", _("由认领人接任"), _DISPUTED, Status.PROVED, "approval"),
        _row("withdraw", _("撤回认领"), _BOTH, Status.WITHDRAWN, "claimant"),
    ),
    final=FINAL,
)
