"""Standing orders: an approver of the issuing authority signs one, and any approver there revokes it at once (R-85)."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Authority, Level
from core.workdays.rules import add_months
from licensing.actions.act import acting_for, person_of
from licensing.exemptions import RULES_VERSION
from licensing.models import StandingOrder
from licensing.policy import profile_on

ORDER = "licensing.standing_order"
BASIS = (Clause("SEED", "四(一)"), Clause("L1", "第三十八条第一款"), Clause("DESIGN", "常设审批令"))
LONGEST_MONTHS = 12
"""An order is signed anew every year."""


class NotYourOrder(NotAllowed):
    code = "licensing.not_your_order"
    message = _("只有发证机关负责审批的人可以签署、撤销常设审批令；受委托机关不能")


class OrderDates(Invalid):
    code = "licensing.order_dates"
    message = _("生效日不能早于今天，截止日须在生效日之后，最长 %(months)s 个月")


class OrderShare(Invalid):
    code = "licensing.order_share"
    message = _("抽查比例须是 1 至 100 之间的整数")


class OrderThere(Conflict):
    code = "licensing.order_there"
    message = _("这一期间、这一范围已有一份常设审批令")


class OrderRevoked(Conflict):
    code = "licensing.order_revoked"
    message = _("这份常设审批令已经撤销")


class RevocationReasons(Invalid):
    code = "licensing.revocation_reasons"
    message = _("请写明撤销的理由")


@transaction.atomic
def sign_order(
    *,
    authority: Authority,
    category: ProductCategory | None,
    valid_from: date,
    valid_to: date,
    sampling_percent: int,
    actor: Actor,
    at: datetime,
) -> StandingOrder:
    """Order that exempt renewals meeting every guard are granted in the authority's name, on the rules of today.

    `valid_to` is the first day it no longer holds. Raises NotYourOrder, OrderDates, OrderShare or OrderThere.
    """
    acting = _approver(authority, actor, at)
    today = shanghai_date(at)
    if not today <= valid_from < valid_to <= add_months(valid_from, LONGEST_MONTHS):
        raise OrderDates("valid_to" if today <= valid_from else "valid_from", months=LONGEST_MONTHS)
    if not 1 <= sampling_percent <= 100:
        raise OrderShare("sampling_percent")
    Authority.objects.select_for_update(of=("self",), no_key=True).get(pk=authority.pk)
    row = StandingOrder(
        authority=authority, category=category, number=_number(authority, today),
        profile=profile_on(today, authority.pk).code, rules_version=RULES_VERSION, valid_from=valid_from,
        valid_to=valid_to, legal_basis=[clause.as_json() for clause in BASIS], sampling_percent=sampling_percent,
        signed_by=person_of(actor), signed_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise OrderThere("valid_from") from error
    _write(row, "order_signed", acting, at)
    return row


def _number(authority: Authority, today: date) -> str:
    """The next number of this authority and year; whoever calls holds the authority's row."""
    count = StandingOrder.objects.filter(authority=authority, number__contains=f"-{today.year}-").count()
    return f"SO-{authority.code}-{today.year}-{count + 1:03d}"


@transaction.atomic
def revoke_order(*, public_id: UUID | str, reasons: str, actor: Actor, at: datetime) -> StandingOrder:
    """Revoke an order, from this instant: what it has granted stands, the next case waits for a person.

    Waits for a decision that is being made under it at this moment. Raises NotYourOrder, OrderRevoked or
    RevocationReasons.
    """
    row = (
        StandingOrder.objects.select_for_update(of=("self",))
        .select_related("authority")
        .get(public_id=public_id)
    )
    acting = _approver(row.authority, actor, at)
    if row.revoked_at is not None:
        raise OrderRevoked()
    if not reasons.strip():
        raise RevocationReasons("reasons")
    row.revoked_at, row.revoked_because, row.revoked_by = at, reasons.strip(), person_of(actor)
    row.version += 1
    row.save()
    _write(row, "order_revoked", acting, at)
    return row


def _approver(authority: Authority, actor: Actor, at: datetime) -> Actor:
    """An approver of the issuing authority itself. Raises NotYourOrder."""
    issuing = authority.level in (Level.NATIONAL, Level.PROVINCIAL)
    if not issuing or not standing_for(actor, at).holds("approval", authority.pk):
        raise NotYourOrder()
    return acting_for(actor, authority.code, authority.name_zh)


def _write(row: StandingOrder, act: str, actor: Actor, at: datetime) -> None:
    subject = Subject(ORDER, row.number, row.version)
    record(
        act=f"licensing.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=BASIS,
        public={
            "authority": row.authority.code, "category": row.category.key if row.category else "",
            "valid_from": str(row.valid_from), "valid_to": str(row.valid_to), "rules_version": row.rules_version,
            "profile": row.profile, "sampling_percent": row.sampling_percent,
        },
        internal={"because": row.revoked_because} if row.revoked_because else {},
    )  # fmt: skip
    emit(type=f"licensing.{act}", subject=subject)
