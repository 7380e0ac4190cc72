"""What people are told of a case: the kinds of notices, and the events of licensing that become notices.

To the enterprise's proved members: every stage of their case, by organisation and never by person (R-47). To
officials: what comes to their desk. Handlers re-read the case; `notify` tells each person once per event version.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.ledger.models import Dating, LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.outbox.subscriptions import Heard, subscribe
from core.parties.competence import Standing
from core.parties.models import Authority, Duty
from core.parties.queries import holders_of, members_of
from licensing.actions.conversation import SENT
from licensing.clock import compute_due, intake_limit, received_on
from licensing.lifecycle import Status
from licensing.models import Application, CaseMessage, Ground
from licensing.numbers import short_case_number
from licensing.queries.cases import visible
from licensing.queries.conversation import UNDER_REVIEWER, readable_ids
from licensing.queries.documents import enclosures
from licensing.queries.hands import able

_KIND = Duty.Kind


def visible_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these cases, those this person may open today."""
    rows = visible(standing).filter(public_id__in=ids)
    return frozenset(str(public_id) for public_id in rows.values_list("public_id", flat=True))


CASE: dict[str, Any] = {"url_name": "licensing:case", "visible": visible_ids, "enclosures": enclosures}
TALK: dict[str, Any] = {
    "url_name": "licensing:conversation", "category": "conversation", "visible": readable_ids,
}  # fmt: skip

for _code, _title, _body, _more in (
    ("submit", _("申请已收到：%(number)s"),
     _("“%(product)s”的申请已由%(authority)s收到。最迟 %(answer_on)s告知是否受理。"), {}),
    ("accept", _("已受理：%(number)s"), _("“%(product)s”的申请已受理，最迟 %(due_on)s作出决定。"), {}),
    ("deem_accepted", _("视为受理：%(number)s"),
     _("机关没有在期限内答复，“%(product)s”的申请依法自 %(accepted_on)s起视为受理，最迟 %(due_on)s作出决定。"), {}),
    ("request_correction", _("请补正：%(number)s，最迟 %(lapses_on)s"),
     _("“%(product)s”的申请有 %(items)s 处需要补正，已一次告知。请最迟在 %(lapses_on)s补正并重新提交，逾期申请失效。"),
     {"urgent": True}),
    ("correction_reminder", _("就要失效：%(number)s，最迟 %(lapses_on)s补正"),
     _("“%(product)s”的申请还没有补正。最迟 %(lapses_on)s，逾期申请失效。"), {"urgent": True, "category": "deadlines"}),
    ("resubmit", _("补正已收到：%(number)s"),
     _("补正后的申请已收到。最迟 %(answer_on)s告知是否受理，不会再提出新的补正要求。"), {}),
    ("lapse", _("逾期未补正，申请已失效：%(number)s"), _("“%(product)s”可以随时重新申请。"), {"category": "deadlines"}),
    ("not_required", _("不需要许可：%(number)s"), _("你申请的“%(product)s”不需要生产许可证。请登录阅读说明。"), {}),
    ("refuse_acceptance", _("不予受理：%(number)s"), _("理由：%(ground)s。请登录阅读说明和可以怎么办。"), {}),
    ("forward_elsewhere", _("已转有权机关：%(number)s"),
     _("这件申请由%(authority)s管辖，已转去办理，不用你重新提交。首次收到的日期保留。"), {}),
    ("grant", _("准予许可：%(number)s"),
     _("“%(product)s”已准予许可，许可证编号 %(licence)s。电子证书签发后另行通知。"), {}),
    ("refuse", _("不予许可：%(number)s"),
     _("已对“%(product)s”作出不予许可决定。请登录阅读理由和救济途径，并签收。"), {}),
    ("issue_certificate", _("电子证书可以下载了：%(number)s"), _("许可证编号 %(licence)s。下载即为送达。"), {}),
):  # fmt: skip
    register_kind(f"licensing.{_code}", title=_title, body=_body, **{"category": "cases", **CASE, **_more})

for _code, _title, _body, _more in (
    ("filed", _("新的申请：%(number)s"), _("%(enterprise)s · %(product)s。最迟 %(answer_on)s告知是否受理。"), {}),
    ("answered", _("已补正：%(number)s"),
     _("%(enterprise)s · %(product)s。最迟 %(answer_on)s决定是否受理，不得再提新的补正要求。"), {}),
    ("deemed", _("逾期未答复，已视为受理：%(number)s"),
     _("%(enterprise)s · %(product)s。收到后 %(days)s 个工作日没有答复，依法自 %(accepted_on)s起视为受理。"),
     {"urgent": True}),
    ("returned", _("退回审查：%(number)s"), _("%(enterprise)s · %(product)s。请登录阅读退回理由，时限照常计算。"), {}),
):  # fmt: skip
    register_kind(f"licensing.desk.{_code}", title=_title, body=_body, category="desk", **{**CASE, **_more})

