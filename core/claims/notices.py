"""What people are told about claims, agents and powers; the words are made in the reader's language."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.claims.models import Claim
from core.claims.queries import reviewable_ids, visible_ids
from core.lifecycle.subjects import Subject
from core.messages.actions import notify
from core.messages.kinds import kind_of, register_kind
from core.parties.models import Enterprise

CLAIM_PAGE: dict[str, Any] = {"url_name": "claims:claim", "category": "claims", "visible": visible_ids}
DESK_PAGE: dict[str, Any] = {"url_name": "claims:review", "category": "desk", "visible": reviewable_ids}
MINE_PAGE: dict[str, Any] = {"url_name": "claims:mine", "category": "claims"}
AGENTS_PAGE: dict[str, Any] = {"url_name": "claims:agents", "category": "claims"}

register_kind(
    "claims.filed", title=_("已登记对“%(enterprise)s”的认领"),
    body=_("在证明身份之前，你可以填写草稿，但不能提交。请接着证明身份：用身份认证，或者提交盖章授权书。"),
    **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.proved", title=_("已证明你代表“%(enterprise)s”"),
    body=_("对“%(enterprise)s”的认领已通过（%(role)s）。代理人还需要法定代表人在本平台授权，才能提交申请。"),
    **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.refused", title=_("对“%(enterprise)s”的认领未通过"),
    body=_("理由：%(reasons)s。更正后可以重新认领。"), **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.to_review", title=_("待核对的盖章授权书：%(enterprise)s"),
    body=_("%(person)s 认领“%(enterprise)s”，已提交盖章授权书，请核对。"), **DESK_PAGE,
)  # fmt: skip
register_kind(
    "claims.disputed_holder", title=_("有人认领“%(enterprise)s”的法定代表人账号"),
    body=_(
        "%(person)s 提交了证明，称自己是“%(enterprise)s”的法定代表人。你的权限不变。"
        "请陈述意见，可附一份材料，由许可机关裁定。"
    ),
    urgent=True, **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.disputed_claimant", title=_("对“%(enterprise)s”的认领进入裁定"),
    body=_("这家企业已有法定代表人账号，双方都已收到通知。你可以陈述意见，可附一份材料，由许可机关裁定。"),
    **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.to_decide", title=_("待裁定的认领争议：%(enterprise)s"),
    body=_("%(person)s 与现任法定代表人账号都称代表“%(enterprise)s”，请裁定。"), **DESK_PAGE,
)  # fmt: skip
register_kind(
    "claims.upheld", title=_("认领争议已裁定：“%(enterprise)s”维持不变"),
    body=_("你继续作为“%(enterprise)s”的法定代表人账号。理由：%(reasons)s"), **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.replaced", title=_("你不再是“%(enterprise)s”的法定代表人账号"),
    body=_("认领争议已裁定，由 %(person)s 接任。理由：%(reasons)s"), urgent=True, **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.powers_ended", title=_("你在“%(enterprise)s”的代理授权已全部收回"),
    body=_("“%(enterprise)s”的法定代表人账号已更换，原来的授权同时收回。需要时请新的法定代表人重新授权。"),
    urgent=True, **MINE_PAGE,
)  # fmt: skip
register_kind(
    "claims.dispute_over", title=_("“%(enterprise)s”的认领争议已了结"),
    body=_("对方撤回了认领。你的权限不变。"), **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.agent_asks", title=_("%(person)s 申请作为“%(enterprise)s”的代理人"),
    body=_("由你决定是否同意。同意之后，还要给对方授权，对方才能提交申请。"),
    **CLAIM_PAGE,
)  # fmt: skip
register_kind(
    "claims.invited", title=_("“%(enterprise)s”请你作代理人"),
    body=_("接受之后，你可以看到这家企业的办理情况；得到授权之后可以提交申请。请在 %(until_on)s 前答复。"), **MINE_PAGE,
)  # fmt: skip
register_kind(
    "claims.invitation_accepted", title=_("%(person)s 已接受邀请"),
    body=_("%(person)s 现在是“%(enterprise)s”的代理人。要让对方提交申请，请给对方授权。"), **AGENTS_PAGE,
)  # fmt: skip
register_kind(
    "claims.invitation_declined", title=_("%(address)s 没有接受邀请"),
    body=_("你请 %(address)s 作“%(enterprise)s”的代理人，对方没有接受。"), **AGENTS_PAGE,
)  # fmt: skip
register_kind(
    "claims.agent_removed", title=_("你不再是“%(enterprise)s”的代理人"),
    body=_("法定代表人已解除代理关系，授权同时收回。"), urgent=True, **MINE_PAGE,
)  # fmt: skip
register_kind(
    "claims.power_granted", title=_("“%(enterprise)s”给了你代理授权"),
    body=_("自 %(first_on)s 至 %(last_on)s（含当日），你可以代表“%(enterprise)s”提交申请。"), **MINE_PAGE,
)  # fmt: skip
register_kind(
    "claims.power_revoked", title=_("“%(enterprise)s”收回了你的代理授权"),
    body=_("自 %(first_on)s 至 %(last_on)s 的授权已收回，即刻生效。草稿仍在，不能提交。"), urgent=True, **MINE_PAGE,
)  # fmt: skip
register_kind(
    "claims.power_ending_agent", title=_("你在“%(enterprise)s”的代理授权 %(last_on)s 到期"),
    body=_("到期之后不能提交申请。请提醒法定代表人续期。"), url_name="claims:mine", category="deadlines",
)  # fmt: skip
register_kind(
    "claims.power_ending_representative", title=_("%(person)s 的代理授权 %(last_on)s 到期"),
    body=_("到期之后，%(person)s 不能再代表“%(enterprise)s”提交申请。需要的话请续期。"),
    url_name="claims:agents", category="deadlines",
)  # fmt: skip

BEFORE_THE_ENTERPRISE = frozenset(
    {"claims.disputed_holder", "claims.upheld", "claims.replaced", "claims.dispute_over", "claims.agent_asks"}
)
"""Told to those who are in the enterprise: they read its registered name; everybody else reads what was typed."""


def tell(kind: str, recipients: Iterable[int], subject: Subject, at: datetime, *, claim: Claim) -> None:
    """A notice about a claim, in the act's transaction."""
    name = claim.enterprise.name if kind in BEFORE_THE_ENTERPRISE else claim.name
    params = {
        "enterprise": name,
        "person": claim.claimant.name,
        "role": {"zh": "法定代表人", "en": "legal representative"} if claim.for_representative
        else {"zh": "代理人", "en": "agent"},
        "reasons": claim.reasons,
    }  # fmt: skip
    page = {} if kind == "claims.powers_ended" else {"public_id": str(claim.public_id)}
    notify(kind=kind, recipients=recipients, subject=subject, params=params, url_kwargs=page, at=at)


def tell_agent(
    kind: str,
    recipients: Iterable[int],
    subject: Subject,
    at: datetime,
    *,
    enterprise: Enterprise,
    **more: str,
) -> None:
    """A notice about agents and powers."""
    found = kind_of(kind)
    page = {"public_id": str(enterprise.public_id)} if found and found.url_name == "claims:agents" else {}
    params = {"enterprise": enterprise.name, **more}
    notify(kind=kind, recipients=recipients, subject=subject, params=params, url_kwargs=page, at=at)
