"""What people are told of the clock of a case: pauses and the extension, warnings before and after its due date.

A pause without notice would not count (K7): its notice is given in the act itself, and this message brings it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.outbox.subscriptions import Heard, subscribe
from core.parties.models import Duty
from core.staff.queries import stands_in_for
from licensing.alarms import SOUNDED
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, ClockAlarm, PauseGround
from licensing.notices.cases import CASE, Told, both, common, desk, holders, members, on, read
from licensing.rules import OVERRUN_RAISED

_KIND = Duty.Kind
DEADLINE: dict[str, Any] = {"category": "deadlines", **CASE}

for _code, _title, _body, _more in (
    ("pause", _("时限停计：%(number)s"),
     _("%(ground)s期间不计入时限：自 %(from_on)s起停计，预计到 %(until_on)s，之后接着算。请登录阅读通知。"), DEADLINE),
    ("pause_late", _("程序开始：%(number)s"),
     _("%(ground)s自 %(from_on)s起进行，预计到 %(until_on)s。决定的期限 %(due_on)s不变。请登录阅读通知。"), DEADLINE),
    ("resume", _("时限恢复：%(number)s，最迟 %(due_on)s"),
     _("%(ground)s已结束，时限接着算，最迟 %(due_on)s作出决定。"), DEADLINE),
    ("resume_partly", _("一项程序已结束：%(number)s"),
     _("%(ground)s已结束；另一项程序还在进行，时限仍停计。"), DEADLINE),
    ("extend", _("时限延长 %(days)s 个工作日：%(number)s"),
     _("经机关负责人批准，“%(product)s”的申请延长 %(days)s 个工作日作出决定。请登录阅读理由和新的期限。"), DEADLINE),
    ("due_moved", _("期限有变：%(number)s，改为 %(to_on)s"),
     _("节假日安排公布或者变动，“%(product)s”的申请，期限由 %(from_on)s改为 %(to_on)s。"), DEADLINE),
    ("desk.extension", _("请决定是否延长：%(number)s"),
     _("%(enterprise)s · %(product)s。建议延长 %(days)s 个工作日，须在时限届满前决定。"),
     {**CASE, "category": "desk", "urgent": True}),
    ("desk.extension_declined", _("延长没有批准：%(number)s"), _("%(enterprise)s · %(product)s。时限不变。"),
     {**CASE, "category": "desk"}),
    ("desk.left", _("还剩 %(left)s 个工作日：%(number)s，最迟 %(due_on)s"),
     _("%(enterprise)s · %(product)s。请在 %(due_on)s前办结。"), DEADLINE),
    ("desk.left_early", _("距内部提醒日期还剩 %(left)s 个工作日：%(number)s"),
     _("%(enterprise)s · %(product)s。内部提醒日期 %(due_on)s；决定最迟 %(latest_on)s作出。"), DEADLINE),
    ("desk.overdue", _("超期 %(late)s 个工作日：%(number)s"),
     _("%(enterprise)s · %(product)s。应于 %(due_on)s前作出决定。"), {**DEADLINE, "urgent": True}),
    ("desk.overrun", _("停计超过预计 %(late)s 个工作日：%(number)s"),
     _("%(enterprise)s · %(product)s。预计 %(due_on)s完成的程序还没有结束，时限仍停计。请登记结果。"), DEADLINE),
    ("desk.head", _("超期，报告负责人：%(number)s"),
     _("%(enterprise)s · %(product)s。应于 %(due_on)s前作出决定，现已超期。"), {**DEADLINE, "urgent": True}),
    ("desk.superior", _("法定期限已过，报告上级机关：%(number)s"),
     _("%(authority)s没有在法定期限 %(due_on)s前对“%(product)s”的申请作出决定。"), {**DEADLINE, "urgent": True}),
    ("desk.delivery", _("证书没有按期制发：%(number)s"),
     _("%(enterprise)s · %(product)s。准予许可后证书应已制发送达，请查明原因。"), {**DEADLINE, "urgent": True}),
    ("desk.expiry", _("许可证快到期，延续还没有决定：%(number)s"),
     _("%(enterprise)s · %(product)s。许可证有效期到 %(due_on)s；到期没有决定，依法视为准予延续。"),
     {**DEADLINE, "urgent": True}),
    ("desk.by_law", _("逾期未决定，已视为准予延续：%(number)s"),
     _("%(enterprise)s · %(product)s。许可证有效期 %(due_on)s届满而没有决定，请查明原因。"),
     {**DEADLINE, "urgent": True}),
):  # fmt: skip
    register_kind(f"licensing.{_code}", title=_title, body=_body, **_more)


@subscribe("licensing.pause", name="licensing.notice.pause")
@subscribe("licensing.resume", name="licensing.notice.resume")
def tell_of_pause(heard: Heard) -> None:
    """The applicant is told of this very procedure, by what the act wrote down; a later one is told for itself."""
    act = LedgerEntry.objects.get(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    )
    case, public = read(heard.subject.id), act.public
    if heard.type == "licensing.pause":
        kind = "licensing.pause" if not public["due_on"] else "licensing.pause_late"
    else:
        kind = "licensing.resume" if public["due_on"] else "licensing.resume_partly"
    notify(
        kind=kind, recipients=members(case, shanghai_date(timezone.now())), subject=heard.subject, at=act.effective_at,
        url_kwargs={"public_id": str(case.public_id)},
        params={
            **common(case), "ground": both(PauseGround(public["ground"]).label), "from_on": public["from"],
            "until_on": public["expected_until"], "due_on": public["due_on"],
        },
    )  # fmt: skip


@subscribe("licensing.due_recomputed", name="licensing.notice.due_recomputed")
def tell_of_moved_date(heard: Heard) -> None:
    """The applicant is told when a change of the calendar moves his date (DOMAIN §4.2), of each move for itself; a
    date that only stopped being provisional has not moved."""
    act = LedgerEntry.objects.get(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    )
    was, now = act.public["from"], act.public["to"]
    if not was or not now or was == now:
        return
    case = read(heard.subject.id)
    notify(
        kind="licensing.due_moved", recipients=members(case, shanghai_date(timezone.now())), subject=heard.subject,
        at=act.effective_at, url_kwargs={"public_id": str(case.public_id)},
        params={**common(case), "from_on": was, "to_on": now},
    )  # fmt: skip


@on("propose_extension")
def _proposed(case: Application, today: date) -> Iterator[Told]:
    row = case.extensions.filter(result="").first()
    if row is not None:
        heads = desk(case, _KIND.HEAD, case.deciding_authority, today)
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
    if case.status not in _MATTERS_IN.get(alarm.kind, UNDECIDED):
        return
    today = shanghai_date(timezone.now())
    deciding = case.deciding_authority
    assert deciding is not None
    early = alarm.kind == ClockAlarm.Kind.LEFT and alarm.due_on == case.alarm_on
    notify(
        kind=f"licensing.desk.{alarm.kind}{'_early' if early else ''}", recipients=_warned(case, alarm, today),
        subject=heard.subject, at=alarm.raised_at, url_kwargs={"public_id": str(case.public_id)},
        params={
            **common(case), "due_on": str(alarm.due_on), "latest_on": str(case.due_on or ""), "left": alarm.step,
            "late": alarm.step,
            "authority": {"zh": deciding.name_zh, "en": deciding.name_en},
        },
    )  # fmt: skip


_MATTERS_IN: dict[str, frozenset[str]] = {
    ClockAlarm.Kind.DELIVERY: frozenset({Status.GRANTED, Status.DEEMED_RENEWED}),
    ClockAlarm.Kind.DEEMED: frozenset({Status.DEEMED_RENEWED, Status.CERTIFICATE_ISSUED}),
}
"""States in which an alarm is still news; any undecided one for those not named."""


def _warned(case: Application, alarm: ClockAlarm, today: date) -> list[int]:
    """Whoever has the case; the head for what is raised; the superior's head after the statutory date."""
    deciding, kind = case.deciding_authority, ClockAlarm.Kind(alarm.kind)
    above = deciding.parent if deciding and deciding.parent else deciding
    heads = holders(_KIND.HEAD, deciding, today)
    superiors = holders(_KIND.HEAD, above, today) or holders(_KIND.NATIONAL_ADMIN, above, today)
    if kind == ClockAlarm.Kind.SUPERIOR:
        return superiors
    if kind in (ClockAlarm.Kind.HEAD, ClockAlarm.Kind.DELIVERY, ClockAlarm.Kind.DEEMED):
        return heads or superiors
    raised = heads if kind == ClockAlarm.Kind.OVERRUN and alarm.step >= OVERRUN_RAISED else []
    return sorted({*_in_hand(case, today), *raised})


def _in_hand(case: Application, today: date) -> list[int]:
    """The reviewer who took it while he holds the duty, and who stands in for him; else the desk that has it."""
    if case.status == Status.DECISION_PENDING:
        return desk(case, _KIND.APPROVAL, case.approval_authority, today)
    reviewers = desk(case, _KIND.REVIEW, case.review_authority, today)
    if case.reviewer_id is None or case.reviewer_id not in reviewers:
        return reviewers
    standing_in = stands_in_for(case.reviewer_id, case.review_authority_id, today)
    return [case.reviewer_id, *(person for person in standing_in if person in reviewers)]
