"""What officials are told of whose hands a review is in: assigned, passed on, taken over, let go for a conflict.

Whom it concerned stands in the act itself; a later one is told for itself.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.outbox.subscriptions import Heard, subscribe
from core.parties.models import Authority, Duty, User
from licensing.models import Application, Recusal
from licensing.notices.cases import CASE, common, desk, read

_KIND = Duty.Kind

for _code, _title, _body, _more in (
    ("assigned", _("指派你审查：%(number)s"),
     _("%(enterprise)s · %(product)s。与企业有利害关系的，请声明回避。"), {}),
    ("passed_on", _("已改由他人审查：%(number)s"),
     _("%(enterprise)s · %(product)s。机关负责人已指派他人承办，你不用再办。"), {}),
    ("taken_over", _("已由他人代为承办：%(number)s"),
     _("%(enterprise)s · %(product)s。由%(person)s接着承办。"), {}),
    ("recused", _("%(person)s声明回避：%(number)s"), _("%(enterprise)s · %(product)s。理由请登录查看。"), {}),
    ("recused_released", _("%(person)s声明回避，请指派审查人员：%(number)s"),
     _("%(enterprise)s · %(product)s。案件已退回待承办，时限照常计算。"), {"urgent": True}),
    ("recused_after", _("%(person)s声明回避，审查已由其完成：%(number)s"),
     _("%(enterprise)s · %(product)s。请考虑退回重新审查。"), {"urgent": True}),
):  # fmt: skip
    register_kind(f"licensing.desk.{_code}", title=_title, body=_body, category="desk", **{**CASE, **_more})


@subscribe("licensing.assign_review", name="licensing.notice.assign_review")
@subscribe("licensing.take_over", name="licensing.notice.take_over")
def tell_of_hands(heard: Heard) -> None:
    """The new reviewer, when he was assigned, and the former one; each by name of the act and not of a state."""
    act, case = _act(heard), read(heard.subject.id)
    if heard.type == "licensing.assign_review":
        _tell("assigned", _people(act.internal["to"]), case, act, heard)
        _tell("passed_on", _people(act.internal["from"]), case, act, heard)
    else:
        _tell("taken_over", _people(act.internal["from"]), case, act, heard, person=_actor(act))


@subscribe("licensing.recuse", name="licensing.notice.recuse")
def tell_of_recusal(heard: Heard) -> None:
    """The heads of the authority for which the official handled the case; where it has none, those above it."""
    act, case = _act(heard), read(heard.subject.id)
    row = Recusal.objects.select_related("authority__parent", "user").get(
        application=case, user__public_id=act.actor_code
    )
    kind = "recused_released" if row.released else "recused"
    if not row.released and case.reviewer_id == row.user_id:
        kind = "recused_after"
    heads = _heads(case, row.authority, shanghai_date(timezone.now()))
    _tell(kind, heads, case, act, heard, person=row.user.name)


def _heads(case: Application, authority: Authority, today: date) -> list[int]:
    """Heads who have not recused themselves; the superior's where there are none."""
    own = desk(case, _KIND.HEAD, authority, today)
    return own or desk(case, _KIND.HEAD, authority.parent, today)


def _act(heard: Heard) -> LedgerEntry:
    return LedgerEntry.objects.get(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    )


def _actor(act: LedgerEntry) -> str:
    return User.objects.filter(public_id=act.actor_code).values_list("name", flat=True).first() or ""


def _people(public_id: str | None) -> list[int]:
    """The key of the person an act names, if it names one."""
    if public_id is None:
        return []
    return list(User.objects.filter(public_id=public_id, is_active=True).values_list("pk", flat=True))


def _tell(
    kind: str, people: Iterable[int], case: Application, act: LedgerEntry, heard: Heard, **params: Any
) -> None:
    notify(
        kind=f"licensing.desk.{kind}", recipients=people, subject=heard.subject, at=act.effective_at,
        url_kwargs={"public_id": str(case.public_id)}, params={**common(case), **params},
    )  # fmt: skip