register_kind(
    "licensing.message.to_applicant", title=_("机关发来消息：%(number)s"),
    body=_("%(authority)s在“%(product)s”的申请里给你发了一条消息。请登录查看。"), **TALK,
)  # fmt: skip
register_kind(
    "licensing.message.to_authority", title=_("申请人来信：%(number)s"),
    body=_("%(enterprise)s在“%(product)s”的申请里写了一条消息。请登录查看。"), **TALK,
)  # fmt: skip
register_kind(
    "licensing.message.question", title=_("申请人提问：%(number)s，最迟 %(reply_on)s答复"),
    body=_("%(enterprise)s在“%(product)s”的申请里提了问题。请登录查看并答复。"), **TALK,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One notice to give: which kind, to whom, with which values beyond those every notice of a case has."""

    kind: str
    recipients: Iterable[int]
    params: dict[str, Any]
    url: str = ""


Teller = Callable[[Application, date], Iterator[Told]]


def on(act: str) -> Callable[[Teller], Teller]:
    """Subscribe to an act of a case; the teller says who is to know what, by the case as it stands now."""

    def register(teller: Teller) -> Teller:
        subscribe(f"licensing.{act}", name=f"licensing.notice.{act}")(lambda heard: _hear(heard, teller))
        return teller

    return register


def _hear(heard: Heard, teller: Teller) -> None:
    """Who is to know is read from the case as it stands; dates come from the act itself, which a later one may have
    moved since."""
    application, act = read(heard.subject.id), _act(heard)
    written = {name: act.public[name] for name in DATED if act and name in act.public}
    at = act.effective_at if act and act.dating == Dating.CLOCK else timezone.now()
    for told in teller(application, shanghai_date(timezone.now())):
        params = {**common(application), **told.params}
        notify(
            kind=told.kind, recipients=told.recipients, subject=heard.subject, at=at,
            params=params | {name: value for name, value in written.items() if name in params},
            url_kwargs={"public_id": told.url or str(application.public_id)},
        )  # fmt: skip


DATED = ("due_on", "accepted_on")
"""Dates an act writes down for everybody to read."""


def _act(heard: Heard) -> LedgerEntry | None:
    """What was done. A notice is dated as the act; one on a legal date, or imported, when it is told."""
    return LedgerEntry.objects.filter(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    ).first()


def read(public_id: str) -> Application:
    related = (
        "category", "filing_authority", "deciding_authority__parent", "acceptance_authority", "review_authority",
        "approval_authority", "licence",
    )  # fmt: skip
    return Application.objects.select_related("enterprise", *related).get(public_id=public_id)


def common(case: Application) -> dict[str, Any]:
    assert case.number is not None and case.filing_authority is not None
    named = case.filed["category"]
    return {
        "number": short_case_number(case.number, case.filing_authority.licence_prefix, case.kind),
        "product": {"zh": named["name_zh"], "en": named["name_en"]},
        "enterprise": case.filed["enterprise"]["name"],
    }


def _authority(found: Authority | None) -> dict[str, str]:
    return {"zh": found.name_zh, "en": found.name_en} if found else {"zh": "", "en": ""}


def both(label: Any) -> dict[str, str]:
    """A label of our own in both languages, so that it can be read in either later."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words["en" if code == "en" else "zh"] = str(label)
    return words


def members(case: Application, today: date) -> list[int]:
    return members_of(case.enterprise_id, today)


def holders(kind: str, authority: Authority | None, today: date) -> list[int]:
    return holders_of(kind, authority.pk, today) if authority else []


def desk(case: Application, kind: str, authority: Authority | None, today: date) -> list[int]:
    """Who can act on the case by this duty: its holders, save those who recused themselves."""
    return able(case, holders(kind, authority, today))


def _answeron(case: Application) -> str:
    assert case.received_at is not None
    return str(compute_due(received_on(case.received_at), intake_limit(case), case.filing_division).on)


def _clock(case: Application) -> dict[str, str]:
    return {"due_on": str(case.due_on or ""), "accepted_on": str(case.accepted_on or "")}


@on("submit")
def _submitted(case: Application, today: date) -> Iterator[Told]:
    params = {"authority": _authority(case.acceptance_authority), "answer_on": _answeron(case)}
    yield Told("licensing.submit", members(case, today), params)
    yield from _at_desk(case, today)


@on("receive_forwarded")
def _received(case: Application, today: date) -> Iterator[Told]:
    yield from _at_desk(case, today)


def _at_desk(case: Application, today: date) -> Iterator[Told]:
    """A new filing is news to the desk as long as it waits there."""
    if case.status == Status.SUBMITTED:
        clerks = desk(case, _KIND.ACCEPTANCE, case.acceptance_authority, today)
        yield Told("licensing.desk.filed", clerks, {"answer_on": _answeron(case)})


@on("accept")
def _accepted(case: Application, today: date) -> Iterator[Told]:
    kind = "licensing.deem_accepted" if case.deemed_accepted else "licensing.accept"
    yield Told(kind, members(case, today), _clock(case))


@on("deem_accepted")
def _deemed(case: Application, today: date) -> Iterator[Told]:
    yield Told("licensing.deem_accepted", members(case, today), _clock(case))
    at = case.acceptance_authority
    people = desk(case, _KIND.ACCEPTANCE, at, today) + desk(case, _KIND.HEAD, at, today)
    yield Told("licensing.desk.deemed", people, {**_clock(case), "days": case.intake_days})


@on("request_correction")
def _to_correct(case: Application, today: date) -> Iterator[Told]:
    notice = case.correction
    params = {"lapses_on": str(notice.lapses_after), "items": notice.items.count()}
    yield Told("licensing.request_correction", members(case, today), params)


@on("correction_reminder")
def _reminded(case: Application, today: date) -> Iterator[Told]:
    if case.status == Status.CORRECTION_REQUESTED:
        lapses_on = str(case.correction.lapses_after)
        yield Told("licensing.correction_reminder", members(case, today), {"lapses_on": lapses_on})


@on("resubmit")
def _resubmitted(case: Application, today: date) -> Iterator[Told]:
    params = {"answer_on": _answeron(case)}
    yield Told("licensing.resubmit", members(case, today), params)
    clerks = desk(case, _KIND.ACCEPTANCE, case.acceptance_authority, today)
    issuer = case.correction.issued_by_id
    yield Told("licensing.desk.answered", [issuer] if issuer in clerks else clerks, params)


@on("lapse")
def _lapsed(case: Application, today: date) -> Iterator[Told]:
    yield Told("licensing.lapse", members(case, today), {})


@on("not_required")
def _not_required(case: Application, today: date) -> Iterator[Told]:
    yield Told("licensing.not_required", members(case, today), {})


@on("refuse_acceptance")
def _not_accepted(case: Application, today: date) -> Iterator[Told]:
    ground = both(Ground(case.acceptance_refusal.ground).label)
    yield Told("licensing.refuse_acceptance", members(case, today), {"ground": ground})


@on("forward_elsewhere")
def _forwarded(case: Application, today: date) -> Iterator[Told]:
    params = {"authority": _authority(case.acceptance_refusal.right_authority)}
    onward = Application.objects.filter(forwarded_from=case).values_list("public_id", flat=True).first()
    yield Told("licensing.forward_elsewhere", members(case, today), params, str(onward or ""))


@on("grant")
@on("grant_by_order")
def _granted(case: Application, today: date) -> Iterator[Told]:
    if case.licence is not None and case.licence_version is not None:
        yield Told("licensing.grant", members(case, today), {"licence": case.licence.number})


@on("issue_certificate")
def _issued(case: Application, today: date) -> Iterator[Told]:
    number = case.licence.number if case.licence else ""
    yield Told("licensing.issue_certificate", members(case, today), {"licence": number})


@on("refuse")
def _refused(case: Application, today: date) -> Iterator[Told]:
    yield Told("licensing.refuse", members(case, today), {})


@on("return_to_review")
def _returned(case: Application, today: date) -> Iterator[Told]:
    if case.reviewer_id is not None:
        yield Told("licensing.desk.returned", able(case, [case.reviewer_id]), {})


@subscribe(SENT, name="licensing.notice.message_sent")
def tell_of_message(heard: Heard) -> None:
    """Tell the other side that there is a message; what it says is read in the case alone."""
    case = read(heard.subject.id)
    message = case.messages.order_by("id")[heard.subject.version - 1]
    today = shanghai_date(timezone.now())
    params = {**common(case), "authority": _authority(case.acceptance_authority)}
    if message.side == CaseMessage.Side.AUTHORITY:
        params["authority"] = message.organisation_label
        kind, people = "licensing.message.to_applicant", members(case, today)
    else:
        kind, people = "licensing.message.to_authority", _answering(case, today)
        if message.reply_due_on:
            kind, params["reply_on"] = "licensing.message.question", str(message.reply_due_on)
    notify(
        kind=kind, recipients=set(people) - {message.sent_by_id}, subject=heard.subject,
        at=message.sent_at, params=params,
        url_kwargs={"public_id": str(case.public_id)},
    )  # fmt: skip


def _answering(case: Application, today: date) -> list[int]:
    """Who has to answer now: the reviewer who has taken the case in hand, else the clerks of acceptance."""
    if case.reviewer_id is not None and case.reviewer_stated and case.status in UNDER_REVIEWER:
        return able(case, [case.reviewer_id])
    return desk(case, _KIND.ACCEPTANCE, case.acceptance_authority, today)
