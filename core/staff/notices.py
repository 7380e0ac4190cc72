"""What people are told about duties, absence, hand-over and second factors; the words are made when they are read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.lifecycle.subjects import Subject
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.parties.models import Authority, Duty

MINE: dict[str, Any] = {"url_name": "accounts:home", "category": "staff"}

register_kind(
    "staff.duty_granted", title=_("你在%(authority)s有了新职责：%(duty)s"),
    body=_("自 %(from_on)s 起。"), **MINE,
)  # fmt: skip
register_kind(
    "staff.duty_ended", title=_("你在%(authority)s的职责将结束：%(duty)s"),
    body=_("自 %(from_on)s 起不再担任。"), **MINE,
)  # fmt: skip
register_kind(
    "staff.substitute", title=_("请你代理 %(person)s 的职责"),
    body=_("%(person)s 离岗，自 %(from_on)s 起由你代理，%(to_on)s 起恢复原状。"), **MINE,
)  # fmt: skip
register_kind(
    "staff.absence_ended", title=_("%(person)s 提前回岗"), body=_("自 %(from_on)s 起不再由你代理。"), **MINE
)
register_kind(
    "staff.leaving", title=_("已登记你离岗"), body=_("自 %(from_on)s 起你在%(authority)s不再有职责。"), **MINE
)
register_kind(
    "staff.taking_over", title=_("请你接手 %(person)s 的工作：%(duty)s"),
    body=_("自 %(from_on)s 起，%(person)s 在办的工作转到你这里。"), **MINE,
)  # fmt: skip
register_kind(
    "staff.hand_over_done", title=_("%(person)s 的在办工作已移交"),
    body=_("移交 %(moved)s 件，没有移交 %(left)s 件。没有移交的列在此人的页面上，等本单位其他人员承办。"),
    url_name="staff:person", category="staff",
)  # fmt: skip
register_kind(
    "staff.reset_proposed", title=_("请确认：重置 %(person)s 的第二重验证"),
    body=_("由 %(proposer)s 提出，须由另一位管理员在 24 小时内确认。"),
    url_name="staff:reset", category="security", urgent=True,
)  # fmt: skip
register_kind(
    "staff.reset_done", title=_("你的第二重验证已由两位管理员重置"),
    body=_("你在各处的登录已经退出，下次登录时须重新设置。如果不是你要求的，请立即告知本单位管理员。"),
    url_name="accounts:home", category="security", urgent=True,
)  # fmt: skip


def tell(
    kind: str,
    recipients: Iterable[int],
    subject: Subject,
    at: datetime,
    params: Mapping[str, Any],
    url_kwargs: Mapping[str, str] | None = None,
) -> None:
    """Put a notice into the inboxes of these people, within the transaction of the act."""
    notify(
        kind=kind,
        recipients=list(recipients),
        subject=subject,
        at=at,
        params=params,
        url_kwargs=url_kwargs or {},
    )


def authority_in_both(authority: Authority) -> dict[str, str]:
    return {"zh": authority.name_zh, "en": authority.name_en}


def duty_in_both(kind: str) -> dict[str, str]:
    """The name of a duty in both languages."""
    found = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            found[key] = str(Duty.Kind(kind).label)
    return found
