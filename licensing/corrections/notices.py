"""What people are told of corrections: the holder by organisation, officials by what comes to their desk (R-89)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.ledger.models import LedgerEntry
from core.lifecycle.dates import shanghai_date
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.outbox.subscriptions import Heard, subscribe
from core.parties.competence import Standing
from core.parties.models import Duty
from core.parties.queries import holders_of, members_of
from licensing.corrections.lifecycle import Asked, Status
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.corrections.queries import visible, visible_requests

_KIND = Duty.Kind


def correction_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these corrections, those the person may open."""
    rows = visible(standing).filter(public_id__in=ids).values_list("public_id", flat=True)
    return frozenset(str(public_id) for public_id in rows)


def request_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these requests, those the person may open."""
    rows = visible_requests(standing).filter(public_id__in=ids).values_list("public_id", flat=True)
    return frozenset(str(public_id) for public_id in rows)


CORRECTION: dict[str, Any] = {"url_name": "corrections:correction", "visible": correction_ids}
REQUEST: dict[str, Any] = {"url_name": "corrections:request", "visible": request_ids}

for _code, _title, _body, _more in (
    ("approved", _("证书已更正：%(licence)s"),
     _("许可证 %(licence)s 的证书有差错，已由发证机关更正，新证书随即签发，不收费用。原证书由新证书代替。"),
     {"category": "cases", **CORRECTION}),
    ("declined", _("不予更正：%(licence)s"),
     _("你请求的更正，发证机关审批后没有批准。请登录阅读理由。"), {"category": "cases", **CORRECTION}),
    ("taken_up", _("已据你的请求提出更正：%(licence)s"),
     _("许可证 %(licence)s 的更正已经提出，由发证机关另一人批准。不用补交材料。"), {"category": "cases", **CORRECTION}),
    ("answered", _("更正请求已答复：%(licence)s"),
     _("你对许可证 %(licence)s 的更正请求已有答复。请登录阅读。"), {"category": "cases", **REQUEST}),
    ("desk.asked", _("企业请求更正：%(licence)s，最迟 %(reply_on)s答复"),
     _("%(holder)s认为证书有差错。请核对案卷：提出更正，或者答复为什么不更正。"), {"category": "desk", **REQUEST}),
    ("desk.proposed", _("请批准更正：%(licence)s"),
     _("%(holder)s。提出人以外的审批人员批准。"), {"category": "desk", **CORRECTION}),
    ("desk.returned", _("更正没有获批：%(licence)s"),
     _("%(holder)s。请登录阅读理由。"), {"category": "desk", **CORRECTION}),
):  # fmt: skip
    register_kind(f"corrections.{_code}", title=_title, body=_body, **_more)


def _tell(kind: str, people: Iterable[int], heard: Heard, at: datetime, **params: str) -> None:
    row: Any
    if heard.subject.kind == "corrections.correction":
        row = CertificateCorrection.objects.select_related("licence").get(public_id=heard.subject.id)
    else:
        row = CorrectionRequest.objects.select_related("licence").get(public_id=heard.subject.id)
    notify(
        kind=f"corrections.{kind}", recipients=people, subject=heard.subject, at=at,
        url_kwargs={"public_id": str(row.public_id)},
        params={"licence": row.licence.number, "holder": row.licence.holder_name, **params},
    )  # fmt: skip


def _moment(heard: Heard) -> datetime:
    """When the act was done that this tells of."""
    return LedgerEntry.objects.get(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    ).effective_at


@subscribe("corrections.asked", name="corrections.notice.asked")
def tell_desk(heard: Heard) -> None:
    """The desk of acceptance of the holder's province answers."""
    row = CorrectionRequest.objects.select_related("licence").get(public_id=heard.subject.id)
    if row.status != Asked.OPEN:
        return
    at = _moment(heard)
    people = holders_of(_KIND.ACCEPTANCE, row.licence.filing_authority_id, shanghai_date(at))
    _tell("desk.asked", people, heard, at, reply_on=str(row.reply_due_on))


@subscribe("corrections.request_answered", name="corrections.notice.answered")
def tell_answer(heard: Heard) -> None:
    """The holder reads why nothing is corrected."""
    row = CorrectionRequest.objects.select_related("licence").get(public_id=heard.subject.id)
    at = _moment(heard)
    _tell("answered", members_of(row.licence.enterprise_id, shanghai_date(at)), heard, at)


@subscribe("corrections.proposed", name="corrections.notice.proposed")
@subscribe("corrections.confirmed", name="corrections.notice.confirmed")
def tell_approvers(heard: Heard) -> None:
    """Somebody else of the issuing authority decides; who asked for it hears that it is under way."""
    row = CertificateCorrection.objects.select_related("licence").get(public_id=heard.subject.id)
    if row.status != Status.PROPOSED:
        return
    at = _moment(heard)
    people = set(holders_of(_KIND.APPROVAL, row.licence.issuing_authority_id, shanghai_date(at)))
    _tell("desk.proposed", people - {row.proposed_by_id, row.confirmed_by_id}, heard, at)
    if row.request_id is not None and heard.type == "corrections.proposed":
        _tell("taken_up", members_of(row.licence.enterprise_id, shanghai_date(at)), heard, at)


@subscribe("corrections.approved", name="corrections.notice.approved")
@subscribe("corrections.declined", name="corrections.notice.declined")
def tell_outcome(heard: Heard) -> None:
    """The holder is told of every correction made, and of one declined that he asked for; the proposer of that too."""
    row = CertificateCorrection.objects.select_related("licence").get(public_id=heard.subject.id)
    at = _moment(heard)
    members = members_of(row.licence.enterprise_id, shanghai_date(at))
    if row.status == Status.APPROVED:
        _tell("approved", members, heard, at)
        return
    if row.request_id is not None:
        _tell("declined", members, heard, at)
    proposers = {pk for pk in (row.proposed_by_id, row.confirmed_by_id) if pk is not None}
    _tell("desk.returned", proposers, heard, at)
