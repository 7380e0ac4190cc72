"""A province entrusts stages of its cases to a prefecture, suspends and ends it (R-19–R-22; L1 art. 24; seed §3.2).

The delegate acts in the province's name; 撤销, 吊销 and 撤回 are no stages and cannot be entrusted.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import CategoryVersion
from catalog.queries import category_on
from core.files.actions import store
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, Moved, NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Authority, Delegation, Level, Stage
from licensing.actions.act import LOCK_ORDER, acting_for, drop_held, subject_of
from licensing.actions.act import SUBJECT as CASE
from licensing.actions.act import locked as locked_case
from licensing.models import Application, DelegationFile
from licensing.policy import profile_on
from licensing.queries.delegations import cases_under, state_on, version_of

SUBJECT = "licensing.delegation"
ENTRUSTED = Clause("L1", "第二十四条")
KEEP, MOVE = "keep", "move"


class NotTheProvincesHead(NotAllowed):
    code = "licensing.not_the_provinces_head"
    message = _("只有省级机关的负责人可以委托、暂停或者结束委托；受委托的机关不得再委托")


class DelegationForbidden(NotAllowed):
    code = "licensing.delegation_forbidden"
    message = _("现行政策不允许把审批委托到省级以下")


class NotBelowYou(Invalid):
    code = "licensing.not_below_you"
    message = _("只能委托给本省的市级机关")


class NationalProduct(Invalid):
    code = "licensing.national_product"
    message = _("该类产品由国家级机关审批发证，不能委托")


class DelegationBasisMissing(Invalid):
    code = "licensing.delegation_basis_missing"
    message = _("委托须写明依据的法律、法规或者规章及条款（《行政许可法》第二十四条）")


class DelegationDatesWrong(Invalid):
    code = "licensing.delegation_dates_wrong"
    message = _("开始日不能早于今天，结束日须在开始日之后")


class DelegationOverlaps(Conflict):
    code = "licensing.delegation_overlaps"
    message = _("同一环节、同一产品类别已委托给这个机关，期间重叠：%(span)s")


class ChoiceMissing(Invalid):
    code = "licensing.delegation_choice_missing"
    message = _("请对每一件未办结的申请选择留在原机关或者收回")


class DelegationReasonMissing(Invalid):
    code = "licensing.delegation_reason_missing"
    message = _("请写明理由")


class DelegationStateWrong(Conflict):
    code = "licensing.delegation_state_wrong"
    message = _("这项委托现在不能这样办：已经暂停、恢复或者结束")


class DelegationMoved(Moved):
    code = "licensing.delegation_moved"
    message = _("你读取之后，这项委托已经有了变动。请重新读取再办")


@transaction.atomic
def delegate(
    *,
    delegator: Authority,
    to: Authority,
    stage: str,
    category_key: str,
    valid_from: date,
    valid_to: date | None,
    basis_instrument: str,
    basis_article: str,
    document: File | bytes,
    filename: str,
    actor: Actor,
    at: datetime,
) -> Delegation:
    """Entrust one stage, for one category or all provincial ones; entered here it is announced (R-20).

    Raises NotTheProvincesHead, DelegationForbidden, NotBelowYou, NationalProduct, DelegationBasisMissing,
    DelegationDatesWrong, DelegationOverlaps, and the errors of core.files on `document`.
    """
    actor = _require_head(delegator, actor, at)
    if not profile_on(valid_from, delegator.pk).delegation_allowed:
        raise DelegationForbidden()
    Authority.objects.select_for_update(of=("self",)).get(pk=delegator.pk)
    _check(delegator, to, category_key, valid_from, valid_to, shanghai_date(at))
    if not basis_instrument.strip() or not basis_article.strip():
        raise DelegationBasisMissing("basis_article" if basis_instrument.strip() else "basis_instrument")
    _require_free(delegator, to, Stage(stage), category_key, valid_from, valid_to)
    row = Delegation.objects.create(
        delegator=delegator, delegate=to, stage=Stage(stage), category_key=category_key, valid_from=valid_from,
        valid_to=valid_to, basis_instrument=basis_instrument.strip(), basis_article=basis_article.strip(),
        announced_on=shanghai_date(at),
    )  # fmt: skip
    kept = store(
        content=document, filename=filename, owner=Subject(SUBJECT, str(row.public_id)), slot="document", actor=actor,
        at=at,
    )  # fmt: skip
    DelegationFile.objects.create(delegation=row, document=kept, given_by_id=actor.user_id, given_at=at)
    _write(row, 1, "delegated", actor, at, public=_facts(row))
    return row


@transaction.atomic
def suspend(
    *,
    public_id: UUID | str,
    choices: Mapping[str, str],
    reason: str,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Delegation:
    """From this moment new cases stay with the province; each open one stays or comes back, as chosen (R-21).

    `choices` names every open case by its public id: keep or move. Raises NotTheProvincesHead, DelegationMoved
    when it is not the one that was read, DelegationStateWrong, DelegationReasonMissing or ChoiceMissing.
    """
    row, actor = _open(public_id, actor, at, ("in_force", "coming"), expected_version)
    _settle(row, choices, reason, actor, at)
    row.suspended_on = shanghai_date(at)
    return _changed(row, "suspended", reason, actor, at)


@transaction.atomic
def resume(
    *, public_id: UUID | str, actor: Actor, at: datetime, expected_version: int | None = None
) -> Delegation:
    """New cases go to the delegate again; those that came back stay with the province."""
    row, actor = _open(public_id, actor, at, ("suspended",), expected_version)
    row.suspended_on = None
    return _changed(row, "resumed", "", actor, at)


@transaction.atomic
def end(
    *,
    public_id: UUID | str,
    choices: Mapping[str, str],
    reason: str,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Delegation:
    """End it today for good; each open case stays or comes back, as chosen."""
    row, actor = _open(public_id, actor, at, ("in_force", "suspended", "coming"), expected_version)
    _settle(row, choices, reason, actor, at)
    row.valid_to = max(shanghai_date(at), row.valid_from)
    return _changed(row, "ended", reason, actor, at)


def _require_head(province: Authority, actor: Actor, at: datetime) -> Actor:
    """The actor as the head of this very province."""
    if province.level != Level.PROVINCIAL or not standing_for(actor, at).holds("head", province.pk):
        raise NotTheProvincesHead()
    return acting_for(actor, province.code, province.name_zh)


def _check(
    delegator: Authority,
    to: Authority,
    category_key: str,
    valid_from: date,
    valid_to: date | None,
    today: date,
) -> None:
    if to.level != Level.PREFECTURE or to.parent_id != delegator.pk:
        raise NotBelowYou("to")
    if valid_from < today or (valid_to is not None and valid_to <= valid_from):
        raise DelegationDatesWrong("valid_from" if valid_from < today else "valid_to")
    if category_key:
        version = category_on(category_key, valid_from)
        if version is None or version.authority_level == CategoryVersion.AuthorityLevel.NATIONAL:
            raise NationalProduct("category_key")


def _require_free(
    delegator: Authority, to: Authority, stage: str, category_key: str, start: date, end: date | None
) -> None:
    """The database holds this too; here it is said in words."""
    for row in Delegation.objects.filter(
        delegator=delegator, delegate=to, stage=stage, category_key=category_key
    ):
        if (row.valid_to is None or start < row.valid_to) and (end is None or row.valid_from < end):
            raise DelegationOverlaps("valid_from", span=f"{row.valid_from} – {row.valid_to or ''}")


def _open(
    public_id: UUID | str, actor: Actor, at: datetime, states: tuple[str, ...], expected_version: int | None
) -> tuple[Delegation, Actor]:
    row = Delegation.objects.select_for_update(of=("self",)).select_related("delegator", "delegate").get(
        public_id=public_id
    )  # fmt: skip
    actor = _require_head(row.delegator, actor, at)
    if expected_version not in (None, version_of(row)):
        raise DelegationMoved()
    if state_on(row, shanghai_date(at)) not in states:
        raise DelegationStateWrong()
    return row, actor


def _settle(row: Delegation, choices: Mapping[str, str], reason: str, actor: Actor, at: datetime) -> None:
    """Every open case by explicit choice; what was filed since the page was drawn is asked for too."""
    if not reason.strip():
        raise DelegationReasonMissing("reason")
    cases = cases_under(row).order_by(*LOCK_ORDER)
    waiting = [str(key) for key in cases.values_list("public_id", flat=True)]
    if any(choices.get(key) not in (KEEP, MOVE) for key in waiting):
        raise ChoiceMissing("choices")
    for key in waiting:
        if choices[key] == MOVE:
            _take_back(row, locked_case(key), actor, at)


def _take_back(row: Delegation, application: Application, actor: Actor, at: datetime) -> None:
    """The province does this stage of the case itself from now on; a reviewer of the delegate's gives it back."""
    setattr(application, f"{row.stage}_authority", row.delegator)
    if row.stage == Stage.REVIEW:
        application.hand_to(None)
    if row.stage == Stage.APPROVAL:
        drop_held(application, "take_back", at)
    application.version += 1
    application.save()
    record(
        act="licensing.take_back", subject=subject_of(application), actor=actor, effective_at=at,
        legal_basis=(ENTRUSTED,),
        public={"stage": row.stage, "from": row.delegate.code, "to": row.delegator.code},
    )  # fmt: skip
    emit(type="licensing.take_back", subject=Subject(CASE, str(application.public_id), application.version))


def _changed(row: Delegation, act: str, reason: str, actor: Actor, at: datetime) -> Delegation:
    row.save()
    kept = DelegationFile.objects.select_for_update().get(delegation=row)
    kept.version += 1
    kept.save(update_fields=["version"])
    _write(
        row,
        kept.version,
        act,
        actor,
        at,
        public=_facts(row),
        personal={"reason": reason.strip()} if reason else {},
    )
    return row


def _facts(row: Delegation) -> dict[str, Any]:
    return {
        "delegator": row.delegator.code, "delegate": row.delegate.code, "stage": row.stage,
        "category": row.category_key,
        "from": str(row.valid_from), "to": str(row.valid_to or ""), "suspended": str(row.suspended_on or ""),
        "basis": f"{row.basis_instrument} {row.basis_article}",
    }  # fmt: skip


def _write(
    row: Delegation, version: int, act: str, actor: Actor, at: datetime, *, public: dict[str, Any],
    personal: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    subject = Subject(SUBJECT, str(row.public_id), version)
    record(
        act=f"licensing.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=(ENTRUSTED,), public=public,
        personal=personal or {},
    )  # fmt: skip
    emit(type=f"licensing.{act}", subject=subject)
