"""Record and lift a bar on applying; its length follows from its cause (L1 arts. 78–79, L2 art. 55; DOMAIN §3.4)."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.files.actions import store
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, NotAllowed
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import HeldDuty, standing_for
from core.parties.jurisdiction import XINJIANG, XPCC
from core.parties.models import Duty, Enterprise, Level
from core.workdays.rules import add_months
from licensing.actions.act import person_of
from licensing.actions.turns import in_turn
from licensing.models import Application, Bar
from licensing.profile import PROFILE
from licensing.queries.bars import CLAUSES

SUBJECT = "licensing.bar"


class NotYourBar(NotAllowed):
    code = "licensing.not_your_bar"
    message = _("只有作出决定的机关的审批人员可以登记或者解除")


class BarAhead(Invalid):
    code = "licensing.bar_ahead"
    message = _("决定日期不能晚于今天")


class BarredAlready(Conflict):
    code = "licensing.barred_already"
    message = _("同一企业、同一产品类别、同一事由的期限已经登记")


class BarLifted(Conflict):
    code = "licensing.bar_lifted"
    message = _("这项限制已经解除")


def bar_subject(bar: Bar, version: int) -> Subject:
    return Subject(SUBJECT, str(bar.public_id), version)


@transaction.atomic
def record_bar(
    *,
    enterprise: Enterprise,
    category: ProductCategory,
    cause: str,
    decided_on: date,
    instrument: str,
    document: File | bytes,
    filename: str,
    actor: Actor,
    at: datetime,
) -> Bar:
    """Record a bar from the day of the decision it follows from; its end is computed (K17).

    By the authority whose licences the enterprise applies for: what a bar follows from (撤销, 吊销) is decided by the
    issuing authority and never delegated (DOMAIN §8). Raises NotYourBar, BarAhead on `decided_on`, BarredAlready, and
    the errors of core.files on `document`.
    """
    duty = _require(actor, at, lambda held: issues_to(held, enterprise))
    if decided_on > shanghai_date(at):
        raise BarAhead("decided_on")
    in_turn(enterprise.pk)  # a grant under way goes first
    bar = Bar(
        enterprise=enterprise, category=category, cause=Bar.Cause(cause), valid_from=decided_on,
        valid_to=add_months(decided_on, 12 * PROFILE.bar_years[cause]), authority_id=duty.authority_id,
        instrument=instrument, recorded_by=person_of(actor), recorded_at=at,
    )  # fmt: skip
    subject = bar_subject(bar, 1)
    bar.document = store(
        content=document, filename=filename, owner=subject, slot="document", actor=actor, at=at
    )
    _save_new(bar)
    record(
        act="licensing.bar_recorded", subject=subject, actor=actor, effective_at=at,
        legal_basis=(CLAUSES[Bar.Cause(cause)],),
        public={"cause": cause, "from": str(bar.valid_from), "to": str(bar.valid_to)},
        internal={"enterprise": str(enterprise.public_id), "category": category.key, "instrument": instrument},
    )  # fmt: skip
    emit(type="licensing.bar_recorded", subject=subject)
    return bar


def _save_new(bar: Bar) -> None:
    """The database allows one bar per enterprise, category, cause and day. Raises BarredAlready."""
    try:
        with transaction.atomic():
            bar.save()
    except IntegrityError as error:
        raise BarredAlready() from error


@transaction.atomic
def lift_bar(*, public_id: UUID | str, reason: str, actor: Actor, at: datetime) -> Bar:
    """Lift a bar before its end, by the authority that recorded it, with a reason. Raises NotYourBar, BarLifted."""
    bar = Bar.objects.select_for_update(of=("self",)).get(public_id=public_id)
    _require(actor, at, lambda held: held.authority_id == bar.authority_id)
    if bar.lifted_on is not None:
        raise BarLifted()
    bar.lifted_on, bar.lifted_reason = shanghai_date(at), reason.strip()
    bar.save()
    subject = bar_subject(bar, 2)
    record(
        act="licensing.bar_lifted", subject=subject, actor=actor, effective_at=at,
        legal_basis=(CLAUSES[Bar.Cause(bar.cause)],), personal={"reason": bar.lifted_reason},
    )  # fmt: skip
    emit(type="licensing.bar_lifted", subject=subject)
    return bar


def issues_to(duty: HeldDuty, enterprise: Enterprise) -> bool:
    """Whether the authority of a duty decides on this enterprise's licences: the nation, the province of its address
    (or the Corps in Xinjiang), and a province that has decided a case of it before it moved. Never a delegate."""
    if duty.level == Level.NATIONAL:
        return True
    division = enterprise.registered_division
    own = duty.authority_code == f"{division[:2]}0000" or (
        duty.authority_code == XPCC and division.startswith(XINJIANG)
    )
    cases = Application.objects.filter(enterprise=enterprise, deciding_authority_id=duty.authority_id)
    return duty.level == Level.PROVINCIAL and (own or cases.exists())


def _require(actor: Actor, at: datetime, fits: Callable[[HeldDuty], bool]) -> HeldDuty:
    """The approval duty the actor acts under. Raises NotYourBar."""
    duties = [d for d in standing_for(actor, at).duties if d.kind == Duty.Kind.APPROVAL]
    held = next((d for d in duties if fits(d)), None)
    if held is None:
        raise NotYourBar()
    return held
