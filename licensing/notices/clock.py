"""What people are told of the clock of a case: pauses and the extension, warnings before and after its due date.

A pause without notice would not count (K7): its notice is given in the act itself, and this message brings it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.lifecycle.dates import shanghai_date
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.outbox.subscriptions import Heard, subscribe
from core.parties.models import Duty
from licensing.alarms import SOUNDED
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, ClockAlarm, ClockPause, PauseGround
from licensing.notices.cases import CASE, Told, both, common, holders, members, on, read

_KIND = Duty.Kind
DEADLINE: dict[str, Any] = {"category": "deadlines", **CASE}

for _code, _title, _body, _more in (
    ("pause", _("时限停计：%(number)s"),
     _("%(ground)s期间不计入时限：自 %(from_on)s起停计，预计到 %(until_on)s，之后接着算。请登录阅读通知。"), DEADLINE),
    ("resume", _("时限恢复：%(number)s，最迟 %(due_on)s"),
     _("%(ground)s已结束，时限接着算，最迟 %(due_on)s作出决定。"), DEADLINE),
    ("resume_partly", _("一项程序已结束：%(number)s"),
     _("%(ground)s已结束；另一项程序还在进行，时限仍停计。"), DEADLINE),
    ("extend", _("时限延长 %(days)s 个工作日：%(number)s"),
     _("经机关负责人批准，“%(product)s”的申请延长 %(days)s 个工作日作出决定。请登录阅读理由和新的期限。"), DEADLINE),
    ("desk.extension", _("请决定是否延长：%(number)s"),
     _("%(enterprise)s · %(product)s。建议延长 %(days)s 个工作日，须在时限届满前决定。"),
     {**CASE, "category": "desk", "urgent": True}),
    ("desk.extension_declined", _("延长没有批准：%(number)s"), _("%(enterprise)s · %(product)s。时限不变。"),
     {**CASE, "category": "desk"}),
    ("desk.left", _("还剩 %(left)s 个工作日：%(number)s，最迟 %(due_on)s"),
     _("%(enterprise)s · %(product)s。请在 %(due_on)s前办结。"), DEADLINE),
    ("desk.overdue", _("超期 %(late)s 个工作日：%(number)s"),
     _("%(enterprise)s · %(product)s。应于 %(due_on)s前作出决定。"), {**DEADLINE, "urgent": True}),
    ("desk.head", _("超期，报告负责人：%(number)s"),
     _("%(enterprise)s · %(product)s。应于 %(due_on)s前作出决定，现已超期。"), {**DEADLINE, "urgent": True}),
    ("desk.superior", _("法定期限已过，报告上级机关：%(number)s"),
     _("%(authority)s没有在法定期限 %(due_on)s前对“%(product)s”的申请作出决定。"), {**DEADLINE, "urgent": True}),
    ("desk.delivery", _("证书没有按期制发：%(number)s"),
     _("%(enterprise)s · %(product)s。准予许可后证书应已制发送达，请查明原因。"), {**DEADLINE, "urgent": True}),
):  # fmt: skip
    register_kind(f"licensing.{_code}", title=_title, body=_body, **_more)


@on("pause")
def _paused(case: Application, today: date) -> Iterator[Told]:
    row = case.pauses.order_by("-pk").first()
    assert row is not None
    facts = {"from_on": str(row.counts_from), "until_on": str(row.expected_until), **_ground(row)}
    yield Told("licensing.pause", members(case, today), facts)


@on("resume")
def _resumed(case: Application, today: date) -> Iterator[Told]:
    row = case.pauses.filter(ended_on__isnull=False).order_by("-ended_on", "-pk").first()
    assert row is not None
    kind = "licensing.resume_partly" if case.paused else "licensing.resume"
    yield Told(kind, members(case, today), {**_ground(row), "due_on": str(case.due_on or "")})


def _ground(row: ClockPause) -> dict[str, Any]:
    return {"ground": both(PauseGround(row.ground).label)}


@on("propose_extension")
def _proposed(case: Application, today: date) -> Iterator[Told]:
    row = case.extensions.filter(result="").first()
    if row is not None:
        heads = holders(_KIND.HEAD, case.deciding_authority, today)
        yield Told("licensing.desk.extension", heads, {"days": row.days})


@on("extend")
def _extended(case: Application, today: date) -> Iterator[Told]:
    row = case.extensions.get(result="granted")
    yield Told("licensing.extend", members(case, today), {"days": row.days})


@on("decline_extension")
def _declined(case: Application, today: date) -> Iterator[Told]:
    row = case.extensions.filter(result="declined").order_by("-pk").first()
    if row is not None and row.proposed_by_id is not None:
        yield Told("licensing.desk.extension_declined", [row.proposed_by_id], {})


@subscribe(SOUNDED, name="licensing.notice.alarm")
def tell_of_alarm(heard: Heard) -> None:
    """Tell those whose turn it is; an alarm of a case decided meanwhile is no news any more."""
    alarm = ClockAlarm.objects.get(pk=heard.subject.id)
    case = read(str(alarm.application.public_id))
    is_delivery = alarm.kind == ClockAlarm.Kind.DELIVERY
    if case.status not in ({Status.GRANTED} if is_delivery else UNDECIDED):
        return
    today = shanghai_date(timezone.now())
    deciding = case.deciding_authority
    assert deciding is not None
    notify(
        kind=f"licensing.desk.{alarm.kind}", recipients=_warned(case, alarm, today), subject=heard.subject,
        at=alarm.raised_at, url_kwargs={"public_id": str(case.public_id)},
        params={
            **common(case), "due_on": str(alarm.due_on), "left": alarm.step, "late": alarm.step,
            "authority": {"zh": deciding.name_zh, "en": deciding.name_en},
        },
    )  # fmt: skip


def _warned(case: Application, alarm: ClockAlarm, today: date) -> list[int]:
    """Whoever has the case; the head for what is raised; the superior's head after the statutory date."""
    deciding = case.deciding_authority
    if alarm.kind in (ClockAlarm.Kind.HEAD, ClockAlarm.Kind.DELIVERY):
        return holders(_KIND.HEAD, deciding, today)
    if alarm.kind == ClockAlarm.Kind.SUPERIOR:
        above = deciding.parent if deciding and deciding.parent else deciding
        return holders(_KIND.HEAD, above, today) or holders(_KIND.NATIONAL_ADMIN, above, today)
    if case.status == Status.DECISION_PENDING:
        return holders(_KIND.APPROVAL, case.approval_authority, today)
    return [case.reviewer_id] if case.reviewer_id else holders(_KIND.REVIEW, case.review_authority, today)
