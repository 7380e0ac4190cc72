"""What people are told of a licence and cases about it: renewal by law, expiry, the end, a task of deregistration."""

from collections.abc import Iterator
from datetime import date
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
from licensing.models import Application, Deregistration, ProductionLicence
from licensing.notices.cases import CASE, Told, both, holders, members, on
from licensing.queries.deregistrations import visible as visible_tasks

_KIND = Duty.Kind


def own_licence_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these licences, those of the person's enterprises."""
    rows = ProductionLicence.objects.filter(enterprise_id__in=standing.enterprise_ids, number__in=ids)
    return frozenset(rows.values_list("number", flat=True))


def task_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these deregistrations, those the person may open."""
    rows = visible_tasks(standing).filter(public_id__in=ids).values_list("public_id", flat=True)
    return frozenset(str(public_id) for public_id in rows)


LICENCE: dict[str, Any] = {
    "url_name": "licensing:own_licences", "category": "cases", "visible": own_licence_ids,
}  # fmt: skip

_Row = tuple[str, Any, Any, dict[str, Any]]
_ROWS: tuple[_Row, ...] = (
    ("deem_renewed", _("视为准予延续：%(licence)s"),
     _("“%(product)s”的延续申请到期没有决定，依法自 %(begins_on)s起视为准予延续，可以照常生产。新证书另行制发。"), {}),
    ("terminate", _("终止办理：%(number)s"),
     _("许可证 %(licence)s 已经终止或者过期，据它提出的“%(product)s”的这件申请随之终止。"), {}),
    ("deregistered_case", _("已注销：%(licence)s"), _("许可证 %(licence)s 已按你的申请注销并公布。"), {}),
)  # fmt: skip
for _code, _title, _body, _more in _ROWS:
    register_kind(f"licensing.{_code}", title=_title, body=_body, **{"category": "cases", **CASE, **_more})

register_kind(
    "licensing.desk.confirm_renewal", title=_("请确认延续：%(number)s"),
    body=_("%(enterprise)s · %(product)s。到期没有决定，依法视为准予延续。请在 10 个工作日内确认，证书随即制发。"),
    category="desk", urgent=True, **CASE,
)  # fmt: skip
register_kind(
    "licensing.licence_expired", title=_("许可证已过期：%(licence)s"),
    body=_("许可证 %(licence)s 的有效期已于 %(until_on)s届满。过期后不得据此生产；继续生产须重新申请。"),
    **{**LICENCE, "category": "deadlines"},
)  # fmt: skip
register_kind(
    "licensing.licence_expired_renewing", title=_("许可证已过期：%(licence)s"),
    body=_("许可证 %(licence)s 已于 %(until_on)s期满，不得再据此生产。延续申请继续办理，准予后自决定之日起有效。"),
    **{**LICENCE, "category": "deadlines"},
)  # fmt: skip
register_kind(
    "licensing.licence_deregistered", title=_("许可证已注销：%(licence)s"),
    body=_("许可证 %(licence)s 已由发证机关注销并公布。"), **LICENCE,
)  # fmt: skip
register_kind(
    "licensing.desk.deregistration", title=_("请决定是否注销：%(licence)s"),
    body=_("%(holder)s。事由：%(ground)s。提出人以外的审批人员决定。"), category="desk",
    url_name="licensing:deregistration", visible=task_ids,
)  # fmt: skip


@on("deem_renewed")
def _deemed(case: Application, today: date) -> Iterator[Told]:
    params = {
        "licence": case.licence.number if case.licence else "",
        "begins_on": str(case.deemed_renewal_on),
    }
    yield Told("licensing.deem_renewed", members(case, today), params)
    approvers = holders(_KIND.APPROVAL, case.approval_authority, today)
    yield Told("licensing.desk.confirm_renewal", approvers, {})


@on("terminate")
def _terminated(case: Application, today: date) -> Iterator[Told]:
    licence = case.licence.number if case.licence else ""
    yield Told("licensing.terminate", members(case, today), {"licence": licence})


@on("deliver_notice")
def _ended_on_request(case: Application, today: date) -> Iterator[Told]:
    licence = case.licence.number if case.licence else ""
    yield Told("licensing.deregistered_case", members(case, today), {"licence": licence})


@subscribe("licensing.licence_expired", name="licensing.notice.licence_expired")
@subscribe("licensing.licence_deregistered", name="licensing.notice.licence_deregistered")
def tell_holder(heard: Heard) -> None:
    """The holder hears that the licence is over; one that ended on his own request was told of his case."""
    act = LedgerEntry.objects.get(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    )
    licence = ProductionLicence.objects.get(number=heard.subject.id)
    if heard.type == "licensing.licence_deregistered" and "ground" not in act.public:
        return
    kind = f"{heard.type}_renewing" if act.public.get("renewal_open") else heard.type
    notify(
        kind=kind, recipients=members_of(licence.enterprise_id, shanghai_date(act.effective_at)),
        subject=heard.subject, at=act.effective_at, url_kwargs={},
        params={"licence": licence.number, "until_on": str(licence.valid_until)},
    )  # fmt: skip


@subscribe("licensing.deregistration_proposed", name="licensing.notice.deregistration_proposed")
@subscribe("licensing.deregistration_moved", name="licensing.notice.deregistration_moved")
def tell_approvers(heard: Heard) -> None:
    """Somebody else at the issuing authority decides; at the province's once the licence is the province's."""
    row = Deregistration.objects.select_related("licence__issuing_authority").get(public_id=heard.subject.id)
    if row.result:
        return
    people = holders_of(_KIND.APPROVAL, row.licence.issuing_authority_id, row.opened_on)
    notify(
        kind="licensing.desk.deregistration", recipients=set(people) - {row.proposed_by_id},
        subject=heard.subject, at=_recorded(heard), url_kwargs={"public_id": str(row.public_id)},
        params={
            "licence": row.licence.number, "holder": row.licence.holder_name,
            "ground": both(Deregistration.Ground(row.ground).label),
        },
    )  # fmt: skip


def _recorded(heard: Heard) -> Any:
    return LedgerEntry.objects.get(
        subject_kind=heard.subject.kind, subject_id=heard.subject.id, subject_version=heard.subject.version
    ).effective_at
